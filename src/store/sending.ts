// Puts jobs into the queue: ids that are remembered, keys that wait at most once, groups, delays.
// It must not run jobs; workers.ts does.

import { randomUUID } from 'node:crypto';
import type { JobInsert } from 'pg-boss';
import { Bug } from '../domain/failure.ts';
import type { Clock, Job, JobName } from '../ports.ts';
import { type Database, type Sql, queueSchema } from './database.ts';
import type { Envelope } from './job-data.ts';
import { keyText, pack, stableUuid } from './lossless.ts';
import { queues, wakeChannel } from './queues.ts';

/** A job on its way into the table. */
export type Prepared = {
  name: JobName;
  keyed: boolean;
  /** An id that the sender chose, as UUID. */
  id: string | null;
  afterMs: number;
  slot: string;
  group: string | null;
  envelope: Envelope;
  retryLimit: number;
};

/** Throws Bug for a key or a group on a plain queue. */
export function prepare(job: Job, clock: Clock): Prepared {
  if (queues[job.name].plain && (job.key !== undefined || job.group !== undefined))
    throw new Bug(`Jobs ${job.name} have neither key nor group (queues.ts).`);
  const id = job.id === undefined ? null : stableUuid(`${job.name}\n${job.id}`);
  return {
    name: job.name,
    keyed: job.key !== undefined,
    id,
    afterMs: Math.max(0, job.afterMs ?? 0),
    // The queue's rule is one waiting and one running job per slot: a job without a key has one of its own.
    slot: job.key === undefined ? `own ${id ?? randomUUID()}` : `key ${keyText(job.key)}`,
    group: job.group === undefined ? null : keyText(job.group),
    envelope: { v: 1, at: clock.now(), failures: 0, notBefore: null, ...pack(job.data) },
    retryLimit: queues[job.name].retries,
  };
}

/** Stores jobs in the order given, on one connection; wants a transaction when any is keyed. */
export async function insertJobs(database: Database, sql: Sql, jobs: readonly Prepared[]): Promise<void> {
  const plain = Map.groupBy(
    jobs.filter((job) => !job.keyed),
    (job) => job.name,
  );
  for (const [name, group] of plain)
    await database.boss.insert(name, distinct(group).map(rowOf), { db: sql });
  for (const job of jobs.filter((job) => job.keyed)) await insertKeyed(database, sql, job);
  if (!database.exclusive) await announce(sql, jobs);
}

/** pg-boss refuses the same id twice in one insert; the second is a no-op anyway. */
function distinct(jobs: readonly Prepared[]): Prepared[] {
  return [...new Map(jobs.map((job) => [job.slot, job])).values()];
}

function rowOf(job: Prepared): JobInsert {
  return {
    ...(job.id ? { id: job.id } : {}),
    data: job.envelope,
    singletonKey: job.slot,
    retryLimit: job.retryLimit,
    ...(job.afterMs > 0 ? { startAfter: `${Math.ceil(job.afterMs)} milliseconds` } : {}),
    ...(job.group ? { group: { id: job.group } } : {}),
  };
}

/**
 * The waiting job of the key stays locked until our transaction ends, so that it cannot start before the rows
 * written with this send are visible. When it has just started instead, a new one is inserted to run after it.
 */
async function insertKeyed(database: Database, sql: Sql, job: Prepared): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    if (await isKnown(sql, job)) return;
    if (await joinWaiting(sql, job)) return;
    const inserted = await database.boss.insert(job.name, [rowOf(job)], { db: sql, returnId: true });
    if (inserted) return;
  }
  throw new Bug(`A job ${job.name} could not be stored: its key changes hands all the time.`);
}

async function isKnown(sql: Sql, job: Prepared): Promise<boolean> {
  if (!job.id) return false;
  const { rows } = await sql.executeSql(`select 1 from ${queueSchema}.job where name = $1 and id = $2`, [
    job.name,
    job.id,
  ]);
  return rows.length > 0;
}

/** The earlier of both times wins, except that a job which said Later keeps its word. */
async function joinWaiting(sql: Sql, job: Prepared): Promise<boolean> {
  const { rows } = await sql.executeSql(
    `update ${queueSchema}.job set start_after = least(start_after, greatest(
       now() + $3 * interval '1 millisecond', to_timestamp((data->>'notBefore')::double precision / 1000)))
     where name = $1 and singleton_key = $2 and state < 'active' returning id`,
    [job.name, job.slot, job.afterMs],
  );
  return rows.length > 0;
}

async function announce(sql: Sql, jobs: readonly Prepared[]): Promise<void> {
  const names = [...new Set(jobs.filter((job) => job.afterMs === 0).map((job) => job.name))];
  for (const name of names) await sql.executeSql('select pg_notify($1, $2)', [wakeChannel, name]);
}
