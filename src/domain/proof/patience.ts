// Longer time-outs, more retries, wider tolerances: numbers that went up (or down) on the same line of code.
// Compares lines of one hunk that differ in their numbers only; it must not guess across hunks.

import { isTestPath } from './path-rules.ts';
import type { DiffLine, FileDiff } from './unified-diff.ts';
import type { Loosening } from './loosening.ts';

type Gauge = { what: string; pattern: RegExp; worse: 'more' | 'less'; testsOnly: boolean };

const gauges: readonly Gauge[] = [
  { what: 'a longer time-out', pattern: /time_?-?out|deadline|\bttl\b/i, worse: 'more', testsOnly: false },
  { what: 'more retries', pattern: /retr(?:y|ies)|attempts/i, worse: 'more', testsOnly: false },
  {
    what: 'a wider tolerance',
    pattern: /toBeCloseTo|toBeGreaterThan|minimum|threshold/i,
    worse: 'less',
    testsOnly: true,
  },
  {
    what: 'a wider tolerance',
    pattern: /toBeLessThan|tolerance|epsilon|delta|\babs\s*=|\brel\s*=|approx/i,
    worse: 'more',
    testsOnly: true,
  },
];

/** Numbers of the file that were moved towards letting more pass. */
export function findPatience(file: FileDiff): Loosening[] {
  const inTest = isTestPath(file.path);
  return file.hunks.flatMap((hunk) =>
    hunk.filter((line) => line.kind === 'added').flatMap((line) => judge(line, hunk, inTest)),
  );
}

function judge(added: DiffLine, hunk: readonly DiffLine[], inTest: boolean): Loosening[] {
  const gauge = gauges.find((one) => one.pattern.test(added.text) && (inTest || !one.testsOnly));
  if (!gauge) return [];
  const before = hunk.find((line) => line.kind === 'removed' && shape(line.text) === shape(added.text));
  if (before)
    return moved(numbers(before.text), numbers(added.text), gauge)
      ? [{ line: added.line, what: gauge.what }]
      : [];
  const isNewRetry =
    gauge.what === 'more retries' &&
    /\b(?:max_?)?(?:retries|attempts|retry)\b["']?\s*[:=(]\s*[1-9]/i.test(added.text);
  return isNewRetry ? [{ line: added.line, what: gauge.what }] : [];
}

const number = /\b\d[\d_]*(?:\.\d+)?(?:e-?\d+)?\b/gi;

function shape(text: string): string {
  return text
    .trim()
    .replace(number, 'N')
    .replace(/N(?:\s*\*\s*N)+/g, 'N');
}

/** Products count as one number: `5 * 60 * 1000`. */
function numbers(text: string): number[] {
  const products = text.match(new RegExp(`${number.source}(?:\\s*\\*\\s*${number.source})*`, 'gi')) ?? [];
  return products.map((product) =>
    product.split('*').reduce((value, part) => value * Number(part.trim().replaceAll('_', '')), 1),
  );
}

function moved(before: readonly number[], after: readonly number[], { worse, pattern }: Gauge): boolean {
  // `toBeCloseTo(value, digits)`: only the digits are the tolerance.
  const from = pattern.source.startsWith('toBeCloseTo') && before.length > 1 ? before.length - 1 : 0;
  return after.slice(from).some((value, index) => {
    const old = before[from + index] ?? value;
    return worse === 'more' ? value > old : value < old;
  });
}
