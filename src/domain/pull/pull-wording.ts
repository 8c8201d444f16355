// What is said about the life of a pull request: on it, and on its line of the triage issue. Nobody is @-mentioned.

import type { Fix, FixFacts, Rework } from '../fix.ts';
import type { StepBackReason } from './life-facts.ts';
import { isRedLikeBase, ownFailures } from './pull-life.ts';
import { code, inline } from '../untrusted.ts';
import type { FailedCheck } from './verdict.ts';

const why: Readonly<Record<StepBackReason, string>> = {
  pushed: 'this branch has commits that are not mine, and I never overwrite them',
  reopened: 'this pull request was closed and opened again, so somebody wants it as it is',
  retargeted: 'this pull request goes to another branch now than the one I made it for',
};

/** Once, when people have taken it over. */
export function steppedBack(reason: StepBackReason, shortId: string): string {
  return `I step back: ${why[reason]}. The pull request is yours; when it is merged and CI is green, I resolve ${inline(shortId, 60)} in Sentry as before.`;
}

export const resolvedElsewhere = 'Sentry has it as resolved meanwhile.';

/** `reason` is a finished sentence, safe to publish. */
export function closedSuperseded(reason: string): string {
  return `I close this: nobody needs it any more. ${reason} Open it again if you want it all the same; I leave it alone then.`;
}

function names(failed: readonly FailedCheck[]): string {
  return [...new Set(failed.map(({ name }) => code(name, 80)))].join(', ');
}

/** What failed, and what a person can do, when nothing more is tried. */
export function gaveUp({ facts }: Fix): string {
  const failed = ownFailures(facts);
  if (facts.pull?.conflicts)
    return 'The base has moved, and this does not merge any more. Merge the base into it, or close it and tick again.';
  const tries = facts.life.retries === 0 ? '' : `, after ${attempts(facts.life.retries)}`;
  const odd = failed.find(({ how }) => how !== 'failure' && how !== 'timed_out');
  if (odd)
    return `CI did not end well: ${code(odd.name, 80)} (${inline(odd.how.replaceAll('_', ' '), 30)}). That says nothing of the change: run it again.`;
  return `CI failed in ${names(failed)}${tries}. Look at its log; \`/sentry retry <hint>\` on the pull request tries again.`;
}

function attempts(count: number): string {
  return count === 1 ? 'one more attempt' : `${count} more attempts`;
}

/** `reason` is a finished sentence, safe to publish. */
export function retryFailed(fix: Fix, reason: string): string {
  const { rework } = fix.facts;
  const what =
    rework?.cause === 'conflicts'
      ? 'The base has moved, this does not merge any more, and I could not build it anew.'
      : `CI failed in ${names(ownFailures(fix.facts))}, and I found no better change.`;
  return `${what} ${reason}`;
}

export const sameAgain = 'The next attempt came to the same change.';

/** What the fixer is told of red checks: the prompt's words, then what CI said. */
export function redChecksPrompt(failed: readonly FailedCheck[], outputs: readonly string[]): string {
  const list = failed.map(({ name, how }) => `${name} (${how})`).join(', ');
  return [`CI failed after this change: ${list}.`, ...outputs].join('\n\n');
}

const becauses: Readonly<Record<Rework['cause'], string>> = {
  person: '',
  checks: 'CI was red; ',
  conflicts: 'The base had moved, and this did not merge any more; ',
};

/** `proof` is what the description would say, when people have changed that. */
export function replaced(commit: string, cause: Rework['cause'], proof: string | null): string {
  const where =
    proof === null
      ? 'the proof in the description is of the new one.'
      : `you have changed the description, so I leave it; this is of the new one:\n\n${proof}`;
  const because = becauses[cause] === '' ? 'Done: ' : becauses[cause];
  return `${because}${code(commit.slice(0, 10), 12)} replaces my earlier commit; ${where}`;
}

/** What an open pull request waits for. */
export function openState({ facts }: Fix): string {
  const { pull, life, rework } = facts;
  if (rework) return inWork[rework.cause];
  if (life.steppedBack) return 'yours now, waiting for a merge';
  if (pull && isRedLikeBase(facts))
    return `${names(pull.failed)} fails on ${code(pull.base, 80)} without this change, too; waiting for a person`;
  return pull?.draft ? draftState(facts) : `waiting for a merge${askedText(life.asked ?? [])}`;
}

function draftState({ pull, life }: FixFacts): string {
  if (life.readyAt !== null) return 'a draft; mark it ready to merge it';
  return pull?.verdict.state === 'failed' ? 'a draft' : 'a draft until CI is green';
}

function askedText(asked: readonly string[]): string {
  return asked.length === 0 ? '' : `, review asked of ${asked.map((one) => inline(one, 60)).join(', ')}`;
}

const inWork: Readonly<Record<Rework['cause'], string>> = {
  person: 'another attempt was asked for',
  checks: 'CI is red; trying again',
  conflicts: 'does not merge any more; being built anew on the new base',
};
