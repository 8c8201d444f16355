// Webhooks acknowledged: Suture (verified, durably stored in PGlite, worked on meanwhile) beside bare Probot with an
// empty handler (verified, forgotten). Each server and the load generator run in processes of their own.

import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { Row } from './main.ts';
import type { Load, Measured } from './webhooks/load.ts';

export const webhooks: Row = {
  name: 'webhooks',
  what: 'signed issues.edited deliveries of 16 kB; answer times in milliseconds',
  run: async () => {
    const suture = await measure('suture.ts');
    const probot = await measure('probot.ts');
    return table(suture, probot);
  },
};

const steady: Load = { kind: 'steady', perSecond: 200, seconds: 5 };
const burst: Load = { kind: 'burst', count: 5000, sockets: 250 };

type Result = { steady: Measured; burst: Measured; stored: number | null };

/** Starts the server in one process and the load in another; a warm-up and a rest come first, for both the same. */
async function measure(server: string): Promise<Result> {
  const target = start(server);
  const url = String(await said(target));
  const load = start('load.ts', url);
  await said(load);
  await ask(load, { kind: 'burst', count: 500, sockets: 20 });
  await new Promise((resolve) => {
    setTimeout(resolve, 1500);
  });
  const result = { steady: await ask(load, steady), burst: await ask(load, burst) };
  const stored = await ask(target, 'count');
  await Promise.all([stop(load), stop(target)]);
  return { ...(result as Omit<Result, 'stored'>), stored: typeof stored === 'number' ? stored : null };
}

function start(file: string, ...args: string[]): ChildProcess {
  return fork(path.join(import.meta.dirname, 'webhooks', file), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

function said(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${child.spawnfile} ended with ${code}.`)));
  });
}

async function ask(child: ChildProcess, question: Load | 'count'): Promise<unknown> {
  child.send(question);
  return said(child);
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  child.disconnect();
  await ended;
}

function table(suture: Result, probot: Result): string[][] {
  const line = (name: string, pick: (result: Result) => number): string[] => {
    const [ours, theirs] = [pick(suture), pick(probot)];
    return [name, ours.toFixed(1), theirs.toFixed(1), `${(ours / theirs).toFixed(2)}x`];
  };
  return [
    ['', 'Suture', 'bare Probot', 'ratio'],
    line(`steady ${steady.kind === 'steady' ? steady.perSecond : 0}/s: p50`, (result) => result.steady.p50),
    line('steady: p99', (result) => result.steady.p99),
    line('steady: slowest', (result) => result.steady.slowest),
    line('burst of 5000 on 250 sockets: p50', (result) => result.burst.p50),
    line('burst: p99', (result) => result.burst.p99),
    line('burst: slowest', (result) => result.burst.slowest),
    line('burst: all answered after', (result) => result.burst.tookMs),
    line('burst: acknowledged per second', (result) => (result.burst.answered * 1000) / result.burst.tookMs),
    ['refused or lost', String(failures(suture)), String(failures(probot)), ''],
    ['durably stored', String(suture.stored ?? 0), String(probot.stored ?? 0), ''],
  ];
}

function failures({ steady, burst }: Result): number {
  return steady.failed + burst.failed;
}
