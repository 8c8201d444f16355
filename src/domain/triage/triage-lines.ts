// One line of the triage issue per fix: where it stands, why, and what to do next.
// It takes facts and gives inert Markdown; it decides nothing.

import { utcMinute } from '../dates.ts';
import { outputBlocks } from '../proof/failing-step.ts';
import type { Fix } from '../fix.ts';
import { mayWithdraw, stageOf } from '../stage.ts';
import { link } from '../links.ts';
import type { Signer } from '../marker.ts';
import { openState } from '../pull/pull-wording.ts';
import { renderBox } from './ticks.ts';
import { code, inline } from '../untrusted.ts';
import { backText, watchText } from '../watch.ts';

export function earlierText(fix: Fix): string {
  const pull = fix.facts.pull
    ? link(`pull request ${fix.facts.pull.number}`, fix.facts.pull.url)
    : 'an earlier attempt';
  const stage = stageOf(fix.facts);
  if (stage === 'closed' && fix.facts.life.superseded)
    return `I closed ${pull}: ${fix.facts.life.superseded.reason} Tick to try again`;
  const back = '↩ back';
  if (stage === 'closed')
    return `${pull} was closed without a merge; Sentry was left as it is; tick to try again`;
  if (fix.facts.resolution) return `${back} after ${pull} was merged${triedText(fix)}`;
  return 'withdrawn; tick to start again';
}

/** So that whoever ticks again knows what did not hold. */
function triedText({ facts: { proposal, watch } }: Fix): string {
  const files = (proposal?.files ?? []).slice(0, 3).map((file) => code(file, 120));
  const tried = proposal ? ` (tried: ${[inline(proposal.strategy, 80), ...files].join(' · ')})` : '';
  return watch?.end?.kind === 'back' ? `${tried}. ${backText(watch)}` : tried;
}

type Boxes = { signer: Signer; bindingId: string };

/** What runs, and since when, with a box that can be emptied until something leaves this machine. */
export function workLine(fix: Fix, boxes: Boxes): string {
  const { progress, place, approval, held, life } = fix.facts;
  const waits = life.waits ?? held?.why ?? null;
  const where = place ? ` · ${code(place, 120)}` : '';
  const by = `approved by ${inline(approval.by, 40)}, ${utcMinute(approval.at)}`;
  const head = `**${inline(fix.shortId, 60)}**`;
  const now = progress ? `${progress.step}, since ${utcMinute(progress.since)}${where}` : queuedText(waits);
  if (!mayWithdraw(fix.facts)) return `- ${head} · ${now} · ${by}`;
  return renderBox(boxes.signer, {
    kind: 'tick',
    bindingId: boxes.bindingId,
    subject: fix.problemId,
    visible: `${head} · ${now} · ${by} · untick to withdraw`,
    ticked: true,
  });
}

function queuedText(waits: string | null): string {
  return waits === null ? 'queued' : `waits: ${waits}`;
}

/** True while a person's word lets it go on. */
export function waitsForWord({ facts }: Fix): boolean {
  return facts.held !== null && facts.anyway === null && facts.progress === null;
}

/** Under the line of a fix that waits because somebody else works on the same file. */
export function anywayBox(fix: Fix, boxes: Boxes & { carry: ReadonlySet<string> }): string {
  return renderBox(boxes.signer, {
    kind: 'anyway',
    bindingId: boxes.bindingId,
    subject: fix.problemId,
    visible: `**${inline(fix.shortId, 60)}** · tick to go on all the same; else I go on once that is over`,
    ticked: boxes.carry.has(`anyway ${fix.problemId}`),
  });
}

export function openLine(fix: Fix): string {
  const pull = fix.facts.pull;
  if (!pull) return `- **${inline(fix.shortId, 60)}**`;
  const marks = { passed: '✅', failed: '❌', pending: '⏳', none: '∅' };
  return `- **${inline(fix.shortId, 60)}** · ${link(`pull request ${pull.number}`, pull.url)}${sameRoot(fix)} · CI ${marks[pull.verdict.state]} ${inline(pull.verdict.detail, 120)} · ${waitsFor(fix)}`;
}

function sameRoot({ facts: { joined } }: Fix): string {
  return joined ? ` (same cause as ${inline(joined.shortId, 60)})` : '';
}

function waitsFor(fix: Fix): string {
  const { pull, heldUp } = fix.facts;
  if (pull?.state !== 'merged') return openState(fix);
  if (heldUp !== null) return `merged, but not resolved yet: ${heldUp} I try again by myself`;
  return pull.verdict.state === 'passed'
    ? 'merged, waiting for Sentry to take the resolution'
    : 'merged, waiting for the checks of the merged change';
}

export function personLine(fix: Fix): string {
  const facts = fix.facts;
  const head = `- **${inline(fix.shortId, 60)}** · ${personReason(fix)}`;
  const place = facts.place ? ` Look at ${code(facts.place, 140)}.` : '';
  if (facts.diagnosis.length === 0) return head + place;
  return `${head}${place}\n  <details><summary>What I found</summary>\n\n  ${facts.diagnosis.join(' ')}\n\n${ladderLines(fix)}\n  </details>`;
}

function personReason(fix: Fix): string {
  const { pull, ending } = fix.facts;
  if (pull?.state === 'merged') {
    const why = pull.verdict.state === 'none' ? 'no check reported on it' : inline(pull.verdict.detail, 160);
    return `${link(`pull request ${pull.number}`, pull.url)} was merged, but ${why}. Sentry was left as it is: resolve it there when you are sure.`;
  }
  const { stuck } = fix.facts.life;
  if (pull?.state === 'open' && stuck)
    return `${link(`pull request ${pull.number}`, pull.url)}: ${stuck.reason}`;
  return ending?.reason ?? 'it needs a look.';
}

function ladderLines(fix: Fix): string {
  const { ladder } = fix.facts;
  const steps = ladder.map((step) => `  - ${step.step}: ${step.result}, ${step.detail}`);
  // What the last failed step printed is where a person begins to look.
  const output = outputBlocks(ladder.slice(-1), 800).map((text) => `\n${indented(text)}`);
  return [...steps, ...output].join('\n');
}

/** Within the list entry that it belongs to. */
function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

/** Its own box: a tick archives this one in Sentry and does nothing else. */
export function archiveBox(fix: Fix, boxes: Boxes & { carry: ReadonlySet<string> }): string {
  const reason = fix.facts.ending?.reason ?? 'not ours to fix.';
  return renderBox(boxes.signer, {
    kind: 'archive',
    bindingId: boxes.bindingId,
    subject: fix.problemId,
    visible: `**${inline(fix.shortId, 60)}** · ${reason.replaceAll('\n', ' ')} Tick to archive it in Sentry until it escalates.`,
    ticked: boxes.carry.has(`archive ${fix.problemId}`),
  });
}

/** `watchDays`: how long it is watched. */
export function doneLine(fix: Fix, watchDays: number): string {
  const { ending, watch } = fix.facts;
  if (ending?.kind === 'archived')
    return `- **${inline(fix.shortId, 60)}** · archived until it escalates · ${ending.reason}`;
  const { proposal, pull } = fix.facts;
  const files = (proposal?.files ?? []).map((file) => code(file, 120)).join(', ');
  return [
    `- **${inline(fix.shortId, 60)}** · fixed ✅ · ${pullLink(fix)}`,
    `  - Commit: ${code((pull?.mergeSha ?? proposal?.commit ?? '').slice(0, 10), 12)}`,
    `  - Files: ${files}`,
    `  - Strategy: ${inline(proposal?.strategy ?? '', 120)}`,
    `  - Sentry: ${resolutionText(fix)}`,
    ...(watch ? [`  - ${watchText(watch, watchDays)}`] : []),
  ].join('\n');
}

export const resolutionTexts = {
  'in-next-release': 'resolved in the next release',
  'in-commit': 'resolved in the merged commit',
  now: 'resolved',
  already: 'was resolved already',
  gone: 'untouched',
};

function resolutionText(fix: Fix): string {
  const resolution = fix.facts.resolution;
  if (!resolution) return 'untouched';
  return resolutionTexts[resolution.how] + (resolution.note ? ` (${resolution.note})` : '');
}

function pullLink(fix: Fix): string {
  return fix.facts.pull
    ? link(`pull request ${fix.facts.pull.number}`, fix.facts.pull.url)
    : 'an earlier attempt';
}
