// What was tried before at the same problem and why it was not enough: for the next attempt, and for its reviewers.

import { stageOf, type Fix } from './fix.ts';
import { link } from './links.ts';
import { code, inline } from './untrusted.ts';
import { backText } from './watch.ts';

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
      const why = whyNotEnough(one);
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

function whyNotEnough({ facts }: Fix): string | null {
  switch (stageOf(facts)) {
    case 'regressed':
      return cameBack(facts);
    case 'resolved':
    case 'watched':
      return 'It was merged and resolved, and came back.';
    case 'closed':
      return 'A person closed its pull request without a merge.';
    case 'merged':
      return notPassed(facts);
    case 'refused':
    case 'failed':
    case 'to-archive':
    case 'archived':
      return reasonOf(facts);
    case 'approved':
    case 'working':
    case 'proposed':
    case 'withdrawn':
      return null;
  }
}

function cameBack({ watch }: Fix['facts']): string {
  return watch ? `${backText(watch)}.` : 'It came back.';
}

function notPassed({ pull }: Fix['facts']): string {
  return `It was merged, but ${inline(pull?.verdict.detail ?? 'its checks did not pass', 160)}.`;
}

function reasonOf({ ending }: Fix['facts']): string | null {
  return ending?.reason ?? null;
}

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
