// The small decisions round a pull request: whom to ask, whose turn it is, what of a log matters, whose text it is.

import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/pull/description-digest.ts';
import { approvedFacts, type Fix, type FixFacts } from '../../src/domain/fix.ts';
import { withJoined, withoutJoined } from '../../src/domain/pull/joined.ts';
import { newLife } from '../../src/domain/pull/life-facts.ts';
import { failureTail } from '../../src/domain/pull/job-log.ts';
import { waitReason } from '../../src/domain/pull/pull-limits.ts';
import { chooseReviewers } from '../../src/domain/pull/reviewers.ts';
import { pull } from './triage-samples.ts';

describe('reviewers', () => {
  const owners = '* @mia\nsrc/pay/** @acme/payments @lea ops@example.com\nsrc/x.ts @bob @bob\n';

  it.each([
    ['the owners of each file', ['src/a.ts', 'src/x.ts'], null, [], { people: ['mia', 'bob'], teams: [] }],
    [
      'teams by their short name, mail addresses not at all',
      ['src/pay/a.ts'],
      null,
      [],
      { people: ['lea'], teams: ['payments'] },
    ],
    ['who wrote the line, after the owners', ['src/a.ts'], 'zoe', [], { people: ['mia', 'zoe'], teams: [] }],
    ['nobody twice, whatever the case', ['src/a.ts'], 'MIA', [], { people: ['mia'], teams: [] }],
    [
      'neither ourselves nor who is asked',
      ['src/a.ts'],
      'zoe',
      ['suture[bot]', 'Mia'],
      { people: ['zoe'], teams: [] },
    ],
    [
      'at most three',
      ['src/pay/a.ts', 'src/x.ts'],
      'zoe',
      [],
      { people: ['lea', 'bob'], teams: ['payments'] },
    ],
  ])('%s', (_, files, author, not, expected) => {
    expect(chooseReviewers({ owners, files, author, not })).toEqual(expected);
  });

  it('without CODEOWNERS there is the author alone, or nobody', () => {
    expect(chooseReviewers({ owners: null, files: ['a'], author: 'zoe', not: [] }).people).toEqual(['zoe']);
    expect(chooseReviewers({ owners: null, files: ['a'], author: null, not: [] }).people).toEqual([]);
  });
});

describe('turns', () => {
  const limits = { openPullRequests: 2, pullRequestsPerDay: 3 };
  const now = 100 * 24 * 3_600_000;
  const hour = 3_600_000;
  const proposal = { branch: 'b', commit: 'c', replaces: null, base: 'd', files: [], strategy: 's' };
  const fix = (
    state: 'open' | 'merged' | 'closed' | null,
    ago: number,
    more: Partial<FixFacts> = {},
  ): Fix => {
    const facts = approvedFacts({ by: 'mia', at: 1, via: 'tick', hint: null });
    const shown = { ...pull, state: state ?? 'open', verdict: { state: 'none' as const, detail: '' } };
    const made = state === null ? {} : { proposal, proposedAt: now - ago, pull: shown };
    const names = { bindingId: 'a', problemId: '1', shortId: 'A', title: 't', permalink: 'p' };
    return { id: '1', ...names, attempt: 1, facts: { ...facts, ...made, ...more } };
  };

  it.each<[string, Fix[], string | null]>([
    ['none', [], null],
    ['one is open', [fix('open', hour)], null],
    ['two are open', [fix('open', 900 * hour), fix('open', hour)], '2 pull requests are open'],
    [
      'merged and closed ones are not open',
      [fix('merged', 30 * hour), fix('closed', 30 * hour), fix('open', 30 * hour)],
      null,
    ],
    [
      'three were opened today',
      [fix('merged', hour), fix('closed', 2 * hour), fix('merged', 23 * hour)],
      '3 pull requests were opened in the last 24 hours',
    ],
    [
      'the third was opened yesterday',
      [fix('merged', hour), fix('closed', 2 * hour), fix('merged', 25 * hour)],
      null,
    ],
    [
      'what is under way counts',
      [fix('open', hour), fix(null, 0, { life: { ...newLife, turn: now } })],
      '2 pull requests are open or under way',
    ],
    [
      'what is under way counts for the day',
      [fix('merged', hour), fix('closed', hour), fix(null, 0, { life: { ...newLife, turn: now } })],
      '3 pull requests were opened in the last 24 hours or are under way',
    ],
    [
      'who waits for somebody else has given its turn back, and who joined needs none',
      [
        fix('open', hour),
        fix(null, 0, { held: { why: 'x', since: now } }),
        fix(null, 0, { life: { ...newLife, turn: now }, joined: { fixId: '2', shortId: 'B' } }),
      ],
      null,
    ],
    [
      'who waited and has a turn again counts before it goes on',
      [fix('open', hour), fix(null, 0, { life: { ...newLife, turn: now }, held: { why: 'x', since: now } })],
      '2 pull requests are open or under way',
    ],
    ['what has not begun does not count', [fix(null, 0), fix(null, 0), fix(null, 0)], null],
    [
      "people's own, linked, do not count",
      [fix('open', hour, { proposal: null }), fix('open', hour, { proposal: null })],
      null,
    ],
  ])('%s', (_, fixes, reason) => {
    expect(waitReason(fixes, { limits, now })).toBe(reason);
  });

  it('one is one', () => {
    const one = { limits: { openPullRequests: 1, pullRequestsPerDay: 1 }, now };
    expect(waitReason([fix('open', hour)], one)).toBe('1 pull request is open');
    expect(waitReason([fix('merged', hour)], one)).toBe('1 pull request was opened in the last 24 hours');
  });
});

describe('the log of a job', () => {
  const at = '2026-11-25T10:00:00.0000000Z ';
  const escape = String.fromCodePoint(27);

  it('ends with its last error, without times and colours', () => {
    const log = [
      `${at}##[group]Run npm test`,
      `${at}${escape}[31mnot ok 3 - names what is there${escape}[39m`,
      `${at}##[error]Process completed with exit code 1.`,
      `${at}Post job cleanup.`,
      `${at}[command]/usr/bin/git version`,
    ].join('\r\n');
    expect(failureTail(log, 4_000)).toBe(
      'Run npm test\nnot ok 3 - names what is there\nProcess completed with exit code 1.',
    );
  });

  it('keeps the end of what is long, and of what marks no error', () => {
    expect(failureTail(`${'x'.repeat(50)}\nlast`, 10)).toBe('xxxxx\nlast');
    expect(failureTail('', 10)).toBe('');
  });
});

describe('a description', () => {
  it('is the same whoever joined it', () => {
    const body = '**Root cause.** It is undefined.\n';
    const names = { signer: { sign: () => 'x', verify: () => true }, bindingId: 'a' };
    const joiner = {
      fixId: '2',
      problemId: '2',
      shortId: 'B-2',
      title: 't',
      permalink: 'https://s.example/2',
    };
    const approval = { by: 'mia', at: 1, via: 'tick' as const };
    const joined = withJoined(body, [{ ...joiner, attempt: 1, approval, told: false }], names);
    expect(joined).toContain('B-2');
    expect(digestOf(withoutJoined(joined))).toBe(digestOf(body));
    expect(digestOf(withoutJoined(`${joined}By the way.`))).not.toBe(digestOf(body));
  });

  it('is the same with other line ends, and another with one letter changed', () => {
    expect(digestOf('a\r\nb\r\n')).toBe(digestOf('a\nb'));
    expect(digestOf('a\nb')).not.toBe(digestOf('a\nc'));
    expect(digestOf('🪡')).not.toBe(digestOf('🧵'));
  });
});
