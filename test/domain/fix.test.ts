// The stage of a fix and what follows from its facts, as a table. Order of arrival does not matter.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approvedFacts, type FixFacts, type PullFacts } from '../../src/domain/fix.ts';
import { isLive, isUnfinished, stageOf, todosOf } from '../../src/domain/stage.ts';
import type { Verdict } from '../../src/domain/pull/verdict.ts';

const approved = approvedFacts({ by: 'jane', at: 1, via: 'tick', hint: null });

function pull(state: PullFacts['state'], verdict: Verdict['state']): PullFacts {
  return {
    number: 1,
    url: 'https://host.example/pull/1',
    state,
    headSha: 'a',
    mergeSha: state === 'merged' ? 'b' : null,
    mergedAt: state === 'merged' ? 2 : null,
    closedAt: state === 'open' ? null : 2,
    verdict: { state: verdict, detail: '' },
    base: 'main',
    draft: false,
    conflicts: false,
    failed: [],
  };
}

const ending = { reason: 'because', at: 2 };
const resolution = { at: 3, how: 'in-next-release' as const, note: null };
const finished = { announced: true, cleanedUp: true, noted: true };

const rows: [string, Partial<FixFacts>, string, string[], boolean][] = [
  ['just approved', {}, 'approved', ['work'], true],
  ['at work', { progress: { step: 'x', since: 1 } }, 'working', ['work'], true],
  ['open', { pull: pull('open', 'pending') }, 'proposed', ['await-merge'], true],
  ['open and green', { pull: pull('open', 'passed') }, 'proposed', ['await-merge'], true],
  ['merged, CI running', { pull: pull('merged', 'pending') }, 'merged', ['await-checks'], true],
  ['merged and green', { pull: pull('merged', 'passed') }, 'merged', ['resolve'], true],
  ['merged and red', { pull: pull('merged', 'failed') }, 'merged', ['announce', 'clean-up'], false],
  [
    'merged, cut off while it was resolved, red since',
    { pull: pull('merged', 'failed'), resolving: true },
    'merged',
    ['look-back'],
    false,
  ],
  ['merged without CI', { pull: pull('merged', 'none') }, 'merged', ['announce', 'clean-up'], true],
  ['merged and red, told', { pull: pull('merged', 'failed'), ...finished }, 'merged', [], false],
  ['closed', { pull: pull('closed', 'passed') }, 'closed', ['announce', 'clean-up'], false],
  ['closed, told', { pull: pull('closed', 'passed'), ...finished }, 'closed', [], false],
  [
    'resolved',
    { pull: pull('merged', 'passed'), resolution },
    'resolved',
    ['note', 'announce', 'clean-up'],
    false,
  ],
  [
    'resolved, told',
    { pull: pull('merged', 'passed'), resolution, announced: true },
    'resolved',
    ['note', 'clean-up'],
    false,
  ],
  ['all done', { pull: pull('merged', 'passed'), resolution, ...finished }, 'resolved', [], false],
  ['refused', { ending: { kind: 'refused', ...ending } }, 'refused', ['clean-up'], false],
  ['failed', { ending: { kind: 'failed', ...ending } }, 'failed', ['clean-up'], false],
  ['not actionable', { ending: { kind: 'to-archive', ...ending } }, 'to-archive', ['clean-up'], false],
  ['withdrawn', { ending: { kind: 'withdrawn', ...ending }, cleanedUp: true }, 'withdrawn', [], false],
  [
    'refused, then merged by hand',
    { ending: { kind: 'refused', ...ending }, pull: pull('merged', 'passed') },
    'merged',
    ['resolve'],
    true,
  ],
];

describe('stage and to-dos', () => {
  it.each(rows)('%s', (_, facts, stage, todos, live) => {
    const all = { ...approved, ...facts };
    expect(stageOf(all)).toBe(stage);
    expect(todosOf(all)).toEqual(todos);
    expect(isLive(all)).toBe(live);
  });

  it('never resolves what was not merged with passed checks', () => {
    const facts = fc.record({
      progress: fc.constantFrom(null, { step: 'x', since: 1 }),
      ending: fc.constantFrom(
        null,
        ...(['refused', 'failed', 'to-archive', 'withdrawn'] as const).map((kind) => ({ kind, ...ending })),
      ),
      pull: fc.option(
        fc
          .tuple(
            fc.constantFrom('open' as const, 'merged' as const, 'closed' as const),
            fc.constantFrom('passed' as const, 'failed' as const, 'pending' as const, 'none' as const),
          )
          .map(([state, verdict]) => pull(state, verdict)),
      ),
      resolution: fc.constantFrom(null, resolution),
      announced: fc.boolean(),
      cleanedUp: fc.boolean(),
    });
    fc.assert(
      fc.property(facts, (some) => {
        const all = { ...approved, ...some };
        if (!todosOf(all).includes('resolve')) return;
        expect(all.pull).toMatchObject({ state: 'merged', verdict: { state: 'passed' } });
        expect(all.resolution).toBeNull();
      }),
    );
  });
});

describe('the timer', () => {
  const day = 24 * 60 * 60 * 1000;
  const left = { ...approved, announced: true, cleanedUp: true };

  it('looks for a week whether checks of a merged change report late or are run again', () => {
    for (const verdict of ['none', 'failed'] as const) {
      const facts = { ...left, pull: { ...pull('merged', verdict), mergedAt: 10 * day } };
      expect(todosOf(facts)).toEqual([]);
      expect(isUnfinished(facts, 11 * day)).toBe(true);
      expect(isUnfinished(facts, 18 * day)).toBe(false);
    }
  });

  it('leaves alone what a person closed', () => {
    expect(isUnfinished({ ...left, pull: pull('closed', 'passed') }, 1)).toBe(false);
  });
});
