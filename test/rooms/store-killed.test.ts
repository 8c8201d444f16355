// A Suture that is killed (SIGKILL) in the middle of its work, and the one that is started after it.

import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../src/ports.ts';
import { openStore } from '../../src/store/open-store.ts';
import { findPostgres, startPostgres } from '../world/postgres.ts';
import { listening } from './store.contract.ts';
import { type StoreFolders, quietLog, storeFolders, systemClock } from './store-world.ts';

type Child = { lines: string[]; send(jobs: Job[]): void; kill(): Promise<void> };

let folders: StoreFolders;
let dataDir: string;
let child: ChildProcess | null = null;

beforeAll(async () => {
  folders = await storeFolders();
});

beforeEach(() => {
  dataDir = folders.fresh();
});

afterEach(() => {
  child?.kill('SIGKILL');
});

afterAll(() => {
  folders.remove();
});

function startChild(databaseUrl: string): Child {
  const program = path.join(import.meta.dirname, 'store-child.ts');
  const started = spawn(process.execPath, [program, dataDir, databaseUrl], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child = started;
  const lines: string[] = [];
  createInterface({ input: started.stdout }).on('line', (line) => lines.push(line));
  return {
    lines,
    send: (jobs) => void started.stdin.write(`${JSON.stringify(jobs)}\n`),
    kill: async () => {
      const ended = new Promise((resolve) => {
        started.once('exit', resolve);
      });
      started.kill('SIGKILL');
      await ended;
    },
  };
}

const patient = { timeout: 28_000, interval: 20 };

/** Kills a process with one job done, one running, one waiting behind it and one that waits for its time. */
async function killAndStartAgain(databaseUrl: string): Promise<void> {
  const first = startChild(databaseUrl);
  await expect.poll(() => first.lines, patient).toContain('works');
  first.send([{ name: 'settle', data: { fixId: 'done' }, id: 'once', key: 'done' }]);
  await expect.poll(() => first.lines, patient).toContain('runs done');
  first.send([{ name: 'fix', data: { fixId: 'hang' }, key: 'hang', group: 'repo' }]);
  await expect.poll(() => first.lines, patient).toContain('runs hang');
  first.send([
    { name: 'fix', data: { fixId: 'behind' }, group: 'repo' },
    { name: 'settle', data: { fixId: 'in an hour' }, afterMs: 3_600_000 },
  ]);
  await expect.poll(() => first.lines.filter((line) => line === 'stored').length, patient).toBe(3);
  await first.kill();

  const { heard, handlers } = listening();
  const store = await openStore({
    dataDir,
    databaseUrl: databaseUrl || null,
    log: quietLog,
    clock: systemClock,
  });
  try {
    await store.work(handlers);
    await store.send([{ name: 'settle', data: { fixId: 'done' }, id: 'once', key: 'done' }]);
    await expect.poll(() => heard.length, patient).toBe(2);
    expect(heard.map(({ data, run }) => [data, run.attempt])).toEqual([
      [{ fixId: 'hang' }, 2],
      [{ fixId: 'behind' }, 1],
    ]);
    await expect
      .poll(() => store.counts(), patient)
      .toMatchObject({
        fix: { waiting: 0, running: 0, failed: 0 },
        settle: { waiting: 1, running: 0, failed: 0 },
      });
  } finally {
    await store.close();
  }
}

describe('a killed process loses nothing and repeats nothing that was done', () => {
  it('on PGlite: the next process goes on at once', async () => {
    await killAndStartAgain('');
  });

  const found = findPostgres();
  it.skipIf(found.bin === null)(
    `on Postgres: when its signs of life have stopped${found.bin === null ? ` (skipped: ${found.why})` : ''}`,
    async () => {
      const postgres = await startPostgres();
      try {
        await killAndStartAgain(await postgres.createDatabase());
      } finally {
        await postgres.stop();
      }
    },
    40_000,
  );

  it('lets nobody else into the folder while it lives, and anybody after', async () => {
    const first = startChild('');
    await expect.poll(() => first.lines, patient).toContain('works');
    const second = openStore({ dataDir, databaseUrl: null, log: quietLog, clock: systemClock });
    await expect(second).rejects.toThrow(`Another Suture (pid ${child?.pid}) uses DATA_DIR ${dataDir}`);
    await first.kill();
    const third = await openStore({ dataDir, databaseUrl: null, log: quietLog, clock: systemClock });
    await third.close();
  });
});
