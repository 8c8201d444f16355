// Compares a check before and after a change: what the change broke and what it mended.
// Doubt is never `ok`.

export type CheckResultLike = {
  passed: boolean;
  timedOut: boolean;
  /** Stable names, without line numbers; empty when the output names none. */
  failures: readonly string[];
};

export type CheckComparison = {
  /** True only when the change surely made nothing worse. */
  ok: boolean;
  newFailures: string[];
  fixedFailures: string[];
  /** A finished sentence for people. */
  detail: string;
};

/**
 * Takes one check's results at the base and with the change. A check that failed at the base is not
 * blamed on the change when every failure has a name and none is new.
 */
export function compareChecks(before: CheckResultLike, after: CheckResultLike): CheckComparison {
  const newFailures = missingFrom(before.failures, after.failures);
  const fixedFailures = missingFrom(after.failures, before.failures);
  const doubt = doubtOf(before, after, newFailures);
  if (doubt) return { ok: false, newFailures, fixedFailures, detail: doubt };
  return { ok: true, newFailures, fixedFailures, detail: praiseOf(before, after, fixedFailures) };
}

function doubtOf(before: CheckResultLike, after: CheckResultLike, added: readonly string[]): string | null {
  if (after.timedOut) return 'With the change the check did not finish in time.';
  const comparable = before.passed || after.passed || before.failures.length > 0;
  if (added.length > 0 && comparable) return `The change causes ${counted(added.length, 'new failure')}.`;
  if (after.passed) return null;
  if (before.passed) return 'The check passed before the change and fails with it.';
  if (before.timedOut)
    return 'The check did not finish in time before the change and fails with it, so the two runs cannot be compared.';
  if (before.failures.length === 0 || after.failures.length === 0)
    return 'The check fails before and after the change, and its output does not name the failures, so the two runs cannot be compared.';
  return null;
}

function praiseOf(before: CheckResultLike, after: CheckResultLike, fixed: readonly string[]): string {
  const mended = fixed.length > 0 ? ` The change mends ${counted(fixed.length, 'failure')}.` : '';
  if (!after.passed)
    return `No new failure; ${counted(after.failures.length, 'failure')} ${after.failures.length === 1 ? 'was' : 'were'} there before the change.${mended}`;
  if (before.passed) return 'Passed before and after the change.';
  return `Failed before the change and passes with it.${mended}`;
}

function missingFrom(known: readonly string[], names: readonly string[]): string[] {
  const there = new Set(known);
  return [...new Set(names)].filter((name) => !there.has(name));
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
