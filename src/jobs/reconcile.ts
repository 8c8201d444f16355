// The timer's way to the truth: whatever webhook was lost, each fix that is not at its end is looked at again.

import { isUnfinished, todosOf } from '../domain/fix.ts';
import type { JobData, Ports } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { hearConfirmations } from './hear-confirmations.ts';
import { fixJob, settleJob } from './receive-delivery.ts';

/** 1. every fix of the binding  2. work that waits is queued (again), the rest settles  3. boxes in our comments. */
export async function reconcile(
  ports: Pick<Ports, 'store' | 'bindings' | 'clock' | 'host' | 'signer'>,
  data: JobData['reconcile'],
): Promise<void> {
  const binding = bindingOf(ports, data.bindingId);
  const fixes = await ports.store.readFixes(binding.id);
  const now = ports.clock.now();
  const unfinished = fixes.filter((fix) => isUnfinished(fix.facts, now));
  await ports.store.send(
    unfinished.map((fix) => (todosOf(fix.facts)[0] === 'work' ? fixJob(fix.id, binding) : settleJob(fix.id))),
  );
  await hearConfirmations(ports, binding);
}
