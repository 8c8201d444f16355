// What follows for an open pull request, as a table; and what it must never do, whatever the facts.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approvedFacts, type Fix, type FixFacts, type PullFacts } from '../../src/domain/fix.ts';
import { stageOf } from '../../src/domain/stage.ts';
import { newLife, type LifeFacts } from '../../src/domain/pull/life-facts.ts';
import {
  isQuiet,
  isRedLikeBase,
  isStuck,
  nextOfPull,
  stepBackReason,
} from '../../src/domain/pull/pull-life.ts';
import { gaveUp, openState } from '../../src/domain/pull/pull-wording.ts';

const approved = approvedFacts({ by: 'mia', at: 1, via: 'tick', hint: null });
const proposal = {
  branch: 'sentry/a-1',
  commit: 'aaa',
  replaces: null,
  base: 'bbb',
  files: [],
  strategy: 'T1',
};
const red = { name: 'test', how: 'failure', run: 5 };
const rules = { now: 10_000, mostRetries: 1 };

type State = PullFacts['verdict']['state'];
type Shown = Omit<Partial<PullFacts>, 'verdict'> & { verdict?: State };

function factsOf({ verdict = 'pending', ...shown }: Shown, life: Partial<LifeFacts> = {}): FixFacts {
  const pull: PullFacts = {
    number: 7,
    url: 'https://host.example/pull/7',
    state: 'open',
    headSha: 'aaa',
    mergeSha: null,
    mergedAt: null,
    closedAt: null,
    verdict: { state: verdict, detail: '' },
    base: 'main',
    draft: true,
    conflicts: false,
    failed: verdict === 'failed' ? [red] : [],
    ...shown,
  };
  return { ...approved, proposal, pull, proposedAt: 1, life: { ...newLife, base: 'main', ...life } };
}

const compared = { baseRed: { head: 'aaa', names: [] } };
const stuck = { stuck: { head: 'aaa', reason: 'No.' } };
const reworked: FixFacts['rework'] = { by: 'mia', at: 5, cause: 'person', hint: '', commit: null };
const long = { now: 10 * 60_000 + 1, mostRetries: 1 };

describe('what waits for the world alone', () => {
  const waiting = factsOf({ verdict: 'passed', draft: false }, { readyAt: 2, asked: [] });
  const approval = { by: 'mia', at: 1, via: 'tick' as const };
  const joiner = {
    fixId: 'f2',
    problemId: '2',
    shortId: 'A-2',
    title: '',
    permalink: '',
    attempt: 1,
    approval,
  };

  it.each<[string, FixFacts]>([
    ['green, ready and asked', waiting],
    ['CI runs', factsOf({})],
    ['red, given up', factsOf({ verdict: 'failed' }, { ...compared, retries: 1, ...stuck })],
    ['people have taken it over', factsOf({ headSha: 'zzz' }, { steppedBack: 'pushed' })],
  ])('%s', (_, facts) => {
    expect(isQuiet(facts, rules)).toBe(true);
  });

  it.each<[string, FixFacts, typeof rules]>([
    ['it is to be marked ready', factsOf({ verdict: 'passed' }), rules],
    ['silence has become an answer', factsOf({ verdict: 'none' }), long],
    ['the source is to be asked', { ...waiting, life: { ...waiting.life, vanished: true } }, rules],
    ['it has a turn to give back', { ...waiting, life: { ...waiting.life, turn: 5 } }, rules],
    ['it is worked on', { ...waiting, rework: reworked }, rules],
    ['others are to be told', { ...waiting, joiners: [{ ...joiner, told: false }] }, rules],
    ['it is merged', factsOf({ state: 'merged', verdict: 'pending', mergedAt: 5 }), rules],
    ['it is closed', factsOf({ state: 'closed', closedAt: 5 }), rules],
    ['it has no pull request', { ...waiting, pull: null }, rules],
  ])('not when %s', (_, facts, when) => {
    expect(isQuiet(facts, when)).toBe(false);
  });
});

describe('the next thing to do', () => {
  it.each<[string, FixFacts, string | null]>([
    ['CI runs', factsOf({}), null],
    ['green', factsOf({ verdict: 'passed' }), 'make-ready'],
    ['green and ready', factsOf({ verdict: 'passed', draft: false }, { readyAt: 2 }), 'ask-reviewers'],
    ['green, ready and asked', factsOf({ verdict: 'passed', draft: false }, { readyAt: 2, asked: [] }), null],
    ['made a draft again by a person', factsOf({ verdict: 'passed' }, { readyAt: 2 }), null],
    ['no CI yet', factsOf({ verdict: 'none' }), null],
    ['red', factsOf({ verdict: 'failed' }), 'compare-with-base'],
    [
      'red, compared for another head',
      factsOf({ verdict: 'failed' }, { baseRed: { head: 'zzz', names: ['test'] } }),
      'compare-with-base',
    ],
    ['red, the base is not', factsOf({ verdict: 'failed' }, compared), 'try-again'],
    [
      'red, the base too',
      factsOf({ verdict: 'failed' }, { baseRed: { head: 'aaa', names: ['test'] } }),
      null,
    ],
    [
      'red again after the last attempt',
      factsOf({ verdict: 'failed' }, { ...compared, retries: 1 }),
      'give-up',
    ],
    [
      'red because cancelled',
      factsOf({ verdict: 'failed', failed: [{ ...red, how: 'cancelled' }] }, compared),
      'give-up',
    ],
    ['red, given up', factsOf({ verdict: 'failed' }, { ...compared, ...stuck }), null],
    ['given up, then run again and green', factsOf({ verdict: 'passed' }, stuck), 'make-ready'],
    [
      'given up for an earlier head',
      factsOf({ verdict: 'failed', headSha: 'aaa' }, { ...compared, stuck: { head: 'old', reason: '' } }),
      'try-again',
    ],
    ['does not merge', factsOf({ verdict: 'passed', conflicts: true }), 'rebuild'],
    ['does not merge, red', factsOf({ verdict: 'failed', conflicts: true }), 'rebuild'],
    ['does not merge, once too often', factsOf({ conflicts: true }, { rebuilds: 5 }), 'give-up'],
    ['does not merge, given up', factsOf({ conflicts: true }, stuck), null],
    [
      'an attempt is under way',
      {
        ...factsOf({ verdict: 'failed' }, compared),
        rework: { by: 'mia', at: 2, cause: 'checks', hint: '', commit: null },
      },
      null,
    ],
    ['a person pushed', factsOf({ headSha: 'theirs', verdict: 'failed' }), 'step-back'],
    [
      'a person pushed, said',
      factsOf({ headSha: 'theirs', verdict: 'passed' }, { steppedBack: 'pushed' }),
      null,
    ],
    [
      'an earlier commit of ours is shown yet',
      factsOf({ headSha: 'old', verdict: 'passed' }, { earlier: ['old'] }),
      'make-ready',
    ],
    [
      'an earlier commit of ours is red',
      factsOf(
        { headSha: 'old', verdict: 'failed' },
        { earlier: ['old'], baseRed: { head: 'old', names: [] } },
      ),
      'give-up',
    ],
    ['opened again', factsOf({ verdict: 'passed' }, { reopened: true }), 'step-back'],
    ['sent to another branch', factsOf({ verdict: 'passed', base: 'next' }), 'step-back'],
    ['not listed any more', factsOf({ verdict: 'passed' }, { vanished: true }), 'ask-source'],
    ['resolved by others', factsOf({ verdict: 'passed' }, { superseded: { reason: 'x', at: 1 } }), 'close'],
    [
      'resolved by others, but people pushed',
      factsOf({ headSha: 'theirs' }, { superseded: { reason: 'x', at: 1 } }),
      'step-back',
    ],
    [
      'closed by us, opened again',
      factsOf({}, { superseded: { reason: 'x', at: 1 }, reopened: true }),
      'step-back',
    ],
    ["a person's own, linked", { ...factsOf({ verdict: 'passed' }), proposal: null }, null],
    [
      'after the database was lost, green',
      { ...factsOf({ verdict: 'passed' }), proposal: { ...proposal, commit: '' } },
      'make-ready',
    ],
    [
      'after the database was lost, red',
      { ...factsOf({ verdict: 'failed' }, compared), proposal: { ...proposal, commit: '' } },
      'give-up',
    ],
    [
      'after the database was lost, conflicts',
      { ...factsOf({ conflicts: true }), proposal: { ...proposal, commit: '' } },
      'give-up',
    ],
    ['merged', factsOf({ state: 'merged', verdict: 'passed' }), null],
    ['closed', factsOf({ state: 'closed', verdict: 'failed' }), null],
  ])('%s', (_, facts, todo) => {
    expect(nextOfPull(facts, rules)).toBe(todo);
  });

  it('offers for review what no check has reported on, after ten minutes', () => {
    expect(nextOfPull(factsOf({ verdict: 'none' }), long)).toBe('make-ready');
  });

  it('tries as often as the settings say', () => {
    const facts = factsOf({ verdict: 'failed' }, compared);
    expect(nextOfPull(facts, { ...rules, mostRetries: 0 })).toBe('give-up');
    expect(
      nextOfPull(factsOf({ verdict: 'failed' }, { ...compared, retries: 2 }), { ...rules, mostRetries: 3 }),
    ).toBe('try-again');
  });
});

const anyFacts = fc
  .record({
    state: fc.constantFrom('open' as const, 'merged' as const, 'closed' as const),
    headSha: fc.constantFrom('aaa', 'old', 'theirs'),
    verdict: fc.constantFrom<State>('passed', 'failed', 'pending', 'none'),
    base: fc.constantFrom('main', 'next', ''),
    draft: fc.boolean(),
    conflicts: fc.boolean(),
    life: fc.record({
      reopened: fc.boolean(),
      vanished: fc.boolean(),
      steppedBack: fc.constantFrom(null, 'pushed' as const),
      earlier: fc.subarray(['old']),
      retries: fc.integer({ min: 0, max: 3 }),
      rebuilds: fc.integer({ min: 0, max: 6 }),
      readyAt: fc.constantFrom(null, 1),
      asked: fc.option(fc.subarray(['mia'])),
      stuck: fc.constantFrom(null, { head: 'aaa', reason: '' }),
      baseRed: fc.option(fc.record({ head: fc.constant('aaa'), names: fc.subarray(['test']) })),
      superseded: fc.constantFrom(null, { reason: 'x', at: 1 }),
    }),
  })
  .map(({ life, ...shown }) => factsOf(shown, life));

describe('whatever the facts', () => {
  it('nothing is pushed onto what people have taken over, nor closed, nor done twice', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const todo = nextOfPull(facts, rules);
        if (todo === null) return;
        expect(stageOf(facts)).toBe('proposed');
        expect(facts.life.steppedBack).toBeNull();
        const isTheirs = stepBackReason(facts) !== null;
        expect(todo === 'step-back').toBe(isTheirs);
        if (todo === 'rebuild' || todo === 'try-again') expect(facts.pull?.headSha).toBe('aaa');
      }),
    );
  });

  it('ready is only what is green, or has no CI', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        if (nextOfPull(facts, long) !== 'make-ready') return;
        expect(['passed', 'none']).toContain(facts.pull?.verdict.state);
        expect(facts.pull?.conflicts).toBe(false);
      }),
    );
  });
});

function fixOf(facts: FixFacts): Fix {
  const names = {
    bindingId: 'a',
    problemId: '1',
    shortId: 'A-1',
    title: 't',
    permalink: 'https://s.example/1',
  };
  return { id: '1', ...names, attempt: 1, facts };
}

/** What is said once nothing more is tried for a head like this. */
function given(shown: Shown, life: Partial<LifeFacts> = {}): string {
  const facts = factsOf(shown, { ...compared, ...life, ...stuck });
  expect(isStuck(facts)).toBe(true);
  return gaveUp(fixOf(facts));
}

describe('in words', () => {
  it('what an open one waits for', () => {
    const like = factsOf({ verdict: 'failed' }, { baseRed: { head: 'aaa', names: ['test'] } });
    expect(isRedLikeBase(like)).toBe(true);
    const all = [
      factsOf({}),
      factsOf({ verdict: 'passed' }, { readyAt: 2 }),
      factsOf({ verdict: 'passed', draft: false }, { readyAt: 2, asked: ['mia', 'ops_team'] }),
      factsOf({ verdict: 'passed', draft: false }, { steppedBack: 'pushed' }),
      like,
      { ...like, rework: { by: 'mia', at: 2, cause: 'checks' as const, hint: '', commit: null } },
      { ...like, rework: { by: 'mia', at: 2, cause: 'conflicts' as const, hint: '', commit: null } },
    ];
    expect(all.map((facts) => openState(fixOf(facts)))).toMatchInlineSnapshot(`
      [
        "a draft until CI is green",
        "a draft; mark it ready to merge it",
        "waiting for a merge, review asked of mia, ops\\_team",
        "yours now, waiting for a merge",
        "\`test\` fails on \`main\` without this change, too; waiting for a person",
        "CI is red; trying again",
        "does not merge any more; being built anew on the new base",
      ]
    `);
  });

  it('why nothing more is tried', () => {
    expect([
      given({ verdict: 'failed' }),
      given({ verdict: 'failed' }, { retries: 1 }),
      given(
        {
          verdict: 'failed',
          failed: [
            { ...red, how: 'timed_out' },
            { ...red, name: 'li|nt`' },
          ],
        },
        { retries: 2 },
      ),
      given({ verdict: 'failed', failed: [{ ...red, how: 'action_required' }] }),
      given({ conflicts: true }),
    ]).toMatchInlineSnapshot(`
      [
        "CI failed in \`test\`. Look at its log; \`/sentry retry <hint>\` on the pull request tries again.",
        "CI failed in \`test\`, after one more attempt. Look at its log; \`/sentry retry <hint>\` on the pull request tries again.",
        "CI failed in \`test\`, <code>li&#124;nt&#96;</code>, after 2 more attempts. Look at its log; \`/sentry retry <hint>\` on the pull request tries again.",
        "CI did not end well: \`test\` (action required). That says nothing of the change: run it again.",
        "The base has moved, and this does not merge any more. Merge the base into it, or close it and tick again.",
      ]
    `);
  });
});
