// How many pull requests a repository takes at once and in a day; the rest waits, and says why.

import type { Fix, FixFacts } from '../fix.ts';
import { stageOf } from '../stage.ts';

const dayMs = 24 * 60 * 60 * 1000;

export type PullLimits = { openPullRequests: number; pullRequestsPerDay: number };

/** `fixes`: all of the repository, whatever their binding. Null when another one may be opened now. */
export function waitReason(
  fixes: readonly Fix[],
  { limits, now }: { limits: PullLimits; now: number },
): string | null {
  const ours = fixes.filter(({ facts }) => facts.proposal !== null);
  const coming = fixes.filter(({ facts }) => hasTurn(facts)).length;
  const open = ours.filter(({ facts }) => stageOf(facts) === 'proposed').length;
  if (open + coming >= limits.openPullRequests)
    return many(open + coming, ['is', 'are'], coming > 0 ? 'open or under way' : 'open');
  const recent = ours.filter(({ facts }) => now - (facts.proposedAt ?? 0) < dayMs).length;
  if (recent + coming < limits.pullRequestsPerDay) return null;
  const soon = coming > 0 ? ' or are under way' : '';
  return many(recent + coming, ['was', 'were'], `opened in the last 24 hours${soon}`);
}

/** It is worked on and may open one at any moment. Whoever waits for other people's work has given its turn back. */
export function hasTurn(facts: FixFacts): boolean {
  const stage = stageOf(facts);
  const isUnderWay = stage === 'approved' || stage === 'working';
  return isUnderWay && facts.life.turn !== null && facts.joined === null;
}

function many(count: number, [one, more]: readonly [string, string], what: string): string {
  return `${count} pull request${count === 1 ? '' : 's'} ${count === 1 ? one : more} ${what}`;
}
