// Starts programs, and is the only file that does. Never through a shell, never with our environment.
// It must not know what the programs mean: rooms read the result.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Bug, Later } from './domain/failure.ts';
import { Capture } from './run/capture.ts';
import { censor } from './run/censor.ts';
import { missingProgram } from './run/missing-program.ts';

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
  ms: number;
};

type Ending = { exitCode: number | null; signal: NodeJS.Signals | null };

const mebibyte = 1024 * 1024;
/** Output that is still in the pipes when the program has ended gets this long to arrive. */
const drainMs = 500;

const stopping = new AbortController();

/** Ends every program under way and starts no other: this process is about to end. Their callers get Later. */
export function stopPrograms(): void {
  stopping.abort();
}

/**
 * Runs a program to its end. A failing exit status, a time-out and an abort are results. Throws
 * Refusal when the program is not there, Bug when it cannot be started for another reason. When it
 * ends, or is ended, everything it started in its process group is ended with it. Throws Later once
 * `stopPrograms` was called: half a result is no result.
 */
export async function run(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const started = performance.now();
  const captures = newCaptures(options.maxOutputBytes ?? mebibyte);
  const stop = { timedOut: false, aborted: stopping.signal.aborted || (options.signal?.aborted ?? false) };
  const ending = stop.aborted
    ? { exitCode: null, signal: null }
    : await execute([program, ...args], options, { captures, stop });
  if (stopping.signal.aborted) throw new Later(`Suture is stopping, so ${program} was ended.`, 1000);
  const secrets = options.secrets ?? [];
  const margin = Math.max(0, ...secrets.map((secret) => Buffer.byteLength(encodeURIComponent(secret))));
  const clean = (capture: Capture) => capture.text((text) => censor(text, secrets), margin);
  return {
    command: censor(shown([program, ...args]), secrets),
    ...ending,
    stdout: clean(captures.stdout),
    stderr: clean(captures.stderr),
    output: clean(captures.both),
    ...stop,
    truncated: captures.stdout.truncated || captures.stderr.truncated || captures.both.truncated,
    ms: Math.round(performance.now() - started),
  };
}

type Watch = {
  captures: { stdout: Capture; stderr: Capture; both: Capture };
  stop: { timedOut: boolean; aborted: boolean };
};

async function execute(
  [program = '', ...args]: readonly string[],
  options: RunOptions,
  watch: Watch,
): Promise<Ending> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: environment(options.env),
    detached: true,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  collect(child, watch.captures);
  // A program that ends without reading its input breaks the pipe; its exit status says enough.
  child.stdin?.on('error', () => child.stdin?.destroy());
  child.stdin?.end(options.input);
  const disarm = arm(child, options, watch.stop);
  try {
    return await ended(child);
  } catch (error) {
    throw startFailure(error, program, options);
  } finally {
    disarm();
    signalGroup(child, 'SIGKILL');
    for (const stream of child.stdio) stream?.destroy();
  }
}

/** Ends the group when time is up or the caller asks; returns how to call that off. */
function arm(child: ChildProcess, options: RunOptions, stop: Watch['stop']): () => void {
  let kill: NodeJS.Timeout | undefined;
  const end = (reason: keyof Watch['stop']) => {
    stop[reason] = true;
    signalGroup(child, 'SIGTERM');
    kill ??= setTimeout(() => signalGroup(child, 'SIGKILL'), options.graceMs ?? 2000);
  };
  const abort = () => end('aborted');
  const timer = setTimeout(() => end('timedOut'), options.timeoutMs);
  const signals = [stopping.signal, ...(options.signal ? [options.signal] : [])];
  for (const signal of signals) signal.addEventListener('abort', abort, { once: true });
  return () => {
    clearTimeout(timer);
    clearTimeout(kill);
    for (const signal of signals) signal.removeEventListener('abort', abort);
  };
}

/** Resolves when the streams have closed, or a little after the exit when something holds them open. */
function ended(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => {
      timer = setTimeout(() => resolve({ exitCode, signal }), drainMs);
    });
    child.once('close', (exitCode, signal) => {
      clearTimeout(timer);
      resolve({ exitCode, signal });
    });
  });
}

function collect(child: ChildProcess, captures: Watch['captures']): void {
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => {
      captures[name].push(chunk);
      captures.both.push(chunk);
    });
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: the whole group is gone already. EPERM: macOS says so for a group of zombies.
    if (!isErrno(error, 'ESRCH') && !isErrno(error, 'EPERM')) throw error;
  }
}

function environment(named: RunOptions['env']): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', LANG: process.env['LANG'] ?? 'C.UTF-8', ...named };
}

function newCaptures(maxBytes: number): Watch['captures'] {
  return { stdout: new Capture(maxBytes), stderr: new Capture(maxBytes), both: new Capture(maxBytes) };
}

function startFailure(error: unknown, program: string, options: RunOptions): Error {
  const reason = censor(error instanceof Error ? error.message : String(error), options.secrets ?? []);
  if (!existsSync(options.cwd))
    return new Bug(`The folder ${options.cwd} to run ${program} in does not exist.`);
  if (isErrno(error, 'ENOENT')) return missingProgram(program);
  return new Bug(`${program} could not be started: ${reason}`);
}

function shown(command: readonly string[]): string {
  return command
    .map((part) => (/^[\w@%+=:,./-]+$/.test(part) ? part : `'${part.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
