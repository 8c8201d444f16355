// Joins database, rows and queue into the one store the program opens.
// It must not hold rules of its own: tables are in migrations.ts, queues in queues.ts.

import { z } from 'zod';
import { Bug } from '../domain/failure.ts';
import type { Clock, Job, JobHandlers, JobName, Log, Queue, Rows, Store } from '../ports.ts';
import { type Database, type Sql, openFolder, openServer, queueSchema } from './database.ts';
import { type GroupCommit, groupCommit } from './group-commit.ts';
import { migrate } from './migrations.ts';
import {
  heartbeatEveryMs,
  heartbeatSeconds,
  jobNames,
  queues,
  rememberSeconds,
  wakeChannel,
} from './queues.ts';
import { rowsOn } from './rows.ts';
import { type Prepared, insertJobs, prepare } from './sending.ts';
import { reclaim } from './settling.ts';
import { type Line, openLine } from './workers.ts';

export type QueueCounts = { [N in JobName]: { waiting: number; running: number; failed: number } };

export type OpenStore = Store &
  Queue & {
    /** Starts to run jobs; resolves when the loops are up. Call it once. */
    work(handlers: JobHandlers, options?: { pollMs?: number }): Promise<void>;
    /** Whether the database answers; `problem` is a finished sentence. Never throws. */
    ready(): Promise<{ ok: true } | { ok: false; problem: string }>;
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

/** Opens (and creates or migrates) the store. Throws Refusal with what to do: folder in use, damaged, or newer. */
export async function openStore(settings: StoreSettings): Promise<OpenStore> {
  const { dataDir, databaseUrl, log } = settings;
  const database = databaseUrl ? await openServer(databaseUrl, log) : await openFolder(dataDir, log);
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
    transaction: async (work) => {
      const sent: Job[] = [];
      const result = await database.transaction((sql) => work(rowsInside({ database, sql, clock, sent })));
      workers.wake(sent);
      return result;
    },
    work: (handlers, options) => workers.start({ handlers, doors, pollMs: options?.pollMs ?? 1000 }),
    ready: () => ready(database),
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

type Workers = {
  start(how: { handlers: JobHandlers; doors: GroupCommit<Prepared[]>; pollMs: number }): Promise<void>;
  wake(jobs: readonly Job[]): void;
  close(graceMs: number): Promise<void>;
};

function workersOn(database: Database, { log, clock }: { log: Log; clock: Clock }): Workers {
  const lines = new Map<JobName, Line>();
  const timers: NodeJS.Timeout[] = [];
  const wakeNames = (names: Iterable<string>): void => {
    for (const name of names) lines.get(name as JobName)?.wake();
  };
  const poll = once(async () => wakeNames(await dueQueues(database)), log);
  const beat = once(async () => {
    await Promise.all([...lines.values()].map((line) => line.beat()));
    if (!database.exclusive) wakeNames(await reclaim(database, false));
  }, log);

  return {
    start: async ({ handlers, doors, pollMs }) => {
      if (lines.size > 0) throw new Bug('The workers run already.');
      const needs = { database, handlers, log, clock, yieldToDoors: () => doors.calm(3000) };
      for (const name of jobNames) lines.set(name, openLine(needs, name));
      await database.listen(
        wakeChannel,
        (name) => wakeNames([name]),
        () => wakeNames(jobNames),
      );
      timers.push(setInterval(poll, pollMs), setInterval(beat, heartbeatEveryMs));
      wakeNames(jobNames);
    },
    wake: (jobs) => wakeNames(new Set(jobs.filter((job) => !job.afterMs).map((job) => job.name))),
    close: async (graceMs) => {
      for (const timer of timers) clearInterval(timer);
      await Promise.all([...lines.values()].map((line) => line.close(graceMs)));
    },
  };
}

/** A timer's work, one at a time; trouble is logged and the next turn tries again. */
function once(work: () => Promise<void>, log: Log): () => void {
  let busy = false;
  return () => {
    if (busy) return;
    busy = true;
    work()
      .catch((error: unknown) => log.warn({ err: error }, 'the queue cannot be reached now'))
      .finally(() => {
        busy = false;
      });
  };
}

/** Delayed jobs and jobs of other processes: one cheap look at the head of every queue. */
async function dueQueues(database: Database): Promise<string[]> {
  const { rows } = await database.executeSql(
    `select q.name from unnest($1::text[]) as q (name) where exists (
       select 1 from ${queueSchema}.job j
       where j.name = q.name and j.state < 'active' and not j.blocked and j.start_after <= now())`,
    [jobNames],
  );
  return z
    .array(z.object({ name: z.string() }))
    .parse(rows)
    .map((row) => row.name);
}

async function ready(database: Database): Promise<{ ok: true } | { ok: false; problem: string }> {
  try {
    await Promise.race([database.executeSql('select 1'), rejectAfter(3000)]);
    return { ok: true };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'no answer within 3 s';
    return { ok: false, problem: `The database does not answer (${reason}); jobs wait until it does.` };
  }
}

function rejectAfter(ms: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error('timeout')), ms).unref();
  });
}

const countRows = z.array(
  z.object({ name: z.string(), waiting: z.number(), running: z.number(), failed: z.number() }),
);

async function counts(database: Database): Promise<QueueCounts> {
  const { rows } = await database.executeSql(
    `select name, count(*) filter (where state < 'active')::int as waiting,
       count(*) filter (where state = 'active')::int as running, count(*) filter (where state = 'failed')::int as failed
     from ${queueSchema}.job where name = any($1::text[]) and state <> 'completed' group by name`,
    [jobNames],
  );
  const found = new Map(countRows.parse(rows).map(({ name, ...numbers }) => [name, numbers]));
  const entries = jobNames.map((name) => [name, found.get(name) ?? { waiting: 0, running: 0, failed: 0 }]);
  return Object.fromEntries(entries) as QueueCounts;
}
