// The words of running a program: what it gets, and what came of it.
// It must not start one.

import type { Readable, Writable } from 'node:stream';

export type RunOptions = {
  /** Absolute folder to run in. */
  cwd: string;
  /** All the program gets, except PATH and LANG, which are ours unless named here. */
  env: Readonly<Record<string, string>>;
  /** Written to standard input; without it standard input is closed. */
  input?: string | Uint8Array;
  timeoutMs: number;
  /** The most bytes kept of each stream, half from its head and half from its tail. Default 1 MiB. */
  maxOutputBytes?: number;
  signal?: AbortSignal;
  /** Replaced in everything returned or thrown. */
  secrets?: readonly string[];
  /** How long the program may take to end by itself when told to. Default 2 s. */
  graceMs?: number;
  /** Open files that it gets as descriptors 3, 4 and so on. */
  descriptors?: readonly number[];
};

export type RunResult = {
  /** For people, censored. */
  command: string;
  /** Null when a signal ended it. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** Both streams in the order they arrived. */
  output: string;
  timedOut: boolean;
  aborted: boolean;
  truncated: boolean;
  /** Why a sandbox ended it, a finished sentence: `It used more than 2048 MB of memory.` */
  exceeded?: string;
  ms: number;
};

/** A program under way, to talk with. */
export type Running = {
  stdin: Writable;
  stdout: Readable;
  /**
   * Resolves when it and everything it started have ended; `stdout` of the result is empty and `output` is what it
   * wrote to standard error. Rejects as `run` does.
   */
  ended: Promise<RunResult>;
  /** Ends it and everything it started; safe to call twice. */
  end(): Promise<void>;
};

/** A command as people would type it. */
export function shown(command: readonly string[]): string {
  return command
    .map((part) => (/^[\w@%+=:,./-]+$/.test(part) ? part : `'${part.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
