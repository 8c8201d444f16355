// The triage issue as people read it, and its boxes as we read them back.

import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { approvedFacts, type Fix, type FixFacts } from '../../src/domain/fix.ts';
import type { Signer } from '../../src/domain/marker.ts';
import type { Binding, Problem } from '../../src/domain/problem.ts';
import { defaultSettings } from '../../src/domain/settings.ts';
import { readBoxes, readTicks } from '../../src/domain/ticks.ts';
import { renderTriageIssue, sameBody } from '../../src/domain/triage-issue.ts';
import { triageView, type TriageFacts } from '../../src/domain/triage-view.ts';

const now = Date.UTC(2026, 10, 23, 9, 2);
const hour = 60 * 60 * 1000;

function signerWith(key: string): Signer {
  const sign = (text: string): string => createHmac('sha256', key).update(text).digest('hex').slice(0, 16);
  return { sign, verify: (text, signature) => sign(text) === signature };
}

const signer = signerWith('key');

const binding: Binding = {
  id: 'acme/shop=acme/shop-web',
  source: { org: 'acme', project: 'shop' },
  repo: { owner: 'acme', name: 'shop-web' },
};

function problem(id: string, change: Partial<Problem> = {}): Problem {
  return {
    id,
    shortId: `SHOP-${id}`,
    title: `TypeError: Cannot read properties of undefined (reading 'price')`,
    culprit: 'lineTotal(cart)',
    level: 'error',
    status: 'unresolved',
    substatus: 'new',
    count: 10 * Number(id),
    userCount: 3,
    firstSeen: now - 48 * hour,
    lastSeen: now - 2 * hour,
    platform: 'node',
    category: 'error',
    unhandled: true,
    exception: { type: 'TypeError', value: 'x' },
    daily: [],
    releases: null,
    permalink: `https://sentry.example/issues/${id}/`,
    projectId: '1',
    ...change,
  };
}

function fix(id: string, change: Partial<FixFacts>): Fix {
  const facts = approvedFacts({ by: 'jane', at: now - hour, via: 'tick', hint: null });
  return {
    id: `fix-${id}`,
    bindingId: binding.id,
    problemId: id,
    shortId: `SHOP-${id}`,
    title: 'TypeError',
    permalink: `https://sentry.example/issues/${id}/`,
    attempt: 1,
    facts: { ...facts, ...change },
  };
}

const pull = {
  number: 57,
  url: 'https://github.example/acme/shop-web/pull/57',
  headSha: 'a'.repeat(40),
  mergeSha: null,
  mergedAt: null,
  closedAt: null,
};

type Given = Partial<TriageFacts> & { carry?: string[]; at?: number };

function render(problems: Problem[], fixes: Fix[] = [], given: Given = {}) {
  const { carry = [], at = now, ...facts } = given;
  const view = triageView({
    binding,
    problems,
    fixes,
    findings: [],
    skips: [],
    unclaimed: [],
    notice: null,
    settings: defaultSettings,
    mistakes: [],
    now,
    ...facts,
  });
  return { view, ...renderTriageIssue(view, { signer, refreshedAt: at, carry: new Set(carry) }) };
}

describe('the body', () => {
  it('reads like this', () => {
    const { body } = render(
      [
        problem('4'),
        problem('5', { substatus: 'regressed' }),
        problem('6', { level: 'warning' }),
        problem('7', { lastSeen: now - 8 * 24 * hour }),
        problem('8', { count: 1, lastSeen: now - 4 * 24 * hour }),
        problem('1'),
        problem('2'),
        problem('3'),
      ],
      [
        fix('1', { progress: { step: 'running the tests', since: now }, place: 'src/cart.ts:12' }),
        fix('2', {
          pull: { ...pull, state: 'open', verdict: { state: 'passed', detail: '2 checks passed' } },
        }),
        fix('3', {
          ending: { kind: 'refused', reason: 'The value is used as an amount in line 14.', at: now },
          diagnosis: ['One.', 'Two.', 'Three.', 'Four.'],
          ladder: [{ step: 'fixer', result: 'failed', detail: 'no safe change' }],
          place: 'src/price.ts:12',
        }),
      ],
    );
    expect(body.replaceAll(/ [0-9a-f]{16} -->/g, ' … -->')).toMatchInlineSnapshot(`
      "<!-- suture:triage acme%2Fshop%3Dacme%2Fshop-web … -->
      **5 active Sentry issues** in \`acme/shop\` · 8 unresolved, 3 hidden as noise · refreshed 23 Nov 2026, 09:02 UTC

      Tick a box and I open one pull request for it on \`acme/shop-web\`. Nothing is changed, and nothing is resolved in Sentry, without a tick and your merge.

      | # | issue | level | events | users | last seen | platform | title |
      |--:|---|---|--:|--:|---|---|---|
      | 1 | [SHOP-5](https://sentry.example/issues/5/) ↩ | error | 50 | 3 | 23 Nov 2026, 07:02 UTC | node | TypeError: Cannot read properties of undefined (reading 'price') |
      | 2 | [SHOP-4](https://sentry.example/issues/4/) 🆕 | error | 40 | 3 | 23 Nov 2026, 07:02 UTC | node | TypeError: Cannot read properties of undefined (reading 'price') |
      | 3 | [SHOP-3](https://sentry.example/issues/3/) 🆕 | error | 30 | 3 | 23 Nov 2026, 07:02 UTC | node | TypeError: Cannot read properties of undefined (reading 'price') |
      | 4 | [SHOP-2](https://sentry.example/issues/2/) 🆕 | error | 20 | 3 | 23 Nov 2026, 07:02 UTC | node | TypeError: Cannot read properties of undefined (reading 'price') |
      | 5 | [SHOP-1](https://sentry.example/issues/1/) 🆕 | error | 10 | 3 | 23 Nov 2026, 07:02 UTC | node | TypeError: Cannot read properties of undefined (reading 'price') |

      ### Waiting for you

      - [ ] **SHOP-5** · TypeError: Cannot read properties of undefined (reading 'price') <!-- suture:tick 5 … -->
        <details><summary><code>lineTotal&#40;cart&#41;</code></summary>

        Seen 50 times by 3 users, first 21 Nov 2026, last 23 Nov 2026, 07:02 UTC.

        I have not looked at its newest event yet.

        </details>
      - [ ] **SHOP-4** · TypeError: Cannot read properties of undefined (reading 'price') <!-- suture:tick 4 … -->
        <details><summary><code>lineTotal&#40;cart&#41;</code></summary>

        Seen 40 times by 3 users, first 21 Nov 2026, last 23 Nov 2026, 07:02 UTC.

        I have not looked at its newest event yet.

        </details>

      ### In work

      - **SHOP-1** · running the tests, since 23 Nov 2026, 09:02 UTC · \`src/cart.ts:12\` · approved by jane, 23 Nov 2026, 08:02 UTC

      ### Pull request open

      - **SHOP-2** · [pull request 57](https://github.example/acme/shop-web/pull/57) · CI ✅ 2 checks passed · waiting for a merge

      ### Needs a person

      - **SHOP-3** · The value is used as an amount in line 14. Look at \`src/price.ts:12\`.
        <details><summary>What I found</summary>

        One. Two. Three. Four.

        - fixer: failed, no safe change
        </details>

      <details><summary>Hidden as noise (3)</summary>

      - 1 below error level: SHOP-6
      - 1 not seen in the last 7 days: SHOP-7
      - 1 seen once, more than 3 days ago: SHOP-8

      \`/sentry list --include-warn\` shows warnings; \`/sentry fix <id>\` works for a hidden one, too.

      </details>

      <sub>I am Suture, a bot. Ticks and commands count from people with the role write or a higher one. \`/sentry fix PER-1A\` does the same as a tick; \`/sentry help\` lists the commands. To stop: untick what has not begun; close the pull request of what has. Closing this issue stops nothing; the next fetch with news opens a fresh one.</sub>
      "
    `);
  });

  it('stays within the limits with 10,000 problems and hostile titles', () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      problem(String(index + 1), { title: '@<!--|`*_'.repeat(100), culprit: '|`<'.repeat(200) }),
    );
    const { body } = render(many);
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(60_000);
    expect(body).toContain('10000 unresolved');
  });

  it('counts as unchanged when only time has passed', () => {
    const first = render([problem('1')]).body;
    const later = render([problem('1')], [], { at: now + hour }).body;
    expect(later).not.toBe(first);
    expect(sameBody(first, later)).toBe(true);
    expect(sameBody(first.replaceAll('\n', '\r\n'), later)).toBe(true);
    expect(sameBody(first, render([problem('1', { count: 11 })]).body)).toBe(false);
  });
});

function swap(text: string, from: string, to: string): string {
  expect(text).toContain(from);
  return text.replace(from, to);
}

function tick(text: string, shortId: string): string {
  return swap(text, `- [ ] **${shortId}**`, `- [x] **${shortId}**`);
}

describe('boxes', () => {
  const { body } = render([problem('1'), problem('2')]);

  it('are read back as written', () => {
    expect(readBoxes(signer, binding.id, body)).toEqual([
      { kind: 'tick', subject: '2', ticked: false },
      { kind: 'tick', subject: '1', ticked: false },
    ]);
    expect(readBoxes(signer, binding.id, render([problem('1')], [], { carry: ['tick 1'] }).body)).toEqual([
      { kind: 'tick', subject: '1', ticked: true },
    ]);
  });

  it('show what one edit ticked and unticked', () => {
    const ticked = tick(body, 'SHOP-1');
    expect(readTicks(signer, binding.id, { before: body, after: ticked })).toEqual({
      ticked: [{ kind: 'tick', subject: '1' }],
      unticked: [],
    });
    expect(readTicks(signer, binding.id, { before: ticked, after: body })).toEqual({
      ticked: [],
      unticked: [{ kind: 'tick', subject: '1' }],
    });
    expect(readTicks(signer, binding.id, { before: ticked, after: ticked })).toEqual({
      ticked: [],
      unticked: [],
    });
  });

  it('survive the line ends of a browser and a capital X', () => {
    const ticked = tick(body, 'SHOP-1').replace('[x]', '[X]').replaceAll('\n', '\r\n');
    expect(readTicks(signer, binding.id, { before: body, after: ticked }).ticked).toEqual([
      { kind: 'tick', subject: '1' },
    ]);
  });

  it.each([
    ['a mark of another key', (text: string) => tick(text, 'SHOP-1'), signerWith('other'), binding.id],
    ['a mark of another binding', (text: string) => tick(text, 'SHOP-1'), signer, 'acme/other=acme/shop-web'],
    [
      'a relabelled line',
      (text: string) => tick(text, 'SHOP-1').replace('**SHOP-1**', '**SHOP-9**'),
      signer,
      binding.id,
    ],
    [
      'a moved mark',
      (text: string) => tick(text, 'SHOP-1').replace('suture:tick 1 ', 'suture:tick 2 '),
      signer,
      binding.id,
    ],
    [
      'a mark without a box',
      (text: string) => text.replace('- [ ] **SHOP-1**', '**SHOP-1**'),
      signer,
      binding.id,
    ],
  ])('%s does nothing', (_, edit, reader, bindingId) => {
    expect(readTicks(reader, bindingId, { before: body, after: edit(body) }).ticked).toEqual([]);
  });

  it('named twice count only when both are ticked', () => {
    const line = body.split('\n').find((text) => text.includes('- [ ] **SHOP-1**')) ?? '';
    const doubled = `${body}\n${line.replace('[ ]', '[x]')}`;
    expect(readTicks(signer, binding.id, { before: body, after: doubled }).ticked).toEqual([]);
  });
});
