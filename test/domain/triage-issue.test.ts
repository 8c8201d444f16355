// The triage issue as people read it, and its boxes as we read them back.

import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/domain/triage/finding.ts';
import type { Fix } from '../../src/domain/fix.ts';
import type { Problem } from '../../src/domain/problem.ts';
import { readBoxes, readTicks } from '../../src/domain/triage/ticks.ts';
import { renderTriageIssue, sameBody } from '../../src/domain/triage/triage-issue.ts';
import type { TriageFacts } from '../../src/domain/triage/triage-view.ts';
import { binding, fix, hour, now, problem, pull, signer, signerWith, viewOf } from './triage-samples.ts';

type Given = Partial<TriageFacts> & { carry?: string[]; at?: number };

function render(problems: Problem[], fixes: Fix[] = [], given: Given = {}) {
  const { carry = [], at = now, ...facts } = given;
  const view = viewOf(problems, fixes, facts);
  return { view, ...renderTriageIssue(view, { signer, refreshedAt: at, carry: new Set(carry) }) };
}

const withoutSignatures = (body: string): string => body.replaceAll(/ [0-9a-f]{16} -->/g, ' … -->');

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
    expect(withoutSignatures(body)).toMatchInlineSnapshot(`
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

      - [x] **SHOP-1** · running the tests, since 23 Nov 2026, 09:02 UTC · \`src/cart.ts:12\` · approved by jane, 23 Nov 2026, 08:02 UTC · untick to withdraw <!-- suture:tick 1 … -->

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

      <sub>I am Suture, a bot. Ticks and commands count from people with the role write or a higher one. \`/sentry fix PER-1A\` does the same as a tick; \`/sentry help\` lists the commands. To stop: untick what is in work; close the pull request of what has one. Closing this issue stops nothing; the next fetch with news opens a fresh one.</sub>
      "
    `);
  });

  it('tells in a fold where, since when, how often and by whom', () => {
    const finding: Finding = {
      problemId: '5',
      eventId: 'e5',
      head: 'c'.repeat(40),
      at: now,
      seenAt: now,
      place: {
        path: 'src/cart.ts',
        line: 12,
        function: 'lineTotal',
        permalink: `https://github.example/acme/shop-web/blob/${'c'.repeat(40)}/src/cart.ts#L10-L14`,
      },
      matches: true,
      stack: ['lineTotal', 'total', 'handler'],
      releases: { first: '1.4.2', last: '1.4.3' },
      author: { commit: 'd'.repeat(40), name: 'Jane @doe', at: now - 336 * hour },
      outlook: 'fixable',
      remark: null,
    };
    const daily = [0, 0, 1, 2, 4, 8, 16, 16, 8, 4, 2, 1, 0, 3];
    const { body } = render([problem('5', { daily, substatus: 'escalating' }), problem('6')], [], {
      findings: [finding],
      unclaimed: ['6'],
    });
    const waiting = /### Waiting for you[\s\S]*?(?=\n<sub>)/.exec(withoutSignatures(body))?.[0];
    expect(waiting).toMatchInlineSnapshot(`
      "### Waiting for you

      - [ ] **SHOP-6** · TypeError: Cannot read properties of undefined (reading 'price') · ticked, but GitHub does not tell me by whom: empty the box and tick it again, or comment \`/sentry fix SHOP-6\` <!-- suture:tick 6 … -->
        <details><summary><code>lineTotal&#40;cart&#41;</code></summary>

        Seen 60 times by 3 users, first 21 Nov 2026, last 23 Nov 2026, 07:02 UTC.

        I have not looked at its newest event yet.

        </details>
      - [ ] **SHOP-5** · TypeError: Cannot read properties of undefined (reading 'price') · likely fixable <!-- suture:tick 5 … -->
        <details><summary><code>src/cart.ts&#58;12</code> · ▁▁▂▂▃▅██▅▃▂▂▁▂</summary>

        Seen 50 times by 3 users, first 21 Nov 2026, last 23 Nov 2026, 07:02 UTC, releases \`1.4.2\` to \`1.4.3\`.

        Stack: \`lineTotal\` → \`total\` → \`handler\`. The source line of the event matches the code.

        Line last changed in [\`ddddddd\`](https://github.example/acme/shop-web/commit/dddddddddddddddddddddddddddddddddddddddd) by Jane @&#8203;doe, 9 Nov 2026.

        https://github.example/acme/shop-web/blob/cccccccccccccccccccccccccccccccccccccccc/src/cart.ts#L10-L14

        </details>
      "
    `);
    expect(body).not.toContain('@doe');
  });

  it('shows what is proposed for the archive, done, skipped and wrong in the settings', () => {
    const ending = {
      kind: 'to-archive' as const,
      reason: 'A script of a third party, no frame of yours.',
      at: now,
    };
    const archived = { kind: 'archived' as const, reason: 'Not ours. Archived by jane.', at: now };
    const { body } = render(
      [problem('1'), problem('2'), problem('3')],
      [fix('1', { ending }), fix('4', { ending: archived }), fix('5', {})],
      {
        skips: [{ problemId: '3', by: 'jane', at: now }],
        mistakes: ['.github/sentry.yml line 2: I know no `level`; do you mean `levels`?'],
      },
    );
    const shown = withoutSignatures(body).split('\n').slice(4).join('\n');
    expect(shown).toMatchInlineSnapshot(`
      "
      > **The settings file has mistakes; the last good settings stay in force.**
      > - .github/sentry.yml line 2: I know no \`level\`; do you mean \`levels\`?

      | # | issue | level | events | users | last seen | platform | title |
      |--:|---|---|--:|--:|---|---|---|
      | 1 | [SHOP-2](https://sentry.example/issues/2/) 🆕 | error | 20 | 3 | 23 Nov 2026, 07:02 UTC | node | TypeError: Cannot read properties of undefined (reading 'price') |
      | 2 | [SHOP-1](https://sentry.example/issues/1/) 🆕 | error | 10 | 3 | 23 Nov 2026, 07:02 UTC | node | TypeError: Cannot read properties of undefined (reading 'price') |

      ### Waiting for you

      - [ ] **SHOP-2** · TypeError: Cannot read properties of undefined (reading 'price') <!-- suture:tick 2 … -->
        <details><summary><code>lineTotal&#40;cart&#41;</code></summary>

        Seen 20 times by 3 users, first 21 Nov 2026, last 23 Nov 2026, 07:02 UTC.

        I have not looked at its newest event yet.

        </details>

      ### In work

      - [x] **SHOP-5** · queued · approved by jane, 23 Nov 2026, 08:02 UTC · untick to withdraw <!-- suture:tick 5 … -->

      ### Proposed to archive

      - [ ] **SHOP-1** · A script of a third party, no frame of yours. Tick to archive it in Sentry until it escalates. <!-- suture:archive 1 … -->

      <details><summary>Done (1)</summary>

      - **SHOP-4** · archived until it escalates · Not ours. Archived by jane.

      </details>

      <details><summary>Hidden as noise (1)</summary>

      - 1 skipped by a person: SHOP-3

      \`/sentry list --include-warn\` shows warnings; \`/sentry fix <id>\` works for a hidden one, too.

      </details>

      <sub>I am Suture, a bot. Ticks and commands count from people with the role write or a higher one. \`/sentry fix PER-1A\` does the same as a tick; \`/sentry help\` lists the commands. To stop: untick what is in work; close the pull request of what has one. Closing this issue stops nothing; the next fetch with news opens a fresh one.</sub>
      "
    `);
  });

  it('lets a skipped one come back when it gets worse, and only then', () => {
    const skips = [{ problemId: '1', by: 'jane', at: now - 3 * hour }];
    const waits = (change: Partial<Problem>) =>
      render([problem('1', change)], [], { skips }).view.waiting.length;
    expect(waits({})).toBe(0);
    expect(waits({ substatus: 'regressed' })).toBe(1);
    expect(waits({ substatus: 'regressed', lastSeen: now - 4 * hour })).toBe(0);
  });

  it('goes by an older attempt whose pull request was opened again, not by a younger one that was closed', () => {
    const verdict = { state: 'none' as const, detail: 'no check has reported' };
    const again = fix('1', { pull: { ...pull, state: 'open', verdict } });
    const closed = { ...fix('1', { pull: { ...pull, number: 58, state: 'closed', verdict } }), attempt: 2 };
    const { view } = render([problem('1')], [again, closed]);
    expect([view.open, view.waiting]).toEqual([[again], []]);
  });

  it('numbers its rows, most frequent first, and remembers what they were', () => {
    const { shown } = render([problem('1'), problem('3'), problem('2')]);
    expect(shown).toEqual(['3', '2', '1']);
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
