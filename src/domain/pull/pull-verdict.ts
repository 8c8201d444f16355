// What CI says of a pull request: its head's checks, or those of the merged commit where the head has none.
// It must not read anything: the job asks for the merged commit only when `needsMerged` says so.

import { judge, type Checks, type Required, type Verdict } from './verdict.ts';

/** Checks may report later than the merge: so long, silence is not yet an answer. */
const silenceMs = 10 * 60 * 1000;

/** True when the head says nothing, or a required check never reported on it (a merge queue reports elsewhere). */
export function needsMerged(head: Checks, required: Required): boolean {
  return judge(head, required).silent;
}

export type PullChecks = {
  head: Checks;
  /** Of the merged commit; null while there is none, or when it was not asked for. */
  merged: Checks | null;
  required: Required;
  mergedAt: number | null;
  now: number;
};

/** Squashed and rebased changes have another commit than the head: what the head's checks said still counts. */
export function pullVerdict({ head, merged, required, mergedAt, now }: PullChecks): Verdict {
  const ofHead = judge(head, required);
  if (!ofHead.silent || mergedAt === null) return plain(ofHead);
  const ofMerged = merged === null ? ofHead : judge(merged, required);
  if (!ofMerged.silent) return plain(ofMerged);
  const state = now - mergedAt < silenceMs ? 'pending' : 'none';
  const detail = ofMerged.state === 'pending' ? ofMerged.detail : ofHead.detail;
  return { state, detail: state === 'none' ? detail.replace('not reported yet', 'never reported') : detail };
}

function plain({ state, detail }: Verdict): Verdict {
  return { state, detail };
}
