// How fixers have fared, counted from the facts of fixes, and what the next pull request says of it.

import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/domain/record/attempt.ts';
import type { Fix, FixFacts } from '../../src/domain/fix.ts';
import {
  cameBack,
  recentDoubt,
  recordByCrash,
  recordByFixer,
  recordByStrategy,
} from '../../src/domain/record/record.ts';
import { doubtSentence, precisionChart, recordTable } from '../../src/domain/record/record-text.ts';
import { fix, now, pull } from './triage-samples.ts';

const verdict = { state: 'passed' as const, detail: 'all passed' };
const spent = { requests: 3, tokens: 12_000, money: 0.5 };

function turn(fixer: string, change: Partial<Attempt> = {}): Attempt {
  return { fixer, strategy: null, outcome: 'refused', tries: 1, spent: null, ...change };
}

function decided(
  id: string,
  fixer: string,
  state: 'open' | 'merged' | 'closed',
  change: Partial<FixFacts> = {},
): Fix {
  const at = now - Number(id) * 1_000;
  return fix(id, {
    crash: 'TypeError',
    attempts: [turn(fixer, { outcome: 'fixed', strategy: `${fixer} 1` })],
    pull: {
      ...pull,
      state,
      verdict,
      mergedAt: state === 'merged' ? at : null,
      closedAt: state === 'closed' ? at : null,
    },
    ...change,
  });
}

describe('the record', () => {
  const fixes = [
    decided('1', 'templates', 'merged'),
    decided('2', 'templates', 'closed'),
    decided('3', 'agent', 'merged', {
      attempts: [turn('templates'), turn('agent', { outcome: 'fixed', strategy: 'agent x', spent })],
    }),
    fix('4', { attempts: [turn('templates'), turn('agent', { outcome: 'failed', tries: 3, spent })] }),
    { ...decided('1', 'templates', 'open'), id: 'again', attempt: 2 },
  ];
  const back = cameBack(fixes);

  it('is one line for each fixer, change and class of crash', () => {
    expect([...back]).toEqual(['fix-1']);
    const byFixer = recordByFixer(fixes, back);
    expect([...recordTable('By fixer', byFixer), ...precisionChart(byFixer)].join('\n\n'))
      .toMatchInlineSnapshot(`
      "| By fixer | turns | refused | failed | open | merged | closed | came back | precision | cost |
      |---|--:|--:|--:|--:|--:|--:|--:|--:|---|
      | templates | 5 | 2 | 0 | 1 | 1 | 1 | 1 | 50 % | – |
      | agent | 2 | 0 | 1 | 0 | 1 | 0 | 0 | 100 % | 6 requests, 24,000 tokens, 1.00 of money |

      \`\`\`mermaid
      xychart-beta
        title "Merged, in percent of what was decided"
        x-axis ["templates", "agent"]
        y-axis "percent" 0 --> 100
        bar [50, 100]
      \`\`\`"
    `);
    expect(recordByStrategy(fixes, back).map(({ name, merged, closed }) => [name, merged, closed])).toEqual([
      ['templates 1', 1, 1],
      ['agent x', 1, 0],
    ]);
    expect(recordByCrash(fixes, back).map(({ name, asked, reopened }) => [name, asked, reopened])).toEqual([
      ['TypeError', 5, 1],
    ]);
    const html = new MarkdownIt().render(recordTable('By fixer', byFixer).join('\n'));
    expect(html).toContain('<td style="text-align:right">50 %</td>');
  });

  it('counts pull requests of versions that kept no turns', () => {
    const proposal = { branch: 'b', commit: 'c', replaces: null, base: 'd', files: [], strategy: 'T1 old' };
    const [line] = recordByFixer([decided('1', 'x', 'merged', { attempts: [], proposal })], new Set());
    expect(line).toMatchObject({ name: 'templates', merged: 1 });
  });

  it('keeps names from outside out of the chart', () => {
    const hostile = decided('1', '"] bar [1]\n```', 'merged');
    const [chart = ''] = precisionChart(recordByFixer([hostile, decided('2', 'b', 'closed')], new Set()));
    expect(chart).toContain('x-axis ["bar  1", "b"]');
    expect(chart.match(/```/g)).toHaveLength(2);
  });
});

const many = (fixer: string, states: readonly ('merged' | 'closed' | 'open')[]): Fix[] =>
  states.map((state, index) => decided(String(index + 1), fixer, state));

describe('a fixer that people turn down', () => {
  it.each([
    [['closed', 'closed', 'merged'], { merged: 1, closed: 2 }],
    [['closed', 'merged'], null],
    [['open', 'open', 'closed'], { merged: 0, closed: 1 }],
    [[], null],
    // The newest come first: what was closed long ago no longer counts.
    [[...Array(6).fill('merged'), ...Array(10).fill('closed')], null],
    [[...Array(6).fill('closed'), ...Array(10).fill('merged')], { merged: 4, closed: 6 }],
  ] as const)('%j', (states, doubt) => {
    expect(recentDoubt([...many('agent', states), ...many('other', ['closed'])], 'agent')).toEqual(doubt);
  });

  it('says so', () => {
    expect(doubtSentence('agent', { merged: 1, closed: 4 })).toBe(
      'Look closely: of the last 5 decided pull requests with changes by `agent`, 4 were closed and 1 merged.',
    );
  });
});
