// The loops that take jobs out of the queue and run them, one line per queue.
// They must not know what a job does, and they stay out of the way of the doors.

import type { JobHandlers, JobName, Log, Clock } from '../ports.ts';
import { Later } from '../domain/failure.ts';
import { type Database, queueSchema } from './database.ts';
import { heartbeatEveryMs, queues } from './queues.ts';
import { type Outcome, type Taken, runJob } from './running.ts';
import { type Settle, settlerOf } from './settling.ts';

export type LineNeeds = {
  database: Database;
  handlers: JobHandlers;
  log: Log;
  clock: Clock;
  /** Resolves when the doors have nothing to store, or after a moment. */
  yieldToDoors(): Promise<void>;
};

export type Line = {
  /** Looks for work now. */
  wake(): void;
  /** Tells the database that the running jobs live, and stops those it gave to someone else. */
  beat(): Promise<void>;
  /** Takes no further job; resolves when the running ones are settled. After `graceMs` they are put back. */
  close(graceMs: number): Promise<void>;
};

type Running = { job: Taken; control: AbortController; settled: Promise<void> };

export function openLine(needs: LineNeeds, name: JobName): Line {
  const rule = queues[name];
  const running = new Map<string, Running>();
  const settle = settlerOf(needs.database, name);
  let closed = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let pumping: Promise<void> | null = null;
  let again = false;

  async function pump(): Promise<void> {
    do {
      again = false;
      await needs.yieldToDoors();
      await pause(rule.pace - (performance.now() - lookedAt));
      const free = rule.workers - running.size;
      if (closed || free <= 0) return;
      lookedAt = performance.now();
      const jobs = await claim(needs.database, name, Math.min(free, rule.batch));
      for (const job of jobs) start(job);
      if (jobs.length > 0) again = true;
    } while (again);
  }

  function wake(): void {
    again = true;
    if (closed || pumping) return;
    pumping = pump()
      .catch((error: unknown) => needs.log.warn({ err: error, job: name }, 'the queue cannot be read now'))
      .finally(() => {
        pumping = null;
      });
  }

  function start(job: Taken): void {
    const control = new AbortController();
    const settled = runAndSettle({ needs, name, settle }, job, control).finally(() => {
      running.delete(job.id);
      wake();
    });
    running.set(job.id, { job, control, settled });
  }

  async function close(graceMs: number): Promise<void> {
    closed = true;
    await pumping;
    const timer = setTimeout(() => stopAll(running), graceMs);
    await Promise.all([...running.values()].map((run) => run.settled));
    clearTimeout(timer);
  }

  return { wake, beat: () => beat(needs.database, name, running), close };
}

type Settling = { needs: LineNeeds; name: JobName; settle: Settle };

async function runAndSettle(
  { needs, name, settle }: Settling,
  job: Taken,
  control: AbortController,
): Promise<void> {
  const { expire } = queues[name];
  const late = setTimeout(() => control.abort(tooLong(name, expire)), expire * 1000);
  const start = { name, job, handler: needs.handlers[name], signal: control.signal };
  const outcome = await runJob(needs, start).finally(() => clearTimeout(late));
  await settleFirmly(settle, { job, outcome }).catch((error: unknown) =>
    needs.log.warn(
      { err: error, job: name, reference: job.id },
      'the end of a job could not be stored; it runs again',
    ),
  );
}

function tooLong(name: JobName, seconds: number): Error {
  return new Error(`The job ${name} ran longer than ${seconds} s and was stopped.`);
}

function stopAll(running: Map<string, Running>): void {
  for (const run of running.values())
    run.control.abort(new Later('Suture stops; the job goes on after the start.', 0));
}

/**
 * Under a lock, because "nobody else of this group runs" is only true while nobody else looks: pg-boss checks the
 * group, but two processes could check at the same moment.
 */
async function claim(database: Database, name: JobName, limit: number): Promise<Taken[]> {
  const { plain } = queues[name];
  const taking = {
    includeMetadata: true,
    batchSize: limit,
    ...(plain ? {} : { groupConcurrency: 1 }),
  } as const;
  if (plain || database.exclusive) return database.boss.fetch<unknown>(name, taking);
  return database.transaction(async (sql) => {
    await sql.executeSql('select pg_advisory_xact_lock(hashtext($1))', [`suture take ${name}`]);
    return database.boss.fetch<unknown>(name, { ...taking, db: sql });
  });
}

async function beat(database: Database, name: JobName, running: Map<string, Running>): Promise<void> {
  const runs = [...running.values()];
  if (runs.length === 0) return;
  const { rows } = await database.executeSql(
    `update ${queueSchema}.job set heartbeat_on = now() where name = $1 and state = 'active'
       and id::text || ':' || retry_count = any($2::text[]) returning id`,
    [name, runs.map(({ job }) => `${job.id}:${job.retryCount}`)],
  );
  const alive = new Set(
    rows.map((row) => (typeof row === 'object' && row !== null && 'id' in row ? row.id : null)),
  );
  for (const run of runs) {
    if (!alive.has(run.job.id)) run.control.abort(new Error('Another process has taken this job over.'));
  }
}

/** A short outage of the database must not make a finished job run again. */
async function settleFirmly(
  settle: Settle,
  { job, outcome }: { job: Taken; outcome: Outcome },
): Promise<void> {
  for (const ms of [100, 500, heartbeatEveryMs / 2]) {
    try {
      await settle(job, outcome);
      return;
    } catch {
      await pause(ms);
    }
  }
  await settle(job, outcome);
}

async function pause(ms: number): Promise<void> {
  if (ms <= 0) return;
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
