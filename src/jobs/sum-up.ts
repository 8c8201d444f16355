// The one comment on the triage issue about how a batch ended, or about a fix that was approved alone. Only one run
// per batch writes it at a time; its marks tell the next one that it is there, so it is edited, never doubled.

import type { Fix } from '../domain/fix.ts';
import { fixMark, readFixMarks, type FixMark } from '../domain/marker.ts';
import type { Binding } from '../domain/problem.ts';
import { batchSummary, fateOf, isOver } from '../domain/triage/summary.ts';
import { resolvedSummary, unresolvedSummary } from '../domain/wording.ts';
import type { HostComment, Job, JobData, Ports } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { readTriageIssues } from './triage-issues.ts';
import { readKnownSettings } from './view.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'bindings' | 'signer'>;

function batchIdOf({ id, facts }: Fix): string {
  return facts.batch ?? id;
}

export function sumUpJob(fix: Fix): Job {
  const batch = batchIdOf(fix);
  return { name: 'sum-up', data: { bindingId: fix.bindingId, batch }, key: batch, group: batch };
}

/** 1. who is in the batch  2. say it, once all of them have ended  3. remember who needs no further word. */
export async function sumUp(ports: Needs, data: JobData['sum-up']): Promise<void> {
  const binding = bindingOf(ports, data.bindingId);
  const fixes = await ports.store.readFixes(binding.id);
  const members = fixes.filter((fix) => batchIdOf(fix) === data.batch);
  if (isOver(members)) await say(ports, binding, { members, batch: data.batch });
  // While others are under way there is nothing to say: the last one to end says it.
  for (const { id, facts } of members) {
    const fate = fateOf(facts);
    if (fate === null || facts.announced) continue;
    await ports.store.updateFix(id, (known) =>
      fateOf(known.facts) === fate ? { ...known, facts: { ...known.facts, announced: true } } : known,
    );
  }
}

/** A lone one has its own comment, several have one together. */
async function say(
  ports: Needs,
  binding: Binding,
  { members, batch }: { members: readonly Fix[]; batch: string },
): Promise<void> {
  const issue = await issueNumber(ports, binding);
  const [lone] = members;
  if (issue === null || !lone) return;
  const place = { binding, issue, comments: await readOwn(ports, binding, issue) };
  await (members.length === 1 ? sayOne(ports, place, lone) : sayAll(ports, place, { members, batch }));
}

async function readOwn(ports: Needs, binding: Binding, issue: number): Promise<HostComment[]> {
  const self = await ports.host.readSelf();
  const comments = await ports.host.listComments(binding.repo, issue);
  return comments.filter(({ author }) => author.login === self.login);
}

/** A database that is new knows of none yet. */
async function issueNumber(ports: Needs, binding: Binding): Promise<number | null> {
  const known = await ports.store.readIssue(binding.id);
  if (known) return known.number;
  return (await allIssues(ports, binding)).at(-1) ?? null;
}

/** Closed ones, too; oldest first. */
async function allIssues(ports: Needs, binding: Binding): Promise<number[]> {
  const { label } = (await readKnownSettings(ports, binding)).settings;
  const issues = await readTriageIssues(ports, binding, { label, state: 'all' });
  return issues.map(({ number }) => number);
}

type Place = { binding: Binding; issue: number; comments: readonly HostComment[] };

function markOf(fix: Fix): FixMark {
  return { bindingId: fix.bindingId, problemId: fix.problemId, attempt: fix.attempt };
}

/** Left alone first and resolved later, when checks came late, are two things to say. */
function purposeOf({ facts }: Fix): 'summary' | 'left' {
  return facts.resolution ? 'summary' : 'left';
}

/** What ended without a pull request is told by the triage issue alone. */
async function sayOne(ports: Needs, { binding, issue, comments }: Place, fix: Fix): Promise<void> {
  const purpose = purposeOf(fix);
  const mark = markOf(fix);
  if (
    !fix.facts.pull ||
    fix.facts.announced ||
    comments.some(({ body }) => hasMark(ports, body, { purpose, mark }))
  )
    return;
  const text = fix.facts.resolution ? resolvedSummary(fix) : unresolvedSummary(fix);
  await ports.host.comment(binding.repo, issue, `${text}\n\n${fixMark(ports.signer, purpose, mark)}`);
}

/** A comment about one of them, written before the others were approved, becomes the comment about all. */
async function sayAll(
  ports: Needs,
  { binding, issue, comments }: Place,
  { members, batch }: { members: readonly Fix[]; batch: string },
): Promise<void> {
  const marks = [
    { purpose: 'batch', mark: { bindingId: binding.id, problemId: batch, attempt: 1 } },
    ...members.flatMap((fix) => (fix.facts.pull ? [{ purpose: purposeOf(fix), mark: markOf(fix) }] : [])),
  ];
  const signed = marks.map(({ purpose, mark }) => fixMark(ports.signer, purpose, mark)).join('');
  const text = `${batchSummary(members)}\n\n${signed}`;
  const isIt = ({ body }: HostComment): boolean => marks.some((named) => hasMark(ports, body, named));
  const there = comments.find(isIt) ?? (await findBefore(ports, { binding, issue }, isIt));
  if (!there) await ports.host.comment(binding.repo, issue, text);
  else if (there.body !== text) await ports.host.updateComment(binding.repo, there.id, text);
}

const mostIssues = 3;

/** People may have closed the issue on which the first of them was told of. */
async function findBefore(
  ports: Needs,
  { binding, issue }: { binding: Binding; issue: number },
  isIt: (comment: HostComment) => boolean,
): Promise<HostComment | undefined> {
  const others = (await allIssues(ports, binding)).filter((number) => number !== issue);
  for (const number of others.slice(-mostIssues)) {
    const found = (await readOwn(ports, binding, number)).find(isIt);
    if (found) return found;
  }
  return undefined;
}

function hasMark(
  { signer }: Needs,
  body: string,
  { purpose, mark }: { purpose: string; mark: FixMark },
): boolean {
  return readFixMarks(signer, purpose, body).some(
    (found) =>
      found.bindingId === mark.bindingId &&
      found.problemId === mark.problemId &&
      found.attempt === mark.attempt,
  );
}
