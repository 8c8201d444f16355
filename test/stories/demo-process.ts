// Runs the demo as a newcomer does, as a child process, and sees what it leaves behind.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));

export type DemoProcess = {
  /** What it wrote to standard output. */
  answer(): string;
  /** All it wrote. */
  output(): string;
  /** Resolves when it has said that; throws when it ends before. Gives the match. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  interrupt(): void;
  /** The exit status, once it has ended and its output is read. */
  ended: Promise<number | null>;
  /** Temporary folders and processes of it that are still there. */
  leftovers(): string[];
  /** Ends it when it has not ended yet, and removes its folder. */
  close(): Promise<void>;
};

/** Its temporary folders lie in one folder, so that what is left can be seen. */
export function startDemo(args: readonly string[]): DemoProcess {
  const folder = mkdtempSync(path.join(tmpdir(), 'demo-test-'));
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let answer = '';
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => (answer += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString('utf8')));
  const ended = once(child, 'close').then(() => child.exitCode);
  const output = (): string => answer + told;
  return {
    answer: () => answer,
    output,
    said: async (pattern) => {
      for (;;) {
        const found = pattern.exec(output());
        if (found) return found;
        if (child.exitCode !== null) throw new Error(`the demo ended before ${pattern}:\n${output()}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    interrupt: () => child.kill('SIGINT'),
    ended,
    leftovers: () => [...readdirSync(folder), ...leftRunning(child.pid ?? 0, folder)],
    close: async () => {
      if (child.exitCode === null) child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Processes of that session, or at work in that folder, as Linux lists them; nowhere else can it be seen. */
function leftRunning(session: number, folder: string): string[] {
  if (process.platform !== 'linux') return [];
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.flatMap((id) => {
    try {
      const command = readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
      const [state, , , its] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ours = Number(its) === session || command.includes(folder);
      const there = ours || readlinkSync(`/proc/${id}/cwd`).startsWith(folder);
      return there && state !== 'Z' ? [command] : [];
    } catch {
      // It ended while we looked, or is another user's.
      return [];
    }
  });
}
