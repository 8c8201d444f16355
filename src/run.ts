// Starts programs, and is the only file that does. Never through a shell, never with our environment or open files.
// It must not know what the programs mean: rooms read the result.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Duplex } from 'node:stream';
import { Bug, Later } from './domain/failure.ts';
import { Capture } from './run/capture.ts';
import { censor } from './run/censor.ts';
import { descriptorsFor } from './run/inherited.ts';
import { missingProgram } from './run/missing-program.ts';
import { shown, type RunOptions, type RunResult, type Running } from './run/program.ts';

export type { RunOptions, RunResult, Running };

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
  const launched = launch([program, ...args], options, options.input === undefined ? 'ignore' : 'pipe');
  if (launched.child) {
    collect(launched.child, 'stdout', launched.captures);
    // A program that ends without reading its input breaks the pipe; its exit status says enough.
    launched.child.stdin?.on('error', () => launched.child?.stdin?.destroy());
    launched.child.stdin?.end(options.input);
  }
  return launched.result;
}

/**
 * Starts a program to talk with, under the same rules. Its standard error is kept for the result; what is not
 * read of `stdout` holds it up. Whatever goes wrong at the start rejects `ended`.
 */
export function start(program: string, args: readonly string[], options: RunOptions): Running {
  const own = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, own.signal]) : own.signal;
  const launched = launch([program, ...args], { ...options, signal }, 'pipe');
  // Those who end it need not look at the result as well.
  const settled = launched.result.then(
    () => undefined,
    () => undefined,
  );
  const { stdin, stdout } = launched.child ?? {};
  // A program that ended while it was written to: its result says so.
  stdin?.on('error', () => stdin.destroy());
  return {
    stdin: stdin ?? closedStream(),
    stdout: stdout ?? closedStream(),
    ended: launched.result,
    end: () => {
      own.abort();
      return settled;
    },
  };
}

type Launched = { child: ChildProcess | null; captures: Watch['captures']; result: Promise<RunResult> };

function launch(command: readonly string[], options: RunOptions, input: 'pipe' | 'ignore'): Launched {
  const started = performance.now();
  const captures = newCaptures(options.maxOutputBytes ?? mebibyte);
  const stop = { timedOut: false, aborted: stopping.signal.aborted || (options.signal?.aborted ?? false) };
  const child = stop.aborted ? null : spawnChild(command, options, input);
  if (child) collect(child, 'stderr', captures);
  const ending = child
    ? follow(child, command, { options, stop })
    : Promise.resolve({ exitCode: null, signal: null });
  const result = ending.then((ending) => resultOf(command, ending, { options, captures, stop, started }));
  return { child, captures, result };
}

type Watch = {
  captures: { stdout: Capture; stderr: Capture; both: Capture };
  stop: { timedOut: boolean; aborted: boolean };
};

function resultOf(
  command: readonly string[],
  ending: Ending,
  { options, captures, stop, started }: Watch & { options: RunOptions; started: number },
): RunResult {
  if (stopping.signal.aborted) throw new Later(`Suture is stopping, so ${command[0]} was ended.`, 1000);
  const secrets = options.secrets ?? [];
  const margin = Math.max(0, ...secrets.map((secret) => Buffer.byteLength(encodeURIComponent(secret))));
  const clean = (capture: Capture) => capture.text((text) => censor(text, secrets), margin);
  return {
    command: censor(shown(command), secrets),
    ...ending,
    stdout: clean(captures.stdout),
    stderr: clean(captures.stderr),
    output: clean(captures.both),
    ...stop,
    truncated: captures.stdout.truncated || captures.stderr.truncated || captures.both.truncated,
    ms: Math.round(performance.now() - started),
  };
}

function spawnChild(
  [program = '', ...args]: readonly string[],
  options: RunOptions,
  input: 'pipe' | 'ignore',
): ChildProcess {
  const descriptors = descriptorsFor(options.descriptors ?? []);
  try {
    return spawn(program, args, {
      cwd: options.cwd,
      env: programEnvironment(options.env),
      detached: true,
      stdio: [input, 'pipe', 'pipe', ...descriptors.stdio],
      windowsHide: true,
    });
  } finally {
    descriptors.close();
  }
}

async function follow(
  child: ChildProcess,
  [program = '']: readonly string[],
  { options, stop }: { options: RunOptions; stop: Watch['stop'] },
): Promise<Ending> {
  const disarm = arm(child, options, stop);
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

function collect(child: ChildProcess, name: 'stdout' | 'stderr', captures: Watch['captures']): void {
  child[name]?.on('data', (chunk: Buffer) => {
    captures[name].push(chunk);
    captures.both.push(chunk);
  });
}

/** Nothing to read, and nobody who reads: for a program that was never started. */
function closedStream(): Duplex {
  const stream = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  stream.push(null);
  return stream;
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

/** What a program gets that is given this. */
export function programEnvironment(named: RunOptions['env']): Record<string, string> {
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

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
