import { describe, expect, it } from 'vitest';
import { canTell, type CheckOutcome, compareChecks } from '../../src/domain/proof/compare-checks.ts';

const passed: CheckOutcome = { passed: true, timedOut: false, failures: [], output: '' };
const failed = (...failures: string[]): CheckOutcome => ({ ...passed, passed: false, failures });
const saying = (output: string): CheckOutcome => ({ ...failed(), output });
const nonePasses = (...failures: string[]): CheckOutcome => ({ ...failed(...failures), passes: 0 });
const timedOut: CheckOutcome = { ...failed(), timedOut: true };
const ended: CheckOutcome = { ...failed('a'), ended: 'It used more than 2048 MB of memory.' };

const table: {
  name: string;
  before: CheckOutcome;
  after: CheckOutcome;
  ok: boolean;
  silent?: boolean;
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
  { name: 'times out before and after', before: timedOut, after: timedOut, ok: true, silent: true },
  { name: 'fails after a time-out', before: timedOut, after: failed('a'), ok: false },
  {
    name: 'is cut off by time before, and names more after',
    before: { ...timedOut, failures: ['b'] },
    after: failed('a'),
    ok: false,
  },
  {
    name: 'names some failures and times out',
    before: passed,
    after: { ...timedOut, failures: ['a'] },
    ok: false,
  },
  { name: 'is cut off after', before: passed, after: ended, ok: false },
  { name: 'is cut off before and after', before: ended, after: ended, ok: false },
  { name: 'fails after it was cut off', before: ended, after: failed('b'), ok: false },
  {
    name: 'says the same before and after, but for times and places',
    before: saying('Error: no dist/index.html\nat a.js:4:2\nDone in 2.1s'),
    after: saying('Error: no dist/index.html\nat a.js:5:2\nDone in 3s'),
    ok: true,
    silent: true,
  },
  {
    name: 'fails without names and says more',
    before: saying('2 problems'),
    after: saying('3 problems'),
    ok: false,
  },
  {
    name: 'lets nothing pass before and after',
    before: nonePasses('a', 'b'),
    after: nonePasses('b', 'a'),
    ok: true,
    silent: true,
  },
  {
    name: 'lets nothing pass and breaks more',
    before: nonePasses('a'),
    after: nonePasses('a', 'b'),
    ok: false,
    added: ['b'],
  },
  {
    name: 'lets nothing pass and is mended in part',
    before: nonePasses('a', 'b'),
    after: { ...failed('b'), passes: 1 },
    ok: true,
    fixed: ['a'],
  },
  {
    name: 'says it passed but names a new failure',
    before: passed,
    after: { ...passed, failures: ['a'] },
    ok: false,
    added: ['a'],
  },
];

describe('compareChecks', () => {
  it.each(table)('a check that $name', ({ before, after, ok, silent = false, added = [], fixed = [] }) => {
    const { detail, ...rest } = compareChecks(before, after);
    expect(rest).toEqual({ ok, silent, newFailures: added, fixedFailures: fixed });
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
        "It did not finish in time, neither before the change nor with it, so it proves nothing.",
        "The check did not finish in time before the change and fails with it, so the two runs cannot be compared.",
        "With the change the check was cut off. It used more than 2048 MB of memory.",
        "The check was cut off before the change and fails with it, so the two runs cannot be compared.",
        "It fails before the change and with it, with the same output, so it proves nothing.",
        "Nothing passes before the change, and with it the same fails, so it proves nothing.",
      ]
    `);
  });
});

describe('canTell', () => {
  it.each([
    ['types', ['src/a.js', 'test/a.test.mjs'], false],
    ['types', ['src/a.js', 'src/b.ts'], true],
    ['types', ['src/lib.rs'], true],
    ['tests', ['src/a.js'], true],
    ['own', ['src/a.js'], true],
  ])('%s of %j: %j', (kind, paths, expected) => {
    expect(canTell({ kind }, paths)).toBe(expected);
  });
});
