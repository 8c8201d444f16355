// The one comment at the end of a batch, and when the end is.

import { expect, it } from 'vitest';
import type { FixFacts } from '../../src/domain/fix.ts';
import { todosOf } from '../../src/domain/stage.ts';
import { batchSummary, fateOf, isOver } from '../../src/domain/triage/summary.ts';
import { fix, now, pull } from './triage-samples.ts';

const passed = { state: 'passed' as const, detail: '2 checks passed' };
const failed = { state: 'failed' as const, detail: 'test failed' };
const merged = { ...pull, state: 'merged' as const, mergeSha: 'abcdef0123456789', verdict: passed };
const proposal = {
  branch: 'b',
  commit: 'c',
  replaces: null,
  base: 'd',
  files: ['src/a.ts'],
  strategy: 'T1 non-null assertion',
};
const resolution = { at: now, how: 'in-next-release' as const, note: null };
const ending = (kind: 'refused' | 'to-archive' | 'archived' | 'withdrawn') => ({
  ending: { kind, reason: 'No safe change.', at: now },
});

it.each<[string, Partial<FixFacts>, string | null]>([
  ['queued', {}, null],
  ['open', { pull: { ...pull, state: 'open', verdict: passed } }, null],
  ['merged and green, not resolved yet', { pull: merged }, null],
  ['merged and red', { pull: { ...merged, verdict: failed } }, 'person'],
  ['resolved', { pull: merged, resolution }, 'fixed'],
  ['refused', ending('refused'), 'person'],
  ['not actionable', ending('to-archive'), 'to-archive'],
  ['archived', ending('archived'), 'archived'],
  ['withdrawn', ending('withdrawn'), 'withdrawn'],
  ['closed', { pull: { ...pull, state: 'closed', verdict: passed } }, 'closed'],
])('%s', (_, facts, fate) => {
  expect(fateOf(fix('1', facts).facts)).toBe(fate);
});

it('counts what was triaged, fixed, archived and needs a person, with commits and files', () => {
  const members = [
    fix('1', { pull: merged, proposal, resolution }),
    fix('2', { pull: merged, resolution, joined: { fixId: 'fix-1', shortId: 'SHOP-1' } }),
    fix('3', ending('refused')),
    fix('4', ending('archived')),
    fix('5', { pull: { ...pull, state: 'closed', verdict: passed }, proposal }),
  ];
  expect(isOver(members)).toBe(true);
  expect(isOver([...members, fix('6', {})])).toBe(false);
  expect(batchSummary(members)).toMatchInlineSnapshot(`
    "**Summary** of what jane approved on 23 Nov 2026, 08:02 UTC

    - Sentry issues triaged: 5
    - Fixed and resolved: 2 (SHOP-1, SHOP-2)
    - Archived: 1 (SHOP-4)
    - Needs a person: 1 (SHOP-3)
    - Closed without a merge, left as they are: 1 (SHOP-5)
    - Commits: 1 (\`abcdef0123\`)
    - Files changed: 1 (\`src/a.ts\`)

    - **SHOP-1** · [pull request 57](https://github.example/acme/shop-web/pull/57) · T1 non-null assertion · Sentry: resolved in the next release
    - **SHOP-2** · [pull request 57](https://github.example/acme/shop-web/pull/57) · same cause as SHOP-1 · Sentry: resolved in the next release
    - **SHOP-3** · No safe change.
    - **SHOP-4** · No safe change.
    - **SHOP-5** · [pull request 57](https://github.example/acme/shop-web/pull/57) · T1 non-null assertion · Sentry: untouched; closed"
  `);
});

it('asks the end of every fix of a batch to be told, and of one that nobody approved in a batch only where it was', () => {
  const ended = { ...ending('refused'), cleanedUp: true };
  expect(todosOf(fix('1', { ...ended, batch: 'b' }).facts)).toEqual(['announce']);
  expect(todosOf(fix('1', { ...ended, batch: 'b', announced: true }).facts)).toEqual([]);
  expect(todosOf(fix('1', ended).facts)).toEqual([]);
});
