// What `/sentry list`, `top`, `status` and long approvals answer: texts made from what the triage issue shows.

import { inline } from '../untrusted.ts';
import { utcMinute } from '../dates.ts';
import type { Signer } from '../marker.ts';
import { noiseRule, withWarnings } from './noise.ts';
import type { Problem } from '../problem.ts';
import { renderBox } from './ticks.ts';
import { workLine } from './triage-lines.ts';
import { hiddenReason, mistakesNote, problemTable } from './triage-parts.ts';
import type { TriageView } from './triage-view.ts';

const pageSize = 25;

export type ListAsked = { includeWarn: boolean; page: number; shown: readonly string[]; now: number };

/** One page of the table. Numbers stand only beside what the triage issue numbers. */
export function listText(view: TriageView, { includeWarn, page, shown, now }: ListAsked): string {
  const warnings = includeWarn ? warningsOf(view, now) : [];
  const all = [...view.active, ...warnings].toSorted((left, right) => right.count - left.count);
  const pages = Math.max(1, Math.ceil(all.length / pageSize));
  const wanted = Math.min(page, pages);
  const rows = all.slice((wanted - 1) * pageSize, wanted * pageSize);
  const next =
    wanted < pages
      ? ` Next: \`/sentry list --page ${wanted + 1}${includeWarn ? ' --include-warn' : ''}\`.`
      : '';
  const head = `**${all.length} Sentry issues${includeWarn ? ', warnings included' : ''}**, page ${wanted} of ${pages}.${next}`;
  const why = hiddenWhy(view, wanted === 1);
  return [head, problemTable(rows, pageSize, numbersOf(rows, shown)), ...why].join('\n\n');
}

/** What only its level hides. */
function warningsOf(view: TriageView, now: number): Problem[] {
  const rules = withWarnings(view.settings.noise);
  return view.hidden
    .filter(({ problem, rule }) => rule === 'level' && noiseRule(problem, rules, now) === null)
    .map(({ problem }) => problem);
}

function numbersOf(rows: readonly Problem[], shown: readonly string[]): string[] {
  return rows.map((problem) => String(shown.indexOf(problem.id) + 1 || '–'));
}

const mostHidden = 50;

/** Every hidden one can say which rule dropped it. */
function hiddenWhy(view: TriageView, wanted: boolean): string[] {
  if (!wanted || view.hidden.length === 0) return [];
  const lines = view.hidden
    .slice(0, mostHidden)
    .map(({ problem, rule }) => `- ${inline(problem.shortId, 60)}: ${hiddenReason(rule, view.settings)}`);
  const rest = view.hidden.length - lines.length;
  if (rest > 0) lines.push(`- …and ${rest} more`);
  return [
    `<details><summary>Hidden, and why (${view.hidden.length})</summary>\n\n${lines.join('\n')}\n\n</details>`,
  ];
}

/** The most frequent that wait, and how to approve them. */
export function topText(view: TriageView, count: number, shown: readonly string[]): string {
  const rows = view.waiting.slice(0, count).map(({ problem }) => problem);
  if (rows.length === 0) return 'Nothing waits for an approval.';
  return [
    problemTable(rows, count, numbersOf(rows, shown)),
    `Which do you want fixed? Tick them on the triage issue, or comment \`/sentry fix ${rows.map(({ shortId }) => inline(shortId, 60)).join(',')}\`.`,
  ].join('\n\n');
}

export type Asking = { signer: Signer; problems: readonly Problem[] };

const mostTitles = 50;

/** A long approval is shown first; its own box confirms it. */
export function confirmText(view: TriageView, { signer, problems }: Asking): string {
  const titles = problems
    .slice(0, mostTitles)
    .map(({ shortId, title }) => `- ${inline(shortId, 60)} · ${inline(title, 100)}`);
  const rest = problems.length - titles.length;
  const box = renderBox(signer, {
    kind: 'confirm',
    bindingId: view.binding.id,
    subject: problems.map((problem) => problem.id).join(','),
    visible: `Yes, open a pull request for each of these ${problems.length}.`,
    ticked: false,
  });
  return [
    `That is ${problems.length} Sentry issues, one pull request each:`,
    [...titles, ...(rest > 0 ? [`- …and ${rest} more`] : [])].join('\n'),
    box,
    'Tick the box to confirm, or say it again with `--yes`. Nothing has started.',
  ].join('\n\n');
}

/** `budgets`: what each fixer that uses something up may use, a finished sentence each. */
export function statusText(
  view: TriageView,
  input: { signer: Signer; checkedAt: number | null; budgets: readonly string[] },
): string {
  const { binding, waiting, inWork, open, needsPerson, toArchive, done } = view;
  const boxes = { signer: input.signer, bindingId: binding.id };
  const works = inWork.map((fix) => `- ${withoutBox(workLine(fix, boxes))}`);
  return [
    `**${inline(`${binding.source.org}/${binding.source.project}`, 120)}** · last asked ${utcMinute(input.checkedAt)}` +
      (view.notice ? `\n\n> **Paused.** ${view.notice}` : ''),
    ...(view.mistakes.length > 0 ? [mistakesNote(view.mistakes)] : []),
    [
      '| waiting | in work | pull request open | needs a person | to archive | done |',
      '|--:|--:|--:|--:|--:|--:|',
      `| ${waiting.length} | ${inWork.length} | ${open.length} | ${needsPerson.length} | ${toArchive.length} | ${done.length} |`,
    ].join('\n'),
    ...(works.length > 0 ? [works.join('\n')] : []),
    ...(input.budgets.length > 0 ? [input.budgets.map((text) => `- ${text}`).join('\n')] : []),
  ].join('\n\n');
}

/** In an answer nothing is ticked: the triage issue has the boxes. */
function withoutBox(line: string): string {
  return line
    .replace(/^- (?:\[[ x]\] )?/, '')
    .replace(/ <!--.*-->$/, '')
    .replace(' · untick to withdraw', '');
}
