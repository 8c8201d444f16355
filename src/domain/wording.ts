// Every sentence we post as a comment. Plain, short, with what to do next; it pings nobody.

import { commandHelp } from './triage/command.ts';
import type { Fix, PullFacts } from './fix.ts';
import { link } from './links.ts';
import { resolutionTexts } from './triage/triage-lines.ts';
import { code, inline } from './untrusted.ts';

type Role = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';

/** For a person whose tick or command does not count. */
export function notAllowed(input: {
  login: string;
  role: Role;
  required: Role;
  what: string;
  repo: string;
}): string {
  const has = input.role === 'none' ? 'none' : input.role;
  return (
    `${inline(input.login, 40)}: ${input.what} needs ${input.required} permission on ${code(input.repo, 140)}; you have ${has}. ` +
    `Nothing was started, and nothing changed in Sentry. Someone with ${input.required} permission can tick the box.`
  );
}

/** What was wrong, and the line that would have been right. */
export function unclearCommand(text: string, reason: string, right: string): string {
  return `${code(text, 120)}: ${reason} Right would be: ${code(right, 160)}`;
}

/** A fixer that nobody has set up: what there is, and the line that would have been right. */
export function noSuchFixer(asked: string, there: readonly string[]): string {
  const right = there.length > 1 ? `/sentry fix PER-1A with ${there.at(-1)}` : '/sentry fix PER-1A';
  return `The fixer ${code(asked, 40)} is not set up here; there is: ${there.map((name) => code(name, 40)).join(', ')}. Right would be: ${code(right, 80)}`;
}

/** Somebody added words to a retry, and nothing here can read them. */
export function hintsUnread(fixers: readonly string[]): string {
  const who = fixers.map((name) => code(name, 40)).join(', ');
  return `Your words are kept, but nobody reads them: ${who} ${fixers.length === 1 ? 'does' : 'do'} not read hints, and no agent or command is set up for this attempt. It is the same attempt again, at the newest event and commit.`;
}

/** Many at once with one fixer: the box that asks first could not carry its name. */
export function needsYes(fixer: string): string {
  return `That is many at once, so I start none yet. Right would be: ${code(`/sentry fix all with ${fixer} --yes`, 80)}`;
}

export function help(): string {
  return `What I understand:\n\n${helpTable()}`;
}

function helpTable(): string {
  return [
    '| command | what it does |',
    '|---|---|',
    ...commandHelp.map((row) => `| \`${row.usage}\` | ${row.meaning} |`),
  ].join('\n');
}

export function approved(shortIds: readonly string[]): string {
  const ids = shortIds.map((id) => inline(id, 60)).join(', ');
  const what = shortIds.length === 1 ? 'one pull request' : 'one pull request each';
  return `Approved: ${ids}. I work on ${what}; where it stands is on the triage issue.`;
}

export function alreadyBusy(shortId: string): string {
  return `${inline(shortId, 60)} is in work already; where it stands is on the triage issue.`;
}

/** After `--anyway`. */
export function goesOn(shortId: string): string {
  return `${inline(shortId, 60)} goes on, although somebody else works on the same file.`;
}

export function notWaiting(shortId: string): string {
  const id = inline(shortId, 60);
  return `${id} does not wait for an approval: it is resolved or needs a person. \`/sentry retry ${id}\` starts another attempt where an earlier one ended.`;
}

export function noSuchNumber(number: number, rows: number): string {
  return `The table on the triage issue has no number ${number}; it goes to ${rows}. Any Sentry issue can be named by its id: \`/sentry fix PER-1A\`.`;
}

export function whichTable(number: number): string {
  return `I cannot tell which table ${number} is meant for: comment on the triage issue, or use the id of the Sentry issue.`;
}

export function skipped(shortIds: readonly string[]): string {
  const ids = shortIds.map((id) => inline(id, 60)).join(', ');
  return `Skipped: ${ids}. Sentry stays as it is. I show ${shortIds.length === 1 ? 'it' : 'them'} again when it gets worse; \`/sentry fix\` starts it anyway.`;
}

export function archiving(shortId: string): string {
  return `${inline(shortId, 60)}: I archive it in Sentry until it escalates, and nothing else.`;
}

export function linked(shortId: string, number: number): string {
  return `This pull request (${number}) fixes ${inline(shortId, 60)} now: when it is merged and CI is green, I resolve it in Sentry; otherwise Sentry stays as it is.`;
}

export function reworking(number: number): string {
  return `I try again on the same branch (pull request ${number}). Commits of other people on it are never overwritten.`;
}

/** A person has taken the branch over. */
export const stepBack =
  'I step back: this branch has commits that are not mine, and I never overwrite them. The pull request is yours; when it is merged and CI is green, I resolve the Sentry issue as before.';

/** `reason` is a finished sentence, or several, safe to publish. */
export function reworkFailed(reason: string): string {
  return `I tried again and found no better change; this one stays as it is. ${reason}`;
}

export const linkOnlyOnPulls =
  '`/sentry link` belongs on the pull request that fixes the Sentry issue; comment there.';

export const linkOnOurs = 'This pull request is mine already; there is nothing to link.';

export const retryWhich = 'It must name the Sentry issue: `/sentry retry PER-1A <hint>`.';

export function nothingWaits(): string {
  return 'Nothing waits for an approval.';
}

export function confirmed(by: string, started: readonly string[], left: number): string {
  const rest = left === 0 ? '' : ` ${left} of them did not wait any more.`;
  const ids = started.map((id) => inline(id, 60)).join(', ') || 'none';
  return `Confirmed by ${inline(by, 40)}: ${ids}.${rest} Where they stand is on the triage issue.`;
}

/** Below a box in a comment that stands ticked by nobody knows whom. */
export const cannotTell =
  'GitHub does not tell me who ticked this box, so I have not acted on it. Empty it and tick it again, or say it with `--yes`.';

/** The nearest known id is named so that a typo costs one copy and paste. */
export function unknownProblem(shortId: string, nearest: string | null): string {
  const hint =
    nearest === null
      ? 'The list is on the triage issue.'
      : `The nearest is ${inline(nearest, 60)}: \`/sentry fix ${nearest}\`.`;
  return `I know no ${code(shortId, 60)} here. ${hint}`;
}

/** Once, when a fix has ended well. */
export function resolvedSummary(fix: Fix): string {
  const { pull, proposal, resolution } = fix.facts;
  return [
    `**${inline(fix.shortId, 60)} is fixed.** ${pull ? link(`Pull request ${pull.number}`, pull.url) : 'The pull request'} was merged and CI passed (${inline(pull?.verdict.detail ?? '', 80)}).`,
    '',
    `- Commit: ${code((pull?.mergeSha ?? proposal?.commit ?? '').slice(0, 10), 12)}`,
    `- Files: ${(proposal?.files ?? []).map((file) => code(file, 120)).join(', ')}`,
    `- Strategy: ${inline(proposal?.strategy ?? '', 120)}`,
    `- Sentry: ${resolution ? resolutionTexts[resolution.how] : 'untouched'}${resolution?.note ? `; ${resolution.note}` : ''}`,
  ].join('\n');
}

/** Once, when a fix has ended without a resolution. */
export function unresolvedSummary(fix: Fix): string {
  const pull = fix.facts.pull;
  const id = inline(fix.shortId, 60);
  const name = pull ? link(`Pull request ${pull.number}`, pull.url) : 'The pull request';
  if (pull?.state === 'merged') {
    const why = pull.verdict.state === 'none' ? 'no check reported on it' : inline(pull.verdict.detail, 160);
    return `${name} was merged, but ${why}. I left ${id} in Sentry as it is; resolve it there when you are sure that it works.`;
  }
  const { superseded } = fix.facts.life;
  if (superseded)
    return `I closed ${name.replace(/^\[P/, '[p')} of ${id}: ${superseded.reason} I open no other one for it unless someone ticks it again.`;
  return `${name} was closed without a merge. I left ${id} in Sentry as it is and open no other pull request for it unless someone ticks it again.`;
}

/** The step of a fix that waits for another one. */
export function joins(shortId: string): string {
  return `has the same cause as ${inline(shortId, 60)} and joins its pull request`;
}

/** `reason` is that of the other fix, safe to publish. */
export function sameRootEnded(shortId: string, reason: string): string {
  return `It has the same cause as ${inline(shortId, 60)}. ${reason}`;
}

/** Under the problem at the source. */
export function sourceNote(pull: PullFacts): string {
  const commit = pull.mergeSha === null ? '' : ` (${pull.mergeSha.slice(0, 10)})`;
  return `Fixed by pull request ${pull.number}, merged with CI green${commit}: ${pull.url}`;
}

/** On a fresh triage issue, when people closed the one before. */
export function continues(url: string): string {
  return `This continues ${url}, which was closed.`;
}
