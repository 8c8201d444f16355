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
  if (counts)
    return counts.failed > 0 ? `${counts.passed} passed, ${counts.failed} failed` : `${counts.passed} passed`;
  if (outcome.passed) return 'passed';
  return outcome.exitCode === null ? 'ended by a signal' : `exit status ${outcome.exitCode}`;
}

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes >= 1) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const seconds = Math.max(1, Math.round(ms / 1000));
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
}

// The last line of its kind counts; each runner has its own words.
const countLines: readonly { passed: RegExp; failed: RegExp }[] = [
  { passed: /^(?:ℹ|#) pass (\d+)$/gm, failed: /^(?:ℹ|#) fail (\d+)$/gm },
  { passed: /^\s*Tests:?\s.*?\b(\d+) passed/gm, failed: /^\s*Tests:?\s.*?\b(\d+) failed/gm },
  { passed: /^\s*(\d+) passing\b/gm, failed: /^\s*(\d+) failing\b/gm },
  { passed: /^\s*(\d+) tests? passed$/gm, failed: /^\s*(\d+) tests? failed$/gm },
  { passed: /^test result: .*?\b(\d+) passed/gm, failed: /^test result: .*?\b(\d+) failed/gm },
];

function countsIn(output: string): { passed: number; failed: number } | null {
  for (const line of countLines) {
    const passed = lastNumber(output, line.passed);
    const failed = lastNumber(output, line.failed);
    if (passed !== null || failed !== null) return { passed: passed ?? 0, failed: failed ?? 0 };
  }
  return null;
}

function lastNumber(output: string, pattern: RegExp): number | null {
  const found = [...output.matchAll(pattern)].at(-1)?.[1];
  return found === undefined ? null : Number(found);
}
