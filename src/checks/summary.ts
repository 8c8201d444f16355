// Says in one line how a check went. It must not decide whether it passed.

import type { CheckKind } from '../ports.ts';

export type Outcome = {
  passed: boolean;
  timedOut: boolean;
  exitCode: number | null;
  failures: readonly string[];
  output: string;
  timeoutMs: number;
  /** Why the sandbox ended it. */
  exceeded?: string;
};

/** `0 errors`, `12 passed, 1 failed`, `stopped after 10 minutes`, or the exit status. */
export function summaryOf(kind: CheckKind, outcome: Outcome): string {
  if (outcome.timedOut) return `stopped after ${duration(outcome.timeoutMs)}`;
  if (outcome.exceeded !== undefined) return `ended: ${outcome.exceeded}`;
  if (kind === 'types' && (outcome.passed || outcome.failures.length > 0))
    return outcome.failures.length === 1 ? '1 error' : `${outcome.failures.length} errors`;
  const counts = countsIn(outcome.output);
  if (counts) return countsText(counts);
  if (outcome.passed) return 'passed';
  return outcome.exitCode === null ? 'ended by a signal' : `exit status ${outcome.exitCode}`;
}

/** How many tests it tells to have passed; nothing when it tells of no number. */
export function passesIn(output: string): { passes?: number } {
  // Each package of a workspace has a count of its own.
  const all = countLines.flatMap(({ passed }) =>
    [...output.matchAll(passed)].map((match) => Number(match[1])),
  );
  const counts = countsIn(output);
  if (counts === null && foundNone.test(output)) return { passes: 0 };
  const known = [counts?.passed ?? null, ...all].filter((count) => count !== null);
  return known.length === 0 ? {} : { passes: Math.max(...known) };
}

function countsText({ passed, failed }: Counts): string {
  if (passed === null) return `${failed} failed`;
  return failed > 0 ? `${passed} passed, ${failed} failed` : `${passed} passed`;
}

/** Of vitest and jest, which tell no number then. */
const foundNone = /^No (?:affected )?(?:test files|tests) found\b/m;

/** `3 minutes`. */
export function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes >= 1) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const seconds = Math.max(1, Math.round(ms / 1000));
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
}

// Each runner has its own words. The last line of its kind counts; cargo has one for each of its programs.
const countLines: readonly { passed: RegExp; failed: RegExp; sum?: true; marked?: RegExp }[] = [
  { passed: /^(?:ℹ|#) pass {1,2}(\d+)$/gm, failed: /^(?:ℹ|#) fail {1,2}(\d+)$/gm },
  { passed: /^\s*Tests:?\s.*?\b(\d+) passed/gm, failed: /^\s*Tests:?\s.*?\b(\d+) failed/gm },
  { passed: /^\s*(\d+) passing\b/gm, failed: /^\s*(\d+) failing\b/gm },
  // Where some fail, ava before its version 4 does not count the others.
  { passed: /^\s*(\d+) tests? passed$/gm, failed: /^\s*(\d+) tests? failed$/gm, marked: /^ {2}✔ /gm },
  { passed: /^test result: .*?\b(\d+) passed/gm, failed: /^test result: .*?\b(\d+) failed/gm, sum: true },
  { passed: /^(?:=+ )?(?:.*, )?(\d+) passed.* in [\d.]+s/gm, failed: /^(?:=+ )?(\d+) failed.* in [\d.]+s/gm },
];

/** `passed`: null when it is not told. */
type Counts = { passed: number | null; failed: number };

function countsIn(output: string): Counts | null {
  for (const line of countLines) {
    const passed = numberIn(output, line.passed, line.sum);
    const failed = numberIn(output, line.failed, line.sum);
    if (passed === null && failed === null) continue;
    return { passed: passed ?? (line.marked ? marksIn(output, line.marked) : 0), failed: failed ?? 0 };
  }
  return countsOfAll(output);
}

/** One for each that passed; where there is none, they may not have been listed. */
function marksIn(output: string, mark: RegExp): number | null {
  const count = [...output.matchAll(mark)].length;
  return count === 0 ? null : count;
}

/** Some tell how many failed of how many: tap, and jasmine. */
function countsOfAll(output: string): Counts | null {
  const told = [
    ...output.matchAll(/^# failed (?<failed>\d+) of (?<all>\d+) tests$/gm),
    ...output.matchAll(/^(?<all>\d+) specs?, (?<failed>\d+) failures?/gm),
  ].at(-1)?.groups;
  if (!told) return null;
  return { passed: Number(told['all']) - Number(told['failed']), failed: Number(told['failed']) };
}

function numberIn(output: string, pattern: RegExp, sum: true | undefined): number | null {
  const all = [...output.matchAll(pattern)].map((match) => Number(match[1]));
  if (sum && all.length > 0) return all.reduce((total, one) => total + one, 0);
  return all.at(-1) ?? null;
}
