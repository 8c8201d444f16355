// A review of one of our pull requests asks for a change: its words become the hint of another attempt.

import { stageOf } from '../domain/stage.ts';
import type { JobData, Ports } from '../ports.ts';
import { mayApprove } from './approve.ts';
import { bindingsOf } from './bindings.ts';
import { askForRework } from './rework.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'bindings'>;

/** 1. on a fix of ours that is open?  2. may this person  3. read it  4. ask for another attempt. */
export async function readReview(ports: Needs, data: JobData['read-review']): Promise<void> {
  for (const binding of bindingsOf(ports, data.repo)) {
    const fixes = await ports.store.readFixes(binding.id);
    const ours = fixes.filter((one) => one.facts.proposal !== null);
    const fix = ours.findLast((one) => one.facts.pull?.number === data.number);
    if (!fix || stageOf(fix.facts) !== 'proposed') continue;
    if (!(await mayApprove(ports, binding, data.by)).ok) continue;
    const hint = await ports.host.readReview(data.repo, data.number, data.review);
    if (hint === null) continue;
    await askForRework(ports, { binding, fix, by: data.by.login, at: data.at, hint });
  }
}
