// The comment that follows an agent at work.

import { expect, it } from 'vitest';
import { workComment } from '../../src/domain/triage/work-comment.ts';

const at = Date.UTC(2026, 10, 25, 9, 2);
const budget = { fix: '20 minutes, 200 requests', day: '3 requests, 900 tokens of 2,000 requests' };
const notes = [
  { at, text: 'the agent begins' },
  { at: at + 60_000, text: 'the agent reads `src/a.ts`' },
];

it('tells who asked, what may be used up, and each step', () => {
  expect(workComment({ shortId: 'SHOP-1', by: 'mia', again: false, budget, notes, end: null }))
    .toMatchInlineSnapshot(`
    "**SHOP-1** · approved by mia · in work; empty its box under **In work** to stop it

    One fix stops at 20 minutes, 200 requests. Today, all fixes together: 3 requests, 900 tokens of 2,000 requests.

    - 09:02 UTC · the agent begins
    - 09:03 UTC · the agent reads \`src/a.ts\`"
  `);
});

it('stays short: the first step and the newest, with how it ended', () => {
  const many = Array.from({ length: 80 }, (_, index) => ({ at, text: `step ${index}` }));
  const asked = { shortId: 'S-1', by: '@mia', again: false, budget: null };
  const lines = workComment({ ...asked, notes: many, end: 'done' }).split('\n');
  expect(lines).toHaveLength(33);
  expect(lines[0]).not.toContain('@mia');
  expect(lines.slice(2, 5)).toEqual(['- 09:02 UTC · step 0', '- … 50 more', '- 09:02 UTC · step 51']);
  expect(lines.at(-1)).toBe('- 09:02 UTC · step 79');
});

it('of another attempt says what stops that', () => {
  const text = workComment({ shortId: 'SHOP-1', by: 'mia', again: true, budget: null, notes, end: null });
  expect(text.split('\n')[0]).toBe(
    '**SHOP-1** · another attempt, approved by mia · in work; close this pull request to stop it',
  );
});
