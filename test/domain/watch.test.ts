// Whether a resolved problem stays gone: when to look, what a look means, and the words for it.

import { describe, expect, it } from 'vitest';
import { earlierAttempts, earlierLines } from '../../src/domain/record/earlier.ts';
import type { Fix, FixFacts } from '../../src/domain/fix.ts';
import { stageOf } from '../../src/domain/stage.ts';
import type { Problem } from '../../src/domain/problem.ts';
import { looked, watchDue, watchText } from '../../src/domain/watch.ts';
import { fix, hour, now, problem, pull } from './triage-samples.ts';

const day = 24 * hour;
const days = 7;
const verdict = { state: 'passed' as const, detail: 'x' };
const merged = { ...pull, state: 'merged' as const, verdict };

function resolvedFix(how: 'in-next-release' | 'now' | 'gone', at = now): Fix {
  return fix('1', { pull: merged, resolution: { at, how, note: null } });
}

type Step = { at: number; release?: string | null; seen: Partial<Problem> | null };

/** The facts after these looks, one after the other. */
function after(start: Fix, steps: readonly Step[]): FixFacts {
  let { facts } = start;
  for (const { at, release = '1.4.1', seen } of steps) {
    const found = seen === null ? null : problem('1', { status: 'resolved', ...seen });
    const look = { problem: found, release, days, now: now + at };
    facts = { ...facts, watch: looked(facts, look) };
  }
  return facts;
}

function told(facts: FixFacts): string {
  return facts.watch ? watchText(facts.watch, days) : '';
}

const start: Step = { at: 0, seen: { count: 900, daily: [400, 447] } };
const out: Step = { at: day, release: '1.4.2', seen: { count: 903 } };

describe('a watch', () => {
  it('waits for a release with the fix, then counts', () => {
    const fresh = resolvedFix('in-next-release');
    expect(told(after(fresh, [start]))).toMatchInlineSnapshot(
      `"Watched from the next release on: 847 events in the 14 days before"`,
    );
    expect(told(after(fresh, [start, out]))).toMatchInlineSnapshot(
      `"Watched until 1 Dec 2026: 847 events in the 14 days before, 0 since 1&#8203;.4.2"`,
    );
  });

  it('ends well when nothing came', () => {
    const facts = after(resolvedFix('in-next-release'), [
      start,
      out,
      { at: 8 * day, release: '1.4.2', seen: { count: 903 } },
    ]);
    expect(stageOf(facts)).toBe('watched');
    expect(told(facts)).toMatchInlineSnapshot(
      `"Gone since 1&#8203;.4.2: 847 events in the 14 days before, 0 in 7 days since"`,
    );
  });

  it('is honest about events of older releases, which reopen nothing', () => {
    const facts = after(resolvedFix('in-next-release'), [
      start,
      out,
      { at: 8 * day, release: '1.4.3', seen: { count: 915 } },
    ]);
    expect(told(facts)).toMatchInlineSnapshot(
      `"Not back since 1&#8203;.4.2: 847 events in the 14 days before, 12 in 7 days since, all of them from releases without the fix"`,
    );
  });

  it('ends badly at once when the problem is unresolved again', () => {
    const back: Step = { at: 2 * day, release: '1.4.2', seen: { count: 908, status: 'unresolved' } };
    const facts = after(resolvedFix('in-next-release'), [start, out, back]);
    expect(stageOf(facts)).toBe('regressed');
    expect(told(facts)).toMatchInlineSnapshot(
      `"It came back: 847 events in the 14 days before, 5 since 1&#8203;.4.2"`,
    );
    // What ended stays as it was, whatever is seen later.
    expect(after({ ...resolvedFix('now'), facts }, [{ at: 9 * day, seen: {} }])).toEqual(facts);
  });

  it('counts from the resolution where no release is waited for, and for whole days', () => {
    const facts = after(resolvedFix('now'), [
      { ...start, release: null },
      { at: 7 * day, release: null, seen: { count: 900 } },
    ]);
    expect(told(facts)).toMatchInlineSnapshot(
      `"Gone since 23 Nov 2026: 847 events in the 14 days before, 0 in 7 days since"`,
    );
  });

  it.each<[string, Step, string]>([
    ['no release came', { at: 31 * day, seen: {} }, 'no release with the fix came out in 30 days'],
    ['it was archived', { at: day, seen: { status: 'ignored' } }, 'archived in Sentry'],
    ['it was deleted', { at: day, seen: null }, 'does not show it any more'],
  ])('ends without a verdict when %s', (_, step, words) => {
    const facts = after(resolvedFix('in-next-release'), [start, step]);
    expect(stageOf(facts)).toBe('resolved');
    expect(told(facts)).toContain(words);
    expect(watchDue(facts, { days, now: now + 40 * day })).toBe(false);
  });
});

const due = (facts: FixFacts, at: number, length = days): boolean =>
  watchDue(facts, { days: length, now: now + at });

describe('a look is due', () => {
  it('at once, and then twice a day', () => {
    const fresh = resolvedFix('now');
    expect(due(fresh.facts, 0)).toBe(true);
    const facts = after(fresh, [start]);
    expect([due(facts, 11 * hour), due(facts, 12 * hour)]).toEqual([false, true]);
    expect([due(facts, hour, 1), due(facts, 2 * hour, 1)]).toEqual([false, true]);
  });

  it('never for what was not resolved, is gone, is not to be watched, or was resolved before there was a watch', () => {
    expect(due(fix('1', { pull: merged }).facts, 0)).toBe(false);
    expect(due(resolvedFix('gone').facts, 0)).toBe(false);
    expect(due(resolvedFix('now').facts, 0, 0)).toBe(false);
    expect(due(resolvedFix('now', now - 3 * day).facts, 0)).toBe(false);
  });
});

describe('what was tried before', () => {
  const proposal = {
    branch: 'b',
    commit: 'c',
    replaces: null,
    base: 'd',
    files: ['src/a.ts'],
    strategy: 'T1 non-null assertion',
  };

  it('goes to the next attempt, oldest first, with why it was not enough', () => {
    const regressed = after(resolvedFix('now'), [
      start,
      { at: day, seen: { count: 905, status: 'unresolved' } },
    ]);
    const first = { ...fix('1', { ...regressed, proposal }), attempt: 1 };
    const second = {
      ...fix('1', { ending: { kind: 'withdrawn', reason: 'x', at: now } }),
      id: 'f2',
      attempt: 2,
    };
    const closed = { ...pull, verdict, number: 12, state: 'closed' as const };
    const third = { ...fix('1', { pull: closed, proposal }), id: 'f3', attempt: 3 };
    const present = { ...fix('1', {}), id: 'f4', attempt: 4 };
    const other = { ...fix('2', { proposal }), id: 'f5', attempt: 1 };
    const found = earlierAttempts([first, second, third, present, other], present);
    expect(found.map(({ attempt }) => attempt)).toEqual([1, 3]);
    expect(earlierLines(found)).toMatchInlineSnapshot(`
      "- [pull request 57](https://github.example/acme/shop-web/pull/57) · T1 non-null assertion · \`src/a.ts\`: It came back: 847 events in the 14 days before, 5 since 23 Nov 2026.
      - [pull request 12](https://github.example/acme/shop-web/pull/57) · T1 non-null assertion · \`src/a.ts\`: A person closed its pull request without a merge."
    `);
    expect(earlierAttempts([first], first)).toEqual([]);
  });
});
