// Compares a check before and after a change: what the change broke and what it mended.
// Doubt is never `ok`, and what says nothing is no proof.

/** What one run of a check said. */
export type CheckOutcome = {
  passed: boolean;
  timedOut: boolean;
  /** Why it was cut off by something else than time, a finished sentence. */
  ended?: string;
  /**
   * One stable name per failure, without line numbers, so that before and after can be compared:
   * `src/a.ts TS2532 Object is possibly undefined.` or `cart > totals an empty cart`.
   * Empty when it passed or when the output names none.
   */
  failures: readonly string[];
  /** How many tests it told to have passed; absent when it told of no number. */
  passes?: number;
  /** The end of the output, cleaned of secrets, at most 8,000 characters. */
  output: string;
};

export type CheckComparison = {
  /** True only when nothing shows that the change made something worse. */
  ok: boolean;
  /** True when it is `ok` but would be, whatever the change did: another step must prove the change. */
  silent: boolean;
  newFailures: string[];
  fixedFailures: string[];
  /** A finished sentence for people. */
  detail: string;
};

/**
 * Takes one check's results at the base and with the change. A check that failed at the base is not
 * blamed on the change when every failure has a name and none is new.
 */
export function compareChecks(before: CheckOutcome, after: CheckOutcome): CheckComparison {
  const silence = silenceOf(before, after);
  if (silence) return { ok: true, silent: true, newFailures: [], fixedFailures: [], detail: silence };
  // Of a run that was cut off nobody knows what it would have named.
  const cut = isCut(after) || (isCut(before) && !after.passed);
  const newFailures = cut ? [] : missingFrom(before.failures, after.failures);
  const fixedFailures = cut ? [] : missingFrom(after.failures, before.failures);
  const doubt = doubtOf(before, after, newFailures);
  const told = { silent: false, newFailures, fixedFailures };
  if (doubt) return { ...told, ok: false, detail: doubt };
  return { ...told, ok: true, detail: praiseOf(before, after, fixedFailures) };
}

/** A check that fails at the base in a way that hides what the change does. It must not have got worse. */
export function isMute({ passed, timedOut, ended, failures, passes }: CheckOutcome): boolean {
  return !passed && (timedOut || ended !== undefined || failures.length === 0 || passes === 0);
}

/** Whether a check can tell anything of a change of these files: compilers of types pass over plain JavaScript. */
export function canTell(check: { kind: string }, paths: readonly string[]): boolean {
  return check.kind !== 'types' || paths.some((path) => !/\.[cm]?jsx?$/.test(path));
}

function isCut({ timedOut, ended }: CheckOutcome): boolean {
  return timedOut || ended !== undefined;
}

/** Null when the two runs say something about the change. */
function silenceOf(before: CheckOutcome, after: CheckOutcome): string | null {
  if (!isMute(before) || after.passed) return silenceOfNone(before, after);
  if (before.timedOut && after.timedOut)
    return 'It did not finish in time, neither before the change nor with it, so it proves nothing.';
  if (isCut(before) || isCut(after)) return null;
  if (before.passes === 0 && before.failures.length > 0 && haveSame(before.failures, after.failures))
    return 'Nothing passes before the change, and with it the same fails, so it proves nothing.';
  const same = before.output !== '' && withoutTimes(before.output) === withoutTimes(after.output);
  return same && before.failures.length === 0 && after.failures.length === 0
    ? 'It fails before the change and with it, with the same output, so it proves nothing.'
    : null;
}

/** A test that came with the change is judged by itself. */
function silenceOfNone(before: CheckOutcome, after: CheckOutcome): string | null {
  return before.passed && after.passed && before.passes === 0
    ? 'It passes without any test before the change, so it proves nothing.'
    : null;
}

/** How long something took and where in a file it is may differ; how many there are may not. */
function withoutTimes(output: string): string {
  return output
    .replace(/\b\d+(?:\.\d+)? ?(?:ms|m?s|sec(?:ond)?s?|minutes?)\b/g, '#')
    .replace(/\b\d{4}-\d\d-\d\d\b|\b\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?\b/g, '#')
    .replace(/:\d+(?::\d+)?(?=\D|$)/g, ':#');
}

function doubtOf(before: CheckOutcome, after: CheckOutcome, added: readonly string[]): string | null {
  if (after.timedOut) return 'With the change the check did not finish in time.';
  if (after.ended !== undefined) return `With the change the check was cut off. ${after.ended}`;
  const comparable = before.passed || after.passed || before.failures.length > 0;
  if (added.length > 0 && comparable) return `The change causes ${counted(added.length, 'new failure')}.`;
  if (after.passed) return null;
  if (before.passed) return 'The check passed before the change and fails with it.';
  if (before.timedOut)
    return 'The check did not finish in time before the change and fails with it, so the two runs cannot be compared.';
  if (before.ended !== undefined)
    return 'The check was cut off before the change and fails with it, so the two runs cannot be compared.';
  if (before.failures.length === 0 || after.failures.length === 0)
    return 'The check fails before and after the change, and its output does not name the failures, so the two runs cannot be compared.';
  return null;
}

function praiseOf(before: CheckOutcome, after: CheckOutcome, fixed: readonly string[]): string {
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

function haveSame(one: readonly string[], other: readonly string[]): boolean {
  return missingFrom(one, other).length === 0 && missingFrom(other, one).length === 0;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
