// The in-memory store keeps what the real ones keep.

import { queues } from '../../../src/store/queues.ts';
import { runJob, type Outcome, type Taken } from '../../../src/store/running.ts';
import type { JobHandlers, JobName } from '../../../src/ports.ts';
import { storeContract, type ContractStore } from '../../rooms/store.contract.ts';
import { quietLog, systemClock } from '../../rooms/store-world.ts';
import { newDatabase, untilFree, type Database, type JobRow } from './database.ts';
import { nextJobs, settleJob, takeJob } from './queue.ts';
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
  const running = new Map<JobName, number>();
  const finish = async (job: Taken, ran: Promise<Outcome>): Promise<void> => {
    const outcome = await ran;
    running.set(job.name as JobName, (running.get(job.name as JobName) ?? 0) - 1);
    await untilFree(database);
    settleJob({ database, tables: database.tables, now: systemClock.now() }, job, outcome);
  };
  const start = (row: JobRow, handlers: JobHandlers): void => {
    const { name } = row;
    const job = takeJob(database.tables, row, 'one');
    const { signal } = new AbortController();
    const needs = { log: quietLog, clock: systemClock };
    void finish(job, runJob(needs, { name, job, handler: handlers[name], signal }));
    running.set(name, (running.get(name) ?? 0) + 1);
  };
  return {
    ...memoryStore(database, systemClock, openGate),
    work: async (handlers) => {
      const startAll = (): boolean => {
        if (database.open) return false;
        const next = [...nextJobs(database.tables, systemClock.now()).values()];
        const free = next.filter((row) => (running.get(row.name) ?? 0) < queues[row.name].workers);
        for (const row of free) start(row, handlers);
        return free.length > 0;
      };
      const turn = (): void => {
        while (startAll());
      };
      timers.push(setInterval(turn, 2));
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
