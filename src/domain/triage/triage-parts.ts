// Parts of the triage issue that answers to commands show, too: the table, what is hidden and why, mistakes.

import { utcMinute } from '../dates.ts';
import { link } from '../links.ts';
import { noiseReason } from './noise.ts';
import type { Problem } from '../problem.ts';
import type { Hidden, HiddenRule, TriageView } from './triage-view.ts';
import type { Settings } from '../settings.ts';
import { inline } from '../untrusted.ts';

/** The hand procedure's table, the first `rows` of these problems, numbered from one unless `numbers` are given. */
export function problemTable(
  problems: readonly Problem[],
  rows: number,
  numbers: readonly string[] = [],
): string {
  if (problems.length === 0)
    return 'Nothing active. I look again at every scheduled fetch and at every Sentry webhook.';
  const shown = problems.slice(0, rows);
  const rest = problems.length - shown.length;
  return [
    '| # | issue | level | events | users | last seen | platform | title |',
    '|--:|---|---|--:|--:|---|---|---|',
    ...shown.map((problem, index) => tableRow(problem, numbers[index] ?? String(index + 1))),
    ...(rest > 0 ? ['', `…and ${rest} more, less frequent: \`/sentry list\` shows them.`] : []),
  ].join('\n');
}

function tableRow(problem: Problem, number: string): string {
  const cells = [
    number,
    link(inline(problem.shortId, 60), problem.permalink) + markOf(problem),
    problem.level,
    String(problem.count),
    String(problem.userCount),
    utcMinute(problem.lastSeen),
    inline(problem.platform ?? '', 30),
    inline(problem.title, 110),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** New, and back or growing; the rest is as it was. */
function markOf(problem: Problem): string {
  if (problem.substatus === 'regressed') return ' ↩';
  if (problem.substatus === 'escalating') return ' 📈';
  return problem.substatus === 'new' ? ' 🆕' : '';
}

const mostNamed = 10;

/** How many each rule hides, and the most frequent of them by name. */
export function hiddenFold(view: TriageView): string {
  if (view.hidden.length === 0) return '';
  const groups = Map.groupBy(view.hidden, ({ rule }) => rule);
  const lines = [...groups]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .map(([rule, hidden]) => `- ${hidden.length} ${hiddenReason(rule, view.settings)}: ${namesOf(hidden)}`);
  const how = '`/sentry list --include-warn` shows warnings; `/sentry fix <id>` works for a hidden one, too.';
  return `<details><summary>Hidden as noise (${view.hidden.length})</summary>\n\n${lines.join('\n')}\n\n${how}\n\n</details>`;
}

/** Why it is hidden, as a clause. */
export function hiddenReason(rule: HiddenRule, settings: Settings): string {
  return rule === 'skipped' ? 'skipped by a person' : noiseReason(rule, settings.noise);
}

function namesOf(hidden: readonly Hidden[]): string {
  const sorted = hidden.toSorted((left, right) => right.problem.count - left.problem.count);
  const names = sorted.slice(0, mostNamed).map(({ problem }) => inline(problem.shortId, 60));
  return names.join(', ') + (hidden.length > mostNamed ? ` and ${hidden.length - mostNamed} more` : '');
}

export function mistakesNote(mistakes: readonly string[]): string {
  return [
    '> **The settings file has mistakes; the last good settings stay in force.**',
    ...mistakes.map((mistake) => `> - ${mistake}`),
  ].join('\n');
}
