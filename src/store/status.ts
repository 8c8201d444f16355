// What the store tells about itself: whether it answers, and what lies in its queues.
// It must not change anything.

import { z } from 'zod';
import type { JobName } from '../ports.ts';
import { type Database, queueSchema } from './database.ts';
import { jobNames } from './queues.ts';

export type QueueCounts = { [N in JobName]: { waiting: number; running: number; failed: number } };

/** Never throws. */
export async function ready(database: Database): Promise<{ ok: true } | { ok: false; problem: string }> {
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

export async function counts(database: Database): Promise<QueueCounts> {
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
