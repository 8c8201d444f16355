// The text of a fix's pull request: what happened, why, what changed, and the proof.
// The mark in it is how the pull request is found again when the database is lost.

import { commitSubject } from './commit-message.ts';
import { utcDay } from '../dates.ts';
import { earlierLines, type EarlierAttempt } from '../record/earlier.ts';
import { outputBlocks } from '../proof/failing-step.ts';
import type { FixDescription } from './fix-description.ts';
import type { LadderStep } from '../fix.ts';
import { link } from '../links.ts';
import type { Location } from '../crash/location.ts';
import { mappingReport } from '../locate/report.ts';
import { approvalMark, fixMark, type ApprovalMark, type Signer } from '../marker.ts';
import type { Problem } from '../problem.ts';
import type { Surroundings } from '../crash/surroundings.ts';
import { block, code, inline } from '../untrusted.ts';

export type PullText = {
  problem: Problem;
  bindingId: string;
  attempt: number;
  /** What makes other problems the same bug (root.ts); null when it is not known. */
  root: string | null;
  approval: ApprovalMark;
  files: readonly string[];
  description: FixDescription;
  diagnosis: readonly string[];
  location: Location;
  surroundings: Surroundings | null;
  /** What was tried at this problem before. */
  earlier: readonly EarlierAttempt[];
  ladder: readonly LadderStep[];
  reproduced: boolean;
  /** The test that shows the crash, when it is not part of the change. */
  evidence: { path: string; text: string } | null;
  /** A finished sentence when changes by this fixer were turned down more often than taken. */
  doubt: string | null;
};

export function pullTitle(text: PullText): string {
  return commitSubject({ ...text, shortId: text.problem.shortId, permalink: text.problem.permalink });
}

export function pullBody(text: PullText, signer: Signer): string {
  const { problem, description } = text;
  const files = text.files.map((file) => code(file, 160)).join(', ');
  const mark = { bindingId: text.bindingId, problemId: problem.id, attempt: text.attempt };
  const symptom = description.symptom ? [`**Symptom.** ${description.symptom}`] : [];
  return [
    fixMark(signer, 'pull', mark) +
      (text.root === null ? '' : fixMark(signer, 'root', { ...mark, problemId: text.root })) +
      approvalMark(signer, mark, text.approval),
    `**What happened.** ${happened(problem)} Approved by ${inline(text.approval.by, 40)}.`,
    `**Root cause.** ${description.rootCause}`,
    ...symptom,
    `**Change.** ${description.change} Files: ${files}.`,
    ...(text.doubt === null ? [] : [text.doubt]),
    proofTable(text),
    ...evidenceFold(text.evidence),
    ...failedTries(text.ladder),
    fold('What I read out of the event', text.diagnosis.map((sentence) => `- ${sentence}`).join('\n')),
    fold('How the stack trace was mapped to this line', mappingReport(text.location)),
    ...roundAbout(text.surroundings),
    ...(text.earlier.length > 0 ? [fold('What was tried before', earlierLines(text.earlier))] : []),
    closing(problem.shortId),
  ].join('\n\n');
}

/** Where else the same is written: listed, not changed. */
function roundAbout(surroundings: Surroundings | null): string[] {
  const { count, places } = surroundings?.samePattern ?? { count: 0, places: [] };
  if (count === 0) return [];
  const lines = places.map(({ path, line }) => `- ${code(`${path}:${line}`, 160)}`).join('\n');
  const times = count === 1 ? 'one more place' : `${count} more places`;
  return [fold(`The same pattern stands in ${times}, left as it is`, lines)];
}

function happened(problem: Problem): string {
  const since = problem.firstSeen === null ? '' : ` since ${utcDay(problem.firstSeen)}`;
  const times = problem.count === 1 ? 'Once' : `${problem.count} times`;
  const users =
    problem.userCount === 0 ? '' : `, ${problem.userCount} ${problem.userCount === 1 ? 'user' : 'users'}`;
  return `${times}${since}${users}: ${inline(problem.title, 160)} (${link(inline(problem.shortId, 60), problem.permalink)}).`;
}

export function proofTable(text: Pick<PullText, 'ladder'>): string {
  const marks = { passed: '✓', failed: '✗', skipped: '–' };
  const rows = text.ladder.map(
    (step) => `| ${cell(step.step)} | ${marks[step.result]} ${cell(step.detail)} |`,
  );
  return ['| proof | result |', '|---|---|', ...rows].join('\n');
}

/** A bar would end the cell, even in a code span. */
function cell(text: string): string {
  return text.replace(/\r?\n/g, ' ').replace(/(?<!\\)\|/g, '\\|');
}

/** A test that was run and is not committed: nothing in the repository says where it would belong. */
function evidenceFold(evidence: PullText['evidence']): string[] {
  if (evidence === null) return [];
  const content = `It ran as ${code(evidence.path, 160)} and is not part of this change.\n\n${block(evidence.text, 6_000)}`;
  return [fold('The test that reproduces it', content)];
}

/** What earlier tries printed when they failed. */
function failedTries(ladder: readonly LadderStep[]): string[] {
  const blocks = outputBlocks(ladder, 3_000);
  return blocks.length === 0 ? [] : [fold('What earlier tries failed at', blocks.join('\n\n'))];
}

function closing(shortId: string): string {
  const id = inline(shortId, 60);
  return (
    `When this is merged and CI is green, I resolve ${id} in Sentry in the next release; merged with red CI, Sentry stays as it is. ` +
    `Close this pull request to say no: I open no other one for ${id} unless someone ticks it again.`
  );
}

function fold(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}
