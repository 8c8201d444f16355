// The one comment at the end of a batch, as in the hand procedure: triaged, fixed, archived, needs a person, commits,
// files. A fix that was approved alone keeps its own comment (wording.ts).

import { utcMinute } from '../dates.ts';
import type { Fix, FixFacts } from '../fix.ts';
import { stageOf } from '../stage.ts';
import { link } from '../links.ts';
import { resolutionTexts } from './triage-lines.ts';
import { code, inline } from '../untrusted.ts';

type Fate = 'fixed' | 'archived' | 'person' | 'to-archive' | 'closed' | 'withdrawn';

/** How a fix ended for its batch; null while it is under way. */
export function fateOf(facts: FixFacts): Fate | null {
  const stage = stageOf(facts);
  if (facts.resolution) return 'fixed';
  if (stage === 'merged') return mergedFate(facts);
  if (stage === 'refused' || stage === 'failed') return 'person';
  const isOver =
    stage === 'archived' || stage === 'to-archive' || stage === 'closed' || stage === 'withdrawn';
  return isOver ? stage : null;
}

/** Merged without a green check: a person decides. */
function mergedFate({ pull }: FixFacts): Fate | null {
  return pull?.verdict.state === 'failed' || pull?.verdict.state === 'none' ? 'person' : null;
}

/** True when nothing of the batch is under way any more. */
export function isOver(members: readonly Fix[]): boolean {
  return members.every(({ facts }) => fateOf(facts) !== null);
}

const always: readonly (readonly [Fate, string])[] = [
  ['fixed', 'Fixed and resolved'],
  ['archived', 'Archived'],
  ['person', 'Needs a person'],
];
const sometimes: readonly (readonly [Fate, string])[] = [
  ['to-archive', 'Proposed to archive'],
  ['closed', 'Closed without a merge, left as they are'],
  ['withdrawn', 'Withdrawn'],
];

const most = 20;

export function batchSummary(members: readonly Fix[]): string {
  const [first] = members;
  const approval = first?.facts.approval;
  const of = (fate: Fate): Fix[] => members.filter(({ facts }) => fateOf(facts) === fate);
  const merged = members.filter(({ facts }) => facts.pull?.state === 'merged');
  const commits = distinct(
    merged.flatMap(({ facts }) => facts.pull?.mergeSha ?? facts.proposal?.commit ?? []),
  );
  const files = distinct(merged.flatMap(({ facts }) => facts.proposal?.files ?? []));
  return [
    `**Summary** of what ${inline(approval?.by ?? '', 40)} approved on ${utcMinute(approval?.at ?? null)}`,
    '',
    `- Sentry issues triaged: ${members.length}`,
    ...always.map(([fate, name]) => countLine(name, of(fate))),
    ...sometimes.flatMap(([fate, name]) => (of(fate).length > 0 ? [countLine(name, of(fate))] : [])),
    `- Commits: ${counted(commits.map((sha) => code(sha.slice(0, 10), 12)))}`,
    `- Files changed: ${counted(files.map((file) => code(file, 120)))}`,
    '',
    ...members.slice(0, most).map(memberLine),
    ...(members.length > most ? [`- …and ${members.length - most} more.`] : []),
  ].join('\n');
}

function countLine(name: string, fixes: readonly Fix[]): string {
  return `- ${name}: ${counted(fixes.map(({ shortId }) => inline(shortId, 60)))}`;
}

function counted(names: readonly string[]): string {
  if (names.length === 0) return '0';
  const rest = names.length > most ? ` and ${names.length - most} more` : '';
  return `${names.length} (${names.slice(0, most).join(', ')}${rest})`;
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}

function memberLine(fix: Fix): string {
  const { pull, proposal, resolution, ending, joined } = fix.facts;
  const parts = [
    `**${inline(fix.shortId, 60)}**`,
    ...(pull ? [link(`pull request ${pull.number}`, pull.url)] : []),
    ...(proposal ? [inline(proposal.strategy, 120)] : []),
    ...(joined ? [`same cause as ${inline(joined.shortId, 60)}`] : []),
    ...(resolution
      ? [`Sentry: ${resolutionTexts[resolution.how]}${resolution.note ? `; ${resolution.note}` : ''}`]
      : []),
    ...(!resolution && pull
      ? [`Sentry: untouched; ${inline(pull.state === 'merged' ? pull.verdict.detail : pull.state, 120)}`]
      : []),
    ...(!pull && ending ? [ending.reason.replaceAll('\n', ' ')] : []),
  ];
  return `- ${parts.join(' · ')}`;
}
