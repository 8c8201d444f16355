// How a program that is not ours is kept apart: what it may read, write, reach and use up.
// It must not know what the programs mean, nor hold a secret.

import type { RunOptions, RunResult, Running } from './program.ts';

export type { Running };

export type Limits = {
  /** Of everything it started, together. */
  memoryMb: number;
  /** Threads count, too, where the kernel counts them. */
  processes: number;
  cpuSeconds: number;
  /** What it may add to its writable folders; the largest file, too. */
  diskMb: number;
};

/** What a confined program may touch. Every path is absolute. */
export type Confinement = {
  /** Folders it may write, beside its own temporary one. They must exist. A `.git` directly in one is out of reach. */
  writable: readonly string[];
  /**
   * Folders and files it may read, beside the system's programs and libraries. Missing ones are left out. Of a folder
   * within another, the inner one's rule holds.
   */
  readable: readonly string[];
  /** Files and folders that it finds empty and cannot change. Missing ones are left out. */
  masked: readonly string[];
  /** Unix sockets of ours that it reaches as a port of its own loopback (127.0.0.1); it has no other network. */
  forwards: readonly { port: number; socket: string }[];
  limits: Limits;
};

export type ConfinedOptions = RunOptions & { confine: Confinement };

/** Runs programs as `run` and `start` do, with the same errors, each confined. */
export interface Sandbox {
  /** `none`: with the rights of our own user; nothing of the confinement holds, and forwards are refused. */
  readonly kind: 'bubblewrap' | 'none';
  /** A program that went over a limit is ended; `exceeded` of the result says so. */
  run(program: string, args: readonly string[], options: ConfinedOptions): Promise<RunResult>;
  start(program: string, args: readonly string[], options: ConfinedOptions): Running;
}

/** Enough for the checks of a large project; more would be a mistake or an attack. */
export const usualLimits: Limits = { memoryMb: 4096, processes: 2048, cpuSeconds: 3600, diskMb: 4096 };
