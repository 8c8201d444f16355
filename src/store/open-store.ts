// Joins database, rows and queue into the one store the program opens.
// It must not hold rules of its own: tables are in migrations.ts, queues in queues.ts.

import type { Clock, Job, JobHandlers, Log, Queue, Rows, Spendings, Store } from '../ports.ts';
import { workersOn } from './all-workers.ts';
import { type Database, type Sql, openServer, refuseInside } from './database.ts';
import { openFolder } from './folder.ts';
import { type GroupCommit, groupCommit } from './group-commit.ts';
import { migrate } from './migrations.ts';
import { spendingsOn } from './notes.ts';
import { heartbeatSeconds, jobNames, queues, rememberSeconds } from './queues.ts';
import { rowsOn } from './rows.ts';
import { type Prepared, insertJobs, prepare } from './sending.ts';
import { reclaim } from './settling.ts';
import { type QueueCounts, counts, ready } from './status.ts';

export type OpenStore = Store &
  Queue &
  Spendings & {
    /** Starts to run jobs; resolves when the loops are up. Call it once. */
    work(handlers: JobHandlers, options?: { pollMs?: number }): Promise<void>;
    /** Whether the database answers; `problem` is a finished sentence. Never throws. */
    ready(): Promise<{ ok: true } | { ok: false; problem: string }>;
    /** What a person should know of the database, in finished sentences: damage, and what was set aside. */
    notices(): string[];
    /** What lies in each queue now; `waiting` counts delayed jobs too. */
    counts(): Promise<QueueCounts>;
    /** Lets running jobs finish for `graceMs` (default 3,000), puts the others back, closes the database. Once is enough. */
    close(options?: { graceMs?: number }): Promise<void>;
  };

export type StoreSettings = {
  dataDir: string;
  /** `postgres://…`; null or empty: PGlite in `dataDir/db`. */
  databaseUrl: string | null;
  log: Log;
  clock: Clock;
};

/** Opens (and creates or migrates) the store. Throws Refusal with what to do: folder in use, newer, or beyond repair. */
export async function openStore(settings: StoreSettings): Promise<OpenStore> {
  const { databaseUrl, log } = settings;
  const database = databaseUrl ? await openServer(databaseUrl, log) : await openFolder(settings);
  try {
    await migrate(database);
    await createQueues(database);
    if (database.exclusive) await reclaim(database, true);
    return storeOn(database, settings);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function createQueues(database: Database): Promise<void> {
  const existing = new Set((await database.boss.getQueues()).map((queue) => queue.name));
  for (const name of jobNames) {
    const rule = queues[name];
    const options = {
      retryLimit: rule.retries,
      retryDelay: rule.backOff[0],
      retryBackoff: true,
      retryDelayMax: rule.backOff[1],
      // Only a backstop: the worker itself stops a run that takes too long.
      expireInSeconds: rule.expire + 60,
      deleteAfterSeconds: rememberSeconds,
      heartbeatSeconds,
    };
    if (existing.has(name)) await database.boss.updateQueue(name, options);
    else await database.boss.createQueue(name, { ...options, policy: rule.plain ? 'standard' : 'stately' });
  }
}

function storeOn(database: Database, { log, clock }: StoreSettings): OpenStore {
  const workers = workersOn(database, { log, clock });
  const doors: GroupCommit<Prepared[]> = groupCommit(200, (calls) => storeJobs(database, calls.flat()));

  async function send(jobs: readonly Job[]): Promise<void> {
    if (jobs.length === 0) return;
    refuseInside();
    const prepared = jobs.map((job) => prepare(job, clock));
    if (prepared.some((job) => job.keyed)) await storeJobs(database, prepared);
    else await doors.add(prepared);
    workers.wake(jobs);
  }

  let closing: Promise<void> | null = null;
  async function closeAll(graceMs: number): Promise<void> {
    await workers.close(graceMs);
    await doors.idle();
    await database.close();
  }

  const transaction = <T>(work: (sql: Sql) => Promise<T>): Promise<T> => database.transaction(work);
  return {
    ...rowsOn({ sql: database, transaction, send }),
    ...spendingsOn(database),
    transaction: async (work) => {
      const sent: Job[] = [];
      const result = await database.transaction((sql) => work(rowsInside({ database, sql, clock, sent })));
      workers.wake(sent);
      return result;
    },
    work: (handlers, options) =>
      workers.start({ handlers, yieldToDoors: () => doors.calm(3000), pollMs: options?.pollMs ?? 1000 }),
    ready: () => ready(database),
    notices: () => database.notices(),
    counts: () => counts(database),
    close: (options) => (closing ??= closeAll(options?.graceMs ?? 3000)),
  };
}

type Inside = { database: Database; sql: Sql; clock: Clock; sent: Job[] };

function rowsInside({ database, sql, clock, sent }: Inside): Rows {
  const send = async (jobs: readonly Job[]): Promise<void> => {
    await insertJobs(
      database,
      sql,
      jobs.map((job) => prepare(job, clock)),
    );
    sent.push(...jobs);
  };
  return rowsOn({ sql, transaction: (work) => work(sql), send });
}

async function storeJobs(database: Database, jobs: readonly Prepared[]): Promise<void> {
  // One statement is a transaction already.
  const single = jobs.every((job) => !job.keyed && job.name === jobs[0]?.name);
  if (single && database.exclusive) await insertJobs(database, database, jobs);
  else await database.transaction((sql) => insertJobs(database, sql, jobs));
}
