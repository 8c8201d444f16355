// The timer's way to the truth: whatever webhook was lost, each fix that is not at its end is looked at again.

import { todosOf } from '../domain/fix.ts';
import type { JobData, Ports } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { fixJob, settleJob } from './receive-delivery.ts';

/** 1. every fix of the binding  2. work that waits is queued (again)  3. the rest settles. */
export async function reconcile(
  ports: Pick<Ports, 'store' | 'bindings'>,
  data: JobData['reconcile'],
): Promise<void> {
  const binding = bindingOf(ports, data.bindingId);
  const fixes = await ports.store.readFixes(binding.id);
  const unfinished = fixes.filter((fix) => todosOf(fix.facts).length > 0);
  await ports.store.send(
    unfinished.map((fix) => (todosOf(fix.facts)[0] === 'work' ? fixJob(fix.id, binding) : settleJob(fix.id))),
  );
}
