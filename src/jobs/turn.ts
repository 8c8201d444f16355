// What one turn of the timer sends: a look at what the code host could not deliver, and for each binding a look at
// the source and at every unfinished fix.

import type { Binding } from '../domain/problem.ts';
import { keptMs } from '../domain/redelivery.ts';
import type { Job } from '../ports.ts';
import { fetchJob } from './receive-delivery.ts';

/** The same turn sent by several processes counts once. */
export function turnJobs(binding: Binding, turn: string): Job[] {
  return [
    { ...fetchJob(binding.id), id: `${turn}:fetch:${binding.id}` },
    {
      name: 'reconcile',
      data: { bindingId: binding.id },
      key: binding.id,
      id: `${turn}:reconcile:${binding.id}`,
    },
  ];
}

/** A delivery may be under way for a while, and one turn of the timer may be late. */
const overlapMs = 60 * 60_000;

/** At the start all that the host still keeps; at a turn what came since the one before, and some more. */
export function redeliverJob(turn: string, when: { now: number; everyMs: number | null }): Job {
  const back = when.everyMs === null ? keptMs : Math.min(keptMs, when.everyMs + overlapMs);
  const data = { since: when.now - back };
  // What waits from before reaches back further than what is sent now, as long as both are of one kind.
  const key = when.everyMs === null ? 'start' : 'turn';
  return { name: 'redeliver', data, key, group: 'redeliver', id: `${turn}:redeliver` };
}
