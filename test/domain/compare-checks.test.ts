import { describe, expect, it } from 'vitest';
import { type CheckResultLike, compareChecks } from '../../src/domain/compare-checks.ts';

const passed: CheckResultLike = { passed: true, timedOut: false, failures: [] };
const failed = (...failures: string[]): CheckResultLike => ({ passed: false, timedOut: false, failures });
const timedOut: CheckResultLike = { passed: false, timedOut: true, failures: [] };

const table: {
  name: string;
  before: CheckResultLike;
  after: CheckResultLike;
  ok: boolean;
  added?: string[];
  fixed?: string[];
}[] = [
  { name: 'passes before and after', before: passed, after: passed, ok: true },
  { name: 'is mended', before: failed('a'), after: passed, ok: true, fixed: ['a'] },
  { name: 'is mended though unnamed before', before: failed(), after: passed, ok: true },
  { name: 'is mended after a time-out', before: timedOut, after: passed, ok: true },
  { name: 'breaks', before: passed, after: failed('a'), ok: false, added: ['a'] },
  { name: 'breaks without names', before: passed, after: failed(), ok: false },
  { name: 'fails as before', before: failed('a', 'b'), after: failed('b', 'a'), ok: true },
  { name: 'fails less than before', before: failed('a', 'b'), after: failed('b'), ok: true, fixed: ['a'] },
  { name: 'swaps a failure', before: failed('a'), after: failed('b'), ok: false, added: ['b'], fixed: ['a'] },
  {
    name: 'fails once more under the same name',
    before: failed('a'),
    after: failed('a', 'a (2)'),
    ok: false,
    added: ['a (2)'],
  },
  { name: 'fails unnamed before and after', before: failed(), after: failed(), ok: false },
  { name: 'loses the names', before: failed('a'), after: failed(), ok: false, fixed: ['a'] },
  { name: 'gains names', before: failed(), after: failed('a'), ok: false, added: ['a'] },
  { name: 'times out after', before: passed, after: timedOut, ok: false },
  { name: 'times out before and after', before: timedOut, after: timedOut, ok: false },
  { name: 'fails after a time-out', before: timedOut, after: failed('a'), ok: false, added: ['a'] },
  {
    name: 'says it passed but names a new failure',
    before: passed,
    after: { ...passed, failures: ['a'] },
    ok: false,
    added: ['a'],
  },
];

describe('compareChecks', () => {
  it.each(table)('a check that $name', ({ before, after, ok, added = [], fixed = [] }) => {
    const { detail, ...rest } = compareChecks(before, after);
    expect(rest).toEqual({ ok, newFailures: added, fixedFailures: fixed });
    expect(detail).toMatch(/^[A-Z].*\.$/);
  });

  it('says what happened in a sentence', () => {
    const details = table.map(({ before, after }) => compareChecks(before, after).detail);
    expect([...new Set(details)]).toMatchInlineSnapshot(`
      [
        "Passed before and after the change.",
        "Failed before the change and passes with it. The change mends 1 failure.",
        "Failed before the change and passes with it.",
        "The change causes 1 new failure.",
        "The check passed before the change and fails with it.",
        "No new failure; 2 failures were there before the change.",
        "No new failure; 1 failure was there before the change. The change mends 1 failure.",
        "The check fails before and after the change, and its output does not name the failures, so the two runs cannot be compared.",
        "With the change the check did not finish in time.",
        "The check did not finish in time before the change and fails with it, so the two runs cannot be compared.",
      ]
    `);
  });
});
