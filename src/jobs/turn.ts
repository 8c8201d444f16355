// What one turn of the timer sends for a binding: a look at the source, and a look at every unfinished fix.

import type { Binding } from '../domain/problem.ts';
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
