// The timer's way to the truth: whatever webhook was lost, each fix that is not at its end is looked at again.

import { isUnfinished, todosOf } from '../domain/fix.ts';
import { watchDue } from '../domain/watch.ts';
import type { JobData, Ports } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { hearConfirmations } from './hear-confirmations.ts';
import { fixJob, settleJob } from './receive-delivery.ts';
import { readKnownSettings } from './view.ts';
import { watchJob } from './watch.ts';

/**
 * 1. every fix of the binding  2. work that waits is queued (again)  3. the rest settles  4. what is watched is looked at
 * when it is due  5. boxes in our comments.
 */
export async function reconcile(
  ports: Pick<Ports, 'store' | 'bindings' | 'clock' | 'host' | 'signer'>,
  data: JobData['reconcile'],
): Promise<void> {
  const binding = bindingOf(ports, data.bindingId);
  const fixes = await ports.store.readFixes(binding.id);
  const now = ports.clock.now();
  const { watchDays: days, sideBySide } = (await readKnownSettings(ports, binding)).settings;
  const unfinished = fixes.filter((fix) => isUnfinished(fix.facts, now));
  await ports.store.send(
    unfinished.map((fix) =>
      todosOf(fix.facts)[0] === 'work' ? fixJob(fix.id, binding, sideBySide) : settleJob(fix.id),
    ),
  );
  const due = fixes.filter((fix) => watchDue(fix.facts, { days, now }));
  await ports.store.send(due.map((fix) => watchJob(fix.id)));
  await hearConfirmations(ports, binding);
}
