// The in-memory store keeps what the real ones keep.

import { jobNames, queues } from '../../../src/store/queues.ts';
import { runJob } from '../../../src/store/running.ts';
import type { JobHandlers, JobName } from '../../../src/ports.ts';
import { storeContract, type ContractStore } from '../../rooms/store.contract.ts';
import { quietLog, systemClock } from '../../rooms/store-world.ts';
import { newDatabase, type Database } from './database.ts';
import { nextJob, settleJob, takeJob } from './queue.ts';
import { memoryStore, openGate } from './store.ts';

storeContract('memory', async () => {
  const database = newDatabase();
  const opened: ContractStore[] = [];
  return {
    shared: true,
    open: async () => {
      const store = workingStore(database);
      opened.push(store);
      return store;
    },
    end: async () => {
      await Promise.all(opened.map((store) => store.close()));
    },
  };
});

function workingStore(database: Database): ContractStore {
  const timers: NodeJS.Timeout[] = [];
  const start = (name: JobName, handlers: JobHandlers): void => {
    if (database.open) return;
    const row = nextJob(database.tables, name, systemClock.now());
    if (!row) return;
    const job = takeJob(database.tables, row, 'one');
    const { signal } = new AbortController();
    const needs = { log: quietLog, clock: systemClock };
    void runJob(needs, { name, job, handler: handlers[name], signal }).then((outcome) =>
      settleJob({ database, tables: database.open ?? database.tables, now: systemClock.now() }, job, outcome),
    );
  };
  return {
    ...memoryStore(database, systemClock, openGate),
    work: async (handlers) => {
      const turn = (): void => {
        for (const name of jobNames)
          for (let worker = 0; worker < queues[name].workers; worker += 1) start(name, handlers);
      };
      timers.push(setInterval(turn, 2));
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
