// The text of the triage issue. The database is the truth; this body is a view and an input.
// It must stay within the host's limits whatever the number of problems (reference github.md, 3.5).

import { utcMinute } from '../dates.ts';
import type { Fix } from '../fix.ts';
import { bindingMark, type Signer } from '../marker.ts';
import { repoName, type Binding } from '../problem.ts';
import { renderBox } from './ticks.ts';
import { outlookText, waitingFold } from './triage-fold.ts';
import {
  anywayBox,
  archiveBox,
  doneLine,
  earlierText,
  openLine,
  personLine,
  waitsForWord,
  workLine,
} from './triage-lines.ts';
import { runsFold } from '../ledger/runs-fold.ts';
import { hiddenFold, mistakesNote, problemTable } from './triage-parts.ts';
import type { TriageView, Waiting } from './triage-view.ts';
import { code, inline } from '../untrusted.ts';

export const triageLabel = {
  color: '6f42c1',
  description: 'The issue where Suture lists Sentry issues and waits for ticks',
};

/** Characters and bytes we allow ourselves; the host refuses beyond 65,536, an update even silently. */
const budget = 60_000;

/** How many lines and folds, from generous to bare; the first that fits is taken. */
const sizes = [
  { rows: 50, folds: 20 },
  { rows: 40, folds: 10 },
  { rows: 25, folds: 10 },
  { rows: 15, folds: 5 },
  { rows: 10, folds: 2 },
  { rows: 3, folds: 0 },
] as const;

type Size = { rows: number; folds: number };

export type RenderOptions = {
  signer: Signer;
  /** Shown as the time of the last change. */
  refreshedAt: number;
  /** Boxes (ticks.ts, boxKey) that are ticked but not acted on yet: the tick is carried over. */
  carry: ReadonlySet<string>;
};

/** The problems whose folds tell what their newest event says, most important first. */
export function withFolds(view: TriageView): Waiting[] {
  return view.waiting.slice(0, sizes[0].folds);
}

export function triageTitle(binding: Binding): string {
  return `Sentry triage: ${binding.source.project}`;
}

export type RenderedIssue = {
  body: string;
  /** The ids of the problems in the table, in its order: what its numbers mean. */
  shown: string[];
};

/** The body, with as many problems as fit; the rest is counted. */
export function renderTriageIssue(view: TriageView, options: RenderOptions): RenderedIssue {
  for (const size of sizes) {
    const body = renderWith(view, options, size);
    if (body.length <= budget && bytes(body) <= budget) return rendered(view, body, size.rows);
  }
  const bare = { ...view, done: [], hidden: [], mistakes: [] };
  return rendered(view, renderWith(bare, options, { rows: 1, folds: 0 }).slice(0, budget), 1);
}

function rendered(view: TriageView, body: string, rows: number): RenderedIssue {
  return { body, shown: view.active.slice(0, rows).map((problem) => problem.id) };
}

/** True when the texts differ in nothing but the time of the refresh. */
export function sameBody(left: string, right: string): boolean {
  return withoutTime(left) === withoutTime(right);
}

function withoutTime(body: string): string {
  return body
    .replaceAll('\r\n', '\n')
    .replace(/ · refreshed [^\n]*/, '')
    .trimEnd();
}

function renderWith(view: TriageView, options: RenderOptions, { rows, folds }: Size): string {
  const bindingId = view.binding.id;
  const some = <T>(list: readonly T[], line: (item: T) => string): string[] => [
    ...list.slice(0, rows).map(line),
    ...(list.length > rows ? [`- …and ${list.length - rows} more.`] : []),
  ];
  return [
    header(view, options),
    problemTable(view.active, rows),
    section('Waiting for you', waitingLines(view, options, { rows, folds })),
    section(
      'In work',
      some(view.inWork, (fix) => workLines(fix, { ...options, bindingId })),
    ),
    section('Pull request open', some(view.open, openLine)),
    section('Needs a person', some(view.needsPerson, personLine)),
    section(
      'Proposed to archive',
      some(view.toArchive, (fix) => archiveBox(fix, { ...options, bindingId })),
    ),
    fold(`Done (${view.done.length})`, doneLines(view, rows)),
    runsFold(view.runs, view.now),
    hiddenFold(view),
    footer(view),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function doneLines({ done, settings }: TriageView, rows: number): string {
  return done
    .slice(-rows)
    .map((fix) => doneLine(fix, settings.watchDays))
    .join('\n');
}

function workLines(fix: Fix, boxes: Parameters<typeof anywayBox>[1]): string {
  const line = workLine(fix, boxes);
  return waitsForWord(fix) ? `${line}\n${anywayBox(fix, boxes)}` : line;
}

function header(view: TriageView, options: RenderOptions): string {
  const noise = view.hidden.length === 0 ? '' : `, ${view.hidden.length} hidden as noise`;
  const { source, repo } = view.binding;
  const lines = [
    bindingMark(options.signer, view.binding.id),
    `**${count(view.active.length, 'active Sentry issue')}** in ${code(`${source.org}/${source.project}`, 120)} · ` +
      `${view.unresolved} unresolved${noise} · refreshed ${utcMinute(options.refreshedAt)}`,
    '',
    `Tick a box and I open one pull request for it on ${code(repoName(repo), 140)}. Nothing is changed, and nothing is resolved in Sentry, without a tick and your merge.`,
  ];
  if (view.notice) lines.push('', `> **Paused.** ${view.notice}`);
  if (view.mistakes.length > 0) lines.push('', mistakesNote(view.mistakes));
  return lines.join('\n');
}

function waitingLines(view: TriageView, options: RenderOptions, { rows, folds }: Size): string[] {
  const lines = view.waiting.slice(0, rows).flatMap((waiting, index) => {
    const box = waitingBox(view, waiting, options);
    return index < folds ? [box, waitingFold(waiting)] : [box];
  });
  const rest = view.waiting.length - Math.min(rows, view.waiting.length);
  return rest > 0 ? [...lines, `- …and ${rest} more: \`/sentry list\` pages through them.`] : lines;
}

function waitingBox(view: TriageView, waiting: Waiting, { signer, carry }: RenderOptions): string {
  const { problem } = waiting;
  return renderBox(signer, {
    kind: 'tick',
    bindingId: view.binding.id,
    subject: problem.id,
    visible: waitingText(waiting),
    ticked: carry.has(`tick ${problem.id}`),
  });
}

function waitingText({ problem, earlier, finding, unclaimed }: Waiting): string {
  const parts = [
    `**${inline(problem.shortId, 60)}**`,
    inline(problem.title, 90),
    outlookText(finding),
    earlier ? earlierText(earlier) : '',
    unclaimed
      ? `ticked, but GitHub does not tell me by whom: empty the box and tick it again, or comment \`/sentry fix ${inline(problem.shortId, 60)}\``
      : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function footer(view: TriageView): string {
  return (
    `<sub>I am Suture, a bot. Ticks and commands count from people with the role ${view.settings.minimumRole} or a higher one. ` +
    '`/sentry fix PER-1A` does the same as a tick; `/sentry help` lists the commands. ' +
    'To stop: untick what is in work; close the pull request of what has one. ' +
    'Closing this issue stops nothing; the next fetch with news opens a fresh one.</sub>'
  );
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `### ${title}\n\n${lines.join('\n')}`;
}

function fold(summary: string, content: string): string {
  return content === '' ? '' : `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? '' : 's'}`;
}

/** UTF-8 length, without leaving the language's own means. */
function bytes(text: string): number {
  let total = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    total += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return total;
}
