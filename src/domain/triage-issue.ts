// The text of the triage issue. The database is the truth; this body is a view and an input.
// It must stay within the host's limits whatever the number of problems (reference github.md, 3.5).

import { utcMinute } from './dates.ts';
import { archiveLine, doneLine, earlierText, openLine, personLine, workLine } from './triage-lines.ts';
import { link } from './links.ts';
import { bindingMark, type Signer } from './marker.ts';
import type { NoiseRule } from './noise.ts';
import { repoName, type Binding, type Problem } from './problem.ts';
import { renderBox } from './ticks.ts';
import type { TriageView, Waiting } from './triage-view.ts';
import { code, inline } from './untrusted.ts';

export const triageLabel = {
  name: 'sentry-triage',
  color: '6f42c1',
  description: 'The issue where Suture lists Sentry issues and waits for ticks',
};

/** Characters and bytes we allow ourselves; the host refuses beyond 65,536, an update even silently. */
const budget = 60_000;

export type RenderOptions = {
  signer: Signer;
  /** Shown as the time of the last change. */
  refreshedAt: number;
  /** Problems whose box is ticked but not acted on yet: the tick is carried over. */
  carry: ReadonlySet<string>;
};

export function triageTitle(binding: Binding): string {
  return `Sentry triage: ${binding.source.project}`;
}

/** The body, with as many problems as fit; the rest is counted. */
export function renderTriageIssue(view: TriageView, options: RenderOptions): string {
  for (const rows of [50, 25, 10, 3]) {
    const body = renderWith(view, options, rows);
    if (body.length <= budget && bytes(body) <= budget) return body;
  }
  return renderWith({ ...view, done: [], hidden: [] }, options, 1).slice(0, budget);
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

function renderWith(view: TriageView, options: RenderOptions, rows: number): string {
  return [
    header(view, options),
    table(view.active, rows),
    section('Waiting for you', waitingLines(view, options, rows)),
    section('In work', view.inWork.slice(0, rows).map(workLine)),
    section('Pull request open', view.open.slice(0, rows).map(openLine)),
    section('Needs a person', view.needsPerson.slice(0, rows).map(personLine)),
    section('Proposed to archive', view.toArchive.slice(0, rows).map(archiveLine)),
    fold(`Done (${view.done.length})`, view.done.slice(-rows).map(doneLine).join('\n')),
    hiddenFold(view),
    footer,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function header(view: TriageView, options: RenderOptions): string {
  const hidden = view.unresolved - view.active.length;
  const noise = hidden === 0 ? '' : `, ${hidden} hidden as noise`;
  const lines = [
    bindingMark(options.signer, view.binding.id),
    `**${count(view.active.length, 'active Sentry issue')}** in ${code(`${view.binding.source.org}/${view.binding.source.project}`, 120)} · ` +
      `${view.unresolved} unresolved${noise} · refreshed ${utcMinute(options.refreshedAt)}`,
    '',
    `Tick a box and I open one pull request for it on ${code(repoName(view.binding.repo), 140)}. Nothing is changed, and nothing is resolved in Sentry, without a tick and your merge.`,
  ];
  if (view.notice) lines.push('', `> **Paused.** ${view.notice}`);
  return lines.join('\n');
}

function table(problems: readonly Problem[], rows: number): string {
  if (problems.length === 0)
    return 'Nothing active. I look again at every scheduled fetch and at every Sentry webhook.';
  const shown = problems.slice(0, rows);
  const rest = problems.length - shown.length;
  return [
    '| # | issue | level | events | users | last seen | platform | title |',
    '|--:|---|---|--:|--:|---|---|---|',
    ...shown.map((problem, index) => tableRow(problem, index + 1)),
    ...(rest > 0 ? ['', `…and ${rest} more, less frequent.`] : []),
  ].join('\n');
}

function tableRow(problem: Problem, number: number): string {
  const cells = [
    String(number),
    link(inline(problem.shortId, 60), problem.permalink) +
      (problem.substatus === 'regressed' ? ' ↩' : problem.substatus === 'new' ? ' 🆕' : ''),
    problem.level,
    String(problem.count),
    String(problem.userCount),
    utcMinute(problem.lastSeen),
    inline(problem.platform ?? '', 30),
    inline(problem.title, 110),
  ];
  return `| ${cells.join(' | ')} |`;
}

function waitingLines(view: TriageView, options: RenderOptions, rows: number): string[] {
  return view.waiting.slice(0, rows).map(({ problem, earlier }) =>
    renderBox(options.signer, {
      bindingId: view.binding.id,
      problemId: problem.id,
      visible: waitingText({ problem, earlier }),
      ticked: options.carry.has(problem.id),
    }),
  );
}

function waitingText({ problem, earlier }: Waiting): string {
  const place = problem.culprit ? ` · ${code(problem.culprit, 80)}` : '';
  return `**${inline(problem.shortId, 60)}** · ${inline(problem.title, 90)}${place}${earlier ? ` · ${earlierText(earlier)}` : ''}`;
}

const ruleTexts: Record<NoiseRule, string> = {
  level: 'below error level',
  stale: 'not seen in the last 7 days',
  fluke: 'seen once, more than 3 days ago',
  kind: 'not an error (monitor, feedback, …)',
};

function hiddenFold(view: TriageView): string {
  const hidden = view.unresolved - view.active.length;
  return fold(
    `Hidden as noise (${hidden})`,
    view.hidden.map(({ rule, count: many }) => `- ${many} ${ruleTexts[rule]}`).join('\n'),
  );
}

const footer =
  '<sub>I am Suture, a bot. Ticks and commands count from people with write permission. ' +
  '`/sentry fix PER-1A` does the same as a tick; `/sentry help` lists the commands. Closing this issue stops nothing; the next fetch with news opens a fresh one.</sub>';

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
