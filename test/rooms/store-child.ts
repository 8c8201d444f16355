// A process of its own for the tests that kill one: opens the store of its arguments, runs jobs, tells each step.
// `hang` never ends; everything else is told and done.

import type { JobHandlers } from '../../src/ports.ts';
import { openStore } from '../../src/store/open-store.ts';
import { quietLog, systemClock } from './store-world.ts';

const [dataDir = '', databaseUrl = ''] = process.argv.slice(2);
const store = await openStore({
  dataDir,
  databaseUrl: databaseUrl || null,
  log: quietLog,
  clock: systemClock,
});

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

const handler = async ({ fixId }: { fixId: string }): Promise<void> => {
  tell(`runs ${fixId}`);
  if (fixId === 'hang') await new Promise(() => undefined);
};
const nothing = async (): Promise<void> => undefined;
const handlers: JobHandlers = {
  'receive-delivery': nothing,
  fetch: nothing,
  'fetch-problem': nothing,
  refresh: nothing,
  'read-ticks': nothing,
  'read-comment': nothing,
  'read-confirmation': nothing,
  inspect: nothing,
  archive: nothing,
  'read-review': nothing,
  rework: nothing,
  fix: handler,
  settle: handler,
  watch: handler,
  'sum-up': nothing,
  reconcile: nothing,
  redeliver: nothing,
};
await store.work(handlers);
tell('works');

process.on('message', () => undefined);
process.stdin.on('data', (chunk: Buffer) => {
  for (const line of chunk.toString().trim().split('\n')) {
    void store.send(JSON.parse(line)).then(() => tell('stored'));
  }
});
