// How many pull requests a repository takes at once and in a day; the rest waits, and says why.

import { stageOf, type Fix } from './fix.ts';

const dayMs = 24 * 60 * 60 * 1000;

export type PullLimits = { openPullRequests: number; pullRequestsPerDay: number };

/** `fixes`: all of the repository, whatever their binding. Null when another one may be opened now. */
export function waitReason(
  fixes: readonly Fix[],
  { limits, now }: { limits: PullLimits; now: number },
): string | null {
  const ours = fixes.filter(({ facts }) => facts.proposal !== null);
  const open = ours.filter(({ facts }) => stageOf(facts) === 'proposed').length;
  if (open >= limits.openPullRequests) return `${many(open)} open`;
  const recent = ours.filter(({ facts }) => now - (facts.proposedAt ?? 0) < dayMs).length;
  return recent >= limits.pullRequestsPerDay ? many(recent, 'opened in the last 24 hours') : null;
}

function many(count: number, what = ''): string {
  const verb = what === '' ? (count === 1 ? 'is' : 'are') : count === 1 ? 'was' : 'were';
  return `${count} pull request${count === 1 ? '' : 's'} ${verb} ${what}`.trimEnd();
}
