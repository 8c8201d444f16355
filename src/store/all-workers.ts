// All queues' workers together, and the timers that keep them going: looking for due jobs, signs of life, tidying.
// It must not know what a job does or how one is taken; workers.ts does the taking.

import { z } from 'zod';
import { Bug } from '../domain/failure.ts';
import type { Clock, Job, JobHandlers, JobName, Log } from '../ports.ts';
import { type Database, queueSchema } from './database.ts';
import { heartbeatEveryMs, jobNames, wakeChannel } from './queues.ts';
import { reclaim } from './settling.ts';
import { type Line, openLine } from './workers.ts';

export type Workers = {
  start(how: { handlers: JobHandlers; yieldToDoors: () => Promise<void>; pollMs: number }): Promise<void>;
  wake(jobs: readonly Job[]): void;
  close(graceMs: number): Promise<void>;
};

export function workersOn(database: Database, { log, clock }: { log: Log; clock: Clock }): Workers {
  const lines = new Map<JobName, Line>();
  const timers: NodeJS.Timeout[] = [];
  const wakeNames = (names: Iterable<string>): void => {
    for (const name of names) lines.get(name as JobName)?.wake();
  };
  const poll = chore(async () => wakeNames(await dueQueues(database)), log);
  const beat = chore(async () => {
    await Promise.all([...lines.values()].map((line) => line.beat()));
    if (!database.exclusive) wakeNames(await reclaim(database, false));
  }, log);

  const tidy = chore(() => tidyTables(database), log);

  return {
    start: async ({ handlers, yieldToDoors, pollMs }) => {
      if (lines.size > 0) throw new Bug('The workers run already.');
      if (database.exclusive) await tidyTables(database);
      const needs = { database, handlers, log, clock, yieldToDoors };
      for (const name of jobNames) lines.set(name, openLine(needs, name));
      await database.listen(
        wakeChannel,
        (name) => wakeNames([name]),
        () => wakeNames(jobNames),
      );
      timers.push(setInterval(poll.run, pollMs), setInterval(beat.run, heartbeatEveryMs));
      if (database.exclusive) timers.push(setInterval(tidy.run, tidyEveryMs));
      wakeNames(jobNames);
    },
    wake: (jobs) => wakeNames(new Set(jobs.filter((job) => !job.afterMs).map((job) => job.name))),
    close: async (graceMs) => {
      for (const timer of timers) clearInterval(timer);
      await Promise.all([...lines.values()].map((line) => line.close(graceMs)));
      await Promise.all([poll, beat, tidy].map((each) => each.ended()));
    },
  };
}

type Chore = { run: () => void; ended: () => Promise<void> };

/** A timer's work, one at a time; trouble is logged and the next turn tries again. */
function chore(work: () => Promise<void>, log: Log): Chore {
  let busy: Promise<void> | null = null;
  const run = (): void => {
    busy ??= work()
      .catch((error: unknown) => log.warn({ err: error }, 'the queue cannot be reached now'))
      .finally(() => {
        busy = null;
      });
  };
  return { run, ended: async () => busy ?? undefined };
}

const tidyEveryMs = 30 * 60_000;

/** A server does this by itself (autovacuum); PGlite has one process and forgets, until its plans go bad. */
async function tidyTables(database: Database): Promise<void> {
  for (const table of [`${queueSchema}.job`, 'suture.problem', 'suture.fix', 'suture.claim'])
    await database.executeSql(`vacuum (analyze) ${table}`);
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
