// A permitted person says that a fix goes on though somebody else works on the same file.

import type { Binding } from '../domain/problem.ts';
import type { Ports } from '../ports.ts';
import { releaseHeld } from './ledger.ts';
import { fixJob, refreshJob } from './receive-delivery.ts';
import { readKnownSettings } from './view.ts';

export type GoOn = { binding: Binding; problemId: string; by: string; at: number };

/** False when no fix of this problem waits for such a word. */
export async function goOnAnyway(ports: Pick<Ports, 'store'>, wish: GoOn): Promise<boolean> {
  const { binding, problemId, by, at } = wish;
  const fixes = await ports.store.readFixes(binding.id);
  const waiting = fixes.findLast((fix) => fix.problemId === problemId && fix.facts.held !== null);
  if (!waiting) return false;
  const { settings } = await readKnownSettings(ports, binding);
  return ports.store.transaction(async (rows) => {
    const released = await releaseHeld(rows, waiting, { by, at });
    if (released) await rows.send([fixJob(waiting.id, binding, settings.sideBySide), refreshJob(binding.id)]);
    return released;
  });
}
