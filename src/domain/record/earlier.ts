// What was tried before at the same problem and why it was not enough: for the next attempt, and for its reviewers.

import type { Fix, FixFacts } from '../fix.ts';
import { stageOf, type Stage } from '../stage.ts';
import { link } from '../links.ts';
import { code, inline } from '../untrusted.ts';
import { backText } from '../watch.ts';

export type EarlierAttempt = {
  attempt: number;
  strategy: string | null;
  files: string[];
  pull: { number: number; url: string } | null;
  /** A finished sentence, safe to publish. */
  why: string;
};

/** The attempts before this one, oldest first. A withdrawn one tried nothing. */
export function earlierAttempts(fixes: readonly Fix[], fix: Fix): EarlierAttempt[] {
  return fixes
    .filter((one) => one.problemId === fix.problemId && one.id !== fix.id && one.attempt < fix.attempt)
    .flatMap((one) => {
      const why = reasons[stageOf(one.facts)](one.facts);
      if (why === null) return [];
      const { proposal, pull } = one.facts;
      return [
        {
          attempt: one.attempt,
          strategy: proposal?.strategy ?? null,
          files: proposal?.files ?? [],
          pull: pull && { number: pull.number, url: pull.url },
          why,
        },
      ];
    });
}

const cameBack = 'It was merged and resolved, and came back.';
const nothing = (): null => null;
const ending = ({ ending: ended }: FixFacts): string | null => ended?.reason ?? null;

const reasons: Readonly<Record<Stage, (facts: FixFacts) => string | null>> = {
  regressed: ({ watch }) => (watch ? `${backText(watch)}.` : cameBack),
  resolved: () => cameBack,
  watched: () => cameBack,
  closed: () => 'A person closed its pull request without a merge.',
  merged: ({ pull }) => `It was merged, but ${inline(pull?.verdict.detail ?? 'no check passed', 160)}.`,
  refused: ending,
  failed: ending,
  'to-archive': ending,
  archived: ending,
  approved: nothing,
  working: nothing,
  proposed: nothing,
  withdrawn: nothing,
};

/** Lines for the pull request's fold. */
export function earlierLines(attempts: readonly EarlierAttempt[]): string {
  return attempts
    .map(({ attempt, strategy, files, pull, why }) => {
      const what = [
        pull ? link(`pull request ${pull.number}`, pull.url) : `attempt ${attempt}`,
        ...(strategy === null ? [] : [inline(strategy, 120)]),
        ...files.slice(0, 5).map((file) => code(file, 120)),
      ];
      return `- ${what.join(' · ')}: ${why}`;
    })
    .join('\n');
}
