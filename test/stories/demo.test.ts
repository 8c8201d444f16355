// `npm run demo -- --once` as a newcomer runs it: a child process, its answer, and what it leaves behind.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

const program = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));

const summaryShape = z.strictObject({
  ok: z.boolean(),
  steps: z.array(z.strictObject({ name: z.string().min(1), ms: z.number().nonnegative() })),
  pullRequests: z.array(
    z.strictObject({
      number: z.number(),
      url: z.url(),
      branch: z.string(),
      files: z.array(z.string()),
      merged: z.boolean(),
    }),
  ),
  problems: z.array(z.strictObject({ shortId: z.string(), stage: z.string(), sentryStatus: z.string() })),
});

type Demo = { child: ChildProcess; output: () => string; ended: Promise<number | null> };

describe('npm run demo', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'demo-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Its temporary folders lie in `folder`, so that what is left can be seen. */
  function start(args: readonly string[]): Demo & { answer: () => string } {
    const child = spawn(process.execPath, [program, ...args], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let answer = '';
    let told = '';
    child.stdout?.on('data', (chunk: Buffer) => (answer += chunk.toString('utf8')));
    child.stderr?.on('data', (chunk: Buffer) => (told += chunk.toString('utf8')));
    const ended = once(child, 'close').then(() => child.exitCode);
    return { child, answer: () => answer, output: () => answer + told, ended };
  }

  it('plays the story to its end and says it as JSON', async () => {
    const demo = start(['--once', '--json']);
    const status = await demo.ended;
    expect(status, demo.output()).toBe(0);
    const summary = summaryShape.parse(JSON.parse(demo.answer()));
    expect(summary.ok).toBe(true);
    expect(summary.problems).toEqual([
      { shortId: 'SHOP-1', stage: 'resolved', sentryStatus: 'resolved' },
      { shortId: 'SHOP-2', stage: 'resolved', sentryStatus: 'resolved' },
      { shortId: 'SHOP-3', stage: 'refused', sentryStatus: 'unresolved' },
    ]);
    expect(summary.pullRequests.map(({ files, merged }) => ({ files, merged }))).toEqual([
      { files: ['src/catalogue.ts'], merged: true },
      { files: ['src/sessions.ts'], merged: true },
    ]);
    expect(summary.steps.map(({ name }) => name)).toContain('SHOP-2 merge');
    expect(readdirSync(folder)).toEqual([]);
    expect(leftRunning(demo.child, folder)).toEqual([]);
  }, 240_000);

  it('ends everything when it is asked to stop in the middle', async () => {
    const demo = start(['--once']);
    await said(demo, 'SHOP-1  mia ticked the box');
    demo.child.kill('SIGINT');
    expect(await demo.ended, demo.output()).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
    expect(leftRunning(demo.child, folder)).toEqual([]);
  }, 120_000);

  it.each([[['--onse']], [['--json']], [['now']]])(
    'refuses %j as wrong use',
    async (args) => {
      const demo = start(args);
      expect(await demo.ended).toBe(2);
      expect(demo.output()).toContain('Usage:');
      expect(demo.answer()).toBe('');
    },
    60_000,
  );
});

async function said(demo: Demo, text: string): Promise<void> {
  while (!demo.output().includes(text)) {
    if (demo.child.exitCode !== null) throw new Error(`the demo ended before "${text}":\n${demo.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Processes of the demo's session, or at work in its folder, as Linux lists them; nowhere else can it be seen. */
function leftRunning(demo: ChildProcess, folder: string): string[] {
  if (process.platform !== 'linux') return [];
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.flatMap((id) => {
    try {
      const command = readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
      const [state, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ours = Number(session) === demo.pid || command.includes(folder);
      const there = ours || readlinkSync(`/proc/${id}/cwd`).startsWith(folder);
      return there && state !== 'Z' ? [command] : [];
    } catch {
      // It ended while we looked, or is another user's.
      return [];
    }
  });
}
