// How a program that is not ours is kept apart: what it may read, write, reach and use up.
// It must not know what the programs mean, nor hold a secret.

import type { Readable, Writable } from 'node:stream';
import type { RunOptions, RunResult } from '../run.ts';

/** What a confined program may touch. Every path is absolute. */
export type Confinement = {
  /** Folders it may write, beside its own temporary one. */
  writable: readonly string[];
  /** Folders it may read, beside the system's programs and libraries. */
  readable: readonly string[];
  /** Files and folders that it finds empty. */
  masked: readonly string[];
  /** Unix sockets of ours that it reaches as a port of its own loopback; it has no other network. */
  forwards: readonly { port: number; socket: string }[];
  limits: { memoryMb: number; processes: number; cpuSeconds: number; diskMb: number };
};

/** A program under way, to talk with. */
export type Running = {
  stdin: Writable;
  stdout: Readable;
  /** Resolves when it and everything it started have ended; `stdout` of the result is empty. */
  ended: Promise<RunResult>;
  /** Ends it and everything it started; safe to call twice. */
  end(): Promise<void>;
};

export type ConfinedOptions = RunOptions & { confine: Confinement };

/** Runs programs as `run` does, with the same errors, each confined. */
export interface Sandbox {
  /** `none`: with the rights of our own user, because the operator said so. */
  readonly kind: 'bubblewrap' | 'none';
  run(program: string, args: readonly string[], options: ConfinedOptions): Promise<RunResult>;
  start(program: string, args: readonly string[], options: ConfinedOptions): Running;
}
