// Starts Suture itself as a real process (src/main.ts) against the stand-ins, and ends or kills it.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** Many tests start many processes: what Node has compiled once is kept, which halves the work of a start. */
const compiled = fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url));

export type RunningSuture = {
  url: string;
  /** Every log line so far. */
  log(): readonly Record<string, unknown>[];
  /** All it wrote, as written. */
  output(): string;
  /** False once the process has ended, for whatever reason. */
  isRunning(): boolean;
  /** SIGTERM; resolves with the exit code when it has ended. */
  stop(): Promise<number | null>;
  /** SIGKILL: nothing gets a chance to be put in order. */
  kill(): Promise<void>;
};

const listening = z.object({ msg: z.literal('Suture listens'), url: z.string() });

/** Throws with what it wrote when it ends before it listens. */
export async function startSuture(env: Readonly<Record<string, string>>): Promise<RunningSuture> {
  const child = spawn(process.execPath, [program, 'serve'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...machine(), NODE_COMPILE_CACHE: compiled, ...env },
  });
  const exited = once(child, 'exit');
  const lines: string[] = [];
  const errors = readErrors(child, lines);
  const started = Promise.withResolvers<string>();
  createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => {
    lines.push(line);
    const found = listening.safeParse(jsonOf(line));
    if (found.success) started.resolve(found.data.url);
  });
  void exited
    .then(() => errors)
    .then(() => started.reject(new Error(`Suture did not start:\n${lines.join('\n')}`)));
  const url = await started.promise;
  return {
    url,
    log: () => lines.map(jsonOf).filter((line) => line !== null),
    output: () => lines.join('\n'),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** What any operator's service has: programs, a home, and this machine's way to the npm registry. */
function machine(): NodeJS.ProcessEnv {
  const wanted =
    /^(?:PATH|HOME|npm_config_(?:cache|cafile|registry)|https?_proxy|no_proxy|node_extra_ca_certs)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => wanted.test(name)));
}

async function readErrors(child: ChildProcess, lines: string[]): Promise<void> {
  for await (const line of createInterface({ input: child.stderr ?? process.stdin })) lines.push(line);
}

function jsonOf(line: string): Record<string, unknown> | null {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(line));
  } catch {
    return null;
  }
}
