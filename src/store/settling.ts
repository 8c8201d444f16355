// Writes how a run ended back into the queue. Each write is fenced to the claim it belongs to: when another
// process has taken the job over meanwhile, nothing happens. It must not decide how a run ended.

import { z } from 'zod';
import type { JobName } from '../ports.ts';
import { type Database, queueSchema } from './database.ts';
import { type GroupCommit, groupCommit } from './group-commit.ts';
import type { Outcome, Taken } from './running.ts';
import { insertJobs } from './sending.ts';

const completions = z.object({ affected: z.number() });

export type Settle = (job: Taken, outcome: Outcome) => Promise<void>;

/** Many finished jobs of a queue are marked by one statement; the rare ends are written one by one. */
export function settlerOf(database: Database, name: JobName): Settle {
  const done: GroupCommit<Taken> = groupCommit(100, async (jobs) => {
    await database.boss.complete(name, jobs);
  });
  return async (job, outcome) => {
    if (outcome.kind === 'done') return done.add(job);
    if (outcome.kind === 'failed') {
      await database.boss.fail(name, job, { message: outcome.message });
      return;
    }
    await postpone(database, { name, job, outcome });
  };
}

type Postponed = { name: JobName; job: Taken; outcome: Extract<Outcome, { kind: 'later' }> };

/** The row that ran ends and its successor begins in one transaction, so it is never lost and never doubled. */
async function postpone(database: Database, { name, job, outcome }: Postponed): Promise<void> {
  await database.transaction(async (sql) => {
    const ended = await database.boss.complete(name, job, { postponed: true }, { db: sql });
    if (completions.parse(ended).affected === 0) return;
    const slot = job.singletonKey ?? `own ${job.id}`;
    const successor = {
      name,
      keyed: slot.startsWith('key '),
      id: null,
      afterMs: outcome.afterMs,
      slot,
      group: job.groupId ?? null,
      envelope: outcome.envelope,
      retryLimit: Math.max(0, job.retryLimit - job.retryCount),
    };
    await insertJobs(database, sql, [successor]);
  });
}

/**
 * Gives jobs of dead processes back: all that are marked as running when `everything` is set, else those without
 * a sign of life. A killed process is no failure of the job: the limit grows with the count, up to twenty kills.
 * Returns the names of the queues that have work again.
 */
export async function reclaim(database: Database, everything: boolean): Promise<string[]> {
  const dead = everything ? 'true' : `heartbeat_on + heartbeat_seconds * interval '1s' < now()`;
  const orphan = `state = 'active' and (${dead})`;
  return database.transaction(async (sql) => {
    // A job of the same key already waits for its next try: one waiting job per key is the rule.
    const twins = `update ${queueSchema}.job j set state = 'completed', completed_on = now() where ${orphan} and exists (
      select 1 from ${queueSchema}.job w where w.name = j.name and w.state = 'retry' and w.singleton_key = j.singleton_key)`;
    await sql.executeSql(twins);
    const { rows } = await sql.executeSql(
      `update ${queueSchema}.job set state = 'retry', start_after = now(), heartbeat_on = null,
         retry_limit = case when retry_count < 20 then retry_limit + 1 else retry_limit end
       where ${orphan} returning name`,
    );
    return [
      ...new Set(
        z
          .array(z.object({ name: z.string() }))
          .parse(rows)
          .map((row) => row.name),
      ),
    ];
  });
}
