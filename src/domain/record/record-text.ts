// The record of the fixers as a table that reads anywhere, with a chart where Mermaid is drawn.

import { precisionOf, type RecordLine } from './record.ts';
import { spentText } from '../agent/spending.ts';
import { plainWords } from './stats-words.ts';
import { code, inline } from '../untrusted.ts';

/** Empty when there is nothing to tell. */
export function recordTable(title: string, record: readonly RecordLine[]): string[] {
  if (record.length === 0) return [];
  const head = `| ${title} | turns | refused | failed | open | merged | closed | came back | precision | cost |`;
  const rows = record.map((line) => {
    const counts = [
      line.asked,
      line.refused,
      line.failed,
      line.open,
      line.merged,
      line.closed,
      line.reopened,
    ];
    const cost = line.spent === null ? '–' : spentText(line.spent);
    return `| ${[inline(line.name, 60), ...counts, percent(line), cost].join(' | ')} |`;
  });
  return [[head, '|---|--:|--:|--:|--:|--:|--:|--:|--:|---|', ...rows].join('\n')];
}

function percent(line: RecordLine): string {
  const precision = precisionOf(line);
  return precision === null ? '–' : `${Math.round(precision * 100)} %`;
}

/** A bar for each name with decided pull requests; none when there are fewer than two to compare. */
export function precisionChart(record: readonly RecordLine[]): string[] {
  const decided = record.filter((line) => precisionOf(line) !== null).slice(0, 8);
  if (decided.length < 2) return [];
  const names = decided.map(({ name }) => `"${plainWords(name)}"`).join(', ');
  const bars = decided.map((line) => Math.round((precisionOf(line) ?? 0) * 100)).join(', ');
  return [
    [
      '```mermaid',
      'xychart-beta',
      '  title "Merged, in percent of what was decided"',
      `  x-axis [${names}]`,
      '  y-axis "percent" 0 --> 100',
      `  bar [${bars}]`,
      '```',
    ].join('\n'),
  ];
}

/** For the next pull request of a fixer whose changes people have turned down more often than taken. */
export function doubtSentence(fixer: string, { merged, closed }: { merged: number; closed: number }): string {
  const last = merged + closed;
  return (
    `Look closely: of the last ${last} decided pull requests with changes by ${code(fixer, 60)}, ` +
    `${closed} ${closed === 1 ? 'was' : 'were'} closed and ${merged} merged.`
  );
}
