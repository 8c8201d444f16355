// The timer's way to the truth: whatever webhook was lost, each fix that is not at its end is looked at again.

import { isUnfinished, todosOf } from '../domain/stage.ts';
import { mayBeReopened } from '../domain/pull/pull-life.ts';
import { watchDue } from '../domain/watch.ts';
import type { JobData, Ports } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { hearConfirmations } from './hear-confirmations.ts';
import { fixJob, markedSettleJob, settleJob } from './receive-delivery.ts';
import { findUnchanged, type Settled } from './unchanged.ts';
import { readKnownSettings } from './view.ts';
import { watchJob } from './watch.ts';

/**
 * 1. every fix of the binding  2. work that waits is queued (again)  3. the rest settles, but for what has not changed
 * since this process settled it; what was closed settles when it is open again  4. what is watched is looked at when it
 * is due  5. boxes in our comments.
 */
export async function reconcile(
  ports: Pick<Ports, 'store' | 'bindings' | 'clock' | 'host' | 'signer' | 'log'>,
  data: JobData['reconcile'],
  settled: Settled,
): Promise<void> {
  const binding = bindingOf(ports, data.bindingId);
  const fixes = await ports.store.readFixes(binding.id);
  const now = ports.clock.now();
  const { settings } = await readKnownSettings(ports, binding);
  const { watchDays: days, sideBySide } = settings;
  const unfinished = fixes.filter((fix) => isUnfinished(fix.facts, now));
  const [waiting, rest] = parted(unfinished, ({ facts }) => todosOf(facts)[0] === 'work');
  await ports.store.send(waiting.map((fix) => fixJob(fix.id, binding, sideBySide)));
  const closed = fixes.filter(({ facts }) => mayBeReopened(facts, now));
  const marked = await findUnchanged(ports, settled, { binding, fixes: [...rest, ...closed], settings });
  await ports.store.send(
    marked
      .filter(({ unchanged }) => !unchanged)
      .map(({ fix, mark }) => (mark === null ? settleJob(fix.id) : markedSettleJob(fix.id, mark))),
  );
  const due = fixes.filter((fix) => watchDue(fix.facts, { days, now }));
  await ports.store.send(due.map((fix) => watchJob(fix.id)));
  await hearConfirmations(ports, binding);
}

function parted<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}
