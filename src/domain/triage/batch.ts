// A batch: what one person approved at nearly one time, by one command or by ticks within some minutes.

import type { Approval, Fix } from '../fix.ts';

const windowMs = 5 * 60 * 1000;

/** The batch that an approval belongs to: that of the same person's latest one, or a new one named after the fix. */
export function batchOf(fixes: readonly Fix[], approval: Pick<Approval, 'by' | 'at'>, fixId: string): string {
  const near = fixes.findLast(
    ({ facts }) =>
      facts.batch !== null &&
      facts.approval.by === approval.by &&
      Math.abs(facts.approval.at - approval.at) <= windowMs,
  );
  return near?.facts.batch ?? fixId;
}
