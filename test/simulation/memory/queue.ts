// The queue in memory, by the rules of src/store: ids once, one waiting job per key, groups one after the other.

import type { Job, JobName } from '../../../src/ports.ts';
import { heartbeatSeconds, queues } from '../../../src/store/queues.ts';
import type { Outcome, Taken } from '../../../src/store/running.ts';
import { prepare, type Prepared } from '../../../src/store/sending.ts';
import type { Database, JobRow, Tables } from './database.ts';

export type Sending = { database: Database; tables: Tables; now: number };

export function sendJobs(to: Sending, jobs: readonly Job[]): void {
  for (const job of jobs) insert(to, prepare(job, { now: () => to.now }));
}

function insert(to: Sending, job: Prepared): void {
  const { jobs, ended } = to.tables;
  if (job.id !== null && (jobs.has(job.id) || ended.has(job.id))) return;
  const waiting = [...jobs.values()].find(
    (row) => isWaiting(row) && row.name === job.name && row.slot === job.slot,
  );
  if (waiting) {
    const wanted = Math.max(to.now + job.afterMs, waiting.envelope.notBefore ?? 0);
    jobs.set(waiting.id, { ...waiting, startAfter: Math.min(waiting.startAfter, wanted) });
    return;
  }
  const id = job.id ?? `j${(to.database.nextId += 1)}`;
  const { name, slot, group, envelope, retryLimit } = job;
  const startAfter = to.now + job.afterMs;
  jobs.set(id, {
    id,
    name,
    slot,
    group,
    envelope,
    retryLimit,
    startAfter,
    state: 'created',
    retryCount: 0,
    owner: null,
  });
}

export function isWaiting(row: JobRow): boolean {
  return row.state === 'created' || row.state === 'retry';
}

/** The first job of each name that may start now. */
export function nextJobs({ jobs }: Tables, now: number): Map<JobName, JobRow> {
  const busy = new Set<string>();
  for (const row of jobs.values()) if (row.state === 'active') for (const key of keysOf(row)) busy.add(key);
  const next = new Map<JobName, JobRow>();
  for (const row of jobs.values()) {
    if (row.state === 'active' || row.startAfter > now || next.has(row.name)) continue;
    if (keysOf(row).every((key) => !busy.has(key))) next.set(row.name, row);
  }
  return next;
}

function keysOf({ name, slot, group }: JobRow): string[] {
  return group === null ? [`${name} slot ${slot}`] : [`${name} slot ${slot}`, `${name} group ${group}`];
}

/** It has ended, well or badly; its id is remembered. */
function endRow({ jobs, ended }: Tables, id: string): void {
  jobs.delete(id);
  ended.add(id);
}

export function takeJob(tables: Tables, row: JobRow, owner: string): Taken {
  const retryCount = row.state === 'retry' ? row.retryCount + 1 : row.retryCount;
  const taken = { ...row, state: 'active' as const, owner, retryCount };
  tables.jobs.set(row.id, taken);
  return {
    id: row.id,
    name: row.name,
    data: row.envelope,
    retryCount,
    retryLimit: row.retryLimit,
    singletonKey: row.slot,
    groupId: row.group,
  } as unknown as Taken;
}

/** Does nothing when somebody else has the job by now. */
export function settleJob(to: Sending, job: Taken, outcome: Outcome): void {
  const row = to.tables.jobs.get(job.id);
  if (row?.state !== 'active' || row.retryCount !== job.retryCount) return;
  if (outcome.kind === 'done') endRow(to.tables, row.id);
  else if (outcome.kind === 'failed') retry(to, row);
  else {
    endRow(to.tables, row.id);
    const { name, slot, group } = row;
    const retryLimit = Math.max(0, row.retryLimit - row.retryCount);
    const keyed = slot.startsWith('key ');
    const { afterMs, envelope } = outcome;
    const freshSlot = keyed ? slot : `${slot}+`;
    insert(to, { name, keyed, id: null, afterMs, slot: freshSlot, group, envelope, retryLimit });
  }
}

function retry(to: Sending, row: JobRow): void {
  const [first, longest] = queues[row.name].backOff;
  const seconds = Math.min(longest, first * 2 ** row.retryCount);
  if (row.retryCount >= row.retryLimit) endRow(to.tables, row.id);
  else giveBack(to, { ...row, startAfter: to.now + seconds * 1000 });
}

/** A job of the same key that waits for its next try already makes this one needless. */
function giveBack(to: Sending, row: JobRow): void {
  const twin = [...to.tables.jobs.values()].some(
    (other) => other.state === 'retry' && other.name === row.name && other.slot === row.slot,
  );
  if (twin) endRow(to.tables, row.id);
  else to.tables.jobs.set(row.id, { ...row, state: 'retry', owner: null });
}

/** Gives the jobs of a dead process back; a killed process is no failure of the job. */
export function reclaim(to: Sending, owner: string): void {
  const active = [...to.tables.jobs.values()].filter((row) => row.state === 'active');
  for (const row of active) {
    if (row.owner !== owner) continue;
    const retryLimit = row.retryCount < 20 ? row.retryLimit + 1 : row.retryLimit;
    giveBack(to, { ...row, retryLimit, startAfter: to.now });
  }
}

/** So long a dead process keeps its jobs where several processes share a database. */
export const deadAfterMs = heartbeatSeconds * 1000;
