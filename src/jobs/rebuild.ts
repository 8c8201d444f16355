// Fixes of a database that is new or was lost, read back from the marks on their pull requests (design, section 3).
// It writes nothing outside the database, and what it finds there already stays as it is.

import { branchRoot } from '../domain/pull/branch.ts';
import { approvedFacts, type Fix, type Proposal, type PullFacts } from '../domain/fix.ts';
import { readJoined } from '../domain/pull/joined.ts';
import { readApprovalMark, readFixMark, readFixMarks, type FixMark } from '../domain/marker.ts';
import type { Binding, Problem } from '../domain/problem.ts';
import type { HostComment, Ports, PullRequest } from '../ports.ts';
import { joinerOf } from './join.ts';
import { settleJob } from './receive-delivery.ts';
import { readTriageIssues } from './triage-issues.ts';
import { readKnownSettings } from './view.ts';

type Needs = Pick<Ports, 'source' | 'host' | 'store' | 'signer' | 'log' | 'bindings'>;

/** 1. our pull requests  2. what was said of them  3. a fix for each that the database does not know. */
export async function rebuildFixes(ports: Needs, binding: Binding): Promise<void> {
  const marked = await readMarked(ports, binding);
  if (marked.length === 0) return;
  const said = await readSummaries(ports, binding);
  const fixes: Fix[] = [];
  for (const found of marked) fixes.push(...(await fixesOf(ports, binding, { ...found, said })));
  await ports.store.transaction(async (rows) => {
    const known = new Set((await rows.readFixes(binding.id)).map(attemptKey));
    const missing = fixes.filter((fix) => !known.has(attemptKey(fix)));
    for (const fix of missing) await rows.createFix(fix);
    for (const { id, facts } of missing) if (facts.root !== null) await rows.claimRoot(id, facts.root);
    await rows.send(missing.map((fix) => settleJob(fix.id)));
    if (missing.length > 0)
      ports.log.warn(
        { binding: binding.id, fixes: missing.length },
        'fixes rebuilt from their pull requests',
      );
  });
}

/** The fix that made the pull request, and those that joined it. */
async function fixesOf(
  ports: Needs,
  binding: Binding,
  found: Marked & { said: readonly HostComment[] },
): Promise<Fix[]> {
  const lead = await fixOf(ports, binding, found);
  const root = readFixMark(ports.signer, 'root', found.pull.body)?.problemId ?? null;
  const joined: Fix[] = [];
  for (const { mark } of readJoined(ports.signer, found.pull.body)) {
    const fix = await fixOf(ports, binding, { ...found, mark });
    const of = { fixId: lead.id, shortId: lead.shortId };
    joined.push({ ...fix, facts: { ...fix.facts, proposal: null, joined: of } });
  }
  const joiners = joined.map((fix) => ({ ...joinerOf(fix), told: true }));
  return [{ ...lead, facts: { ...lead.facts, root, joiners } }, ...joined];
}

type Marked = { pull: PullRequest; mark: FixMark };

/** Oldest first, so that attempts follow each other as they were made. */
async function readMarked(ports: Needs, binding: Binding): Promise<Marked[]> {
  const self = await ports.host.readSelf();
  const pulls = await ports.host.findPullRequests(binding.repo, branchRoot);
  return pulls
    .toSorted((left, right) => left.number - right.number)
    .flatMap((pull) => {
      const mark = readFixMark(ports.signer, 'pull', pull.body);
      const ours = pull.sameRepo && pull.author.login === self.login && mark?.bindingId === binding.id;
      return ours ? [{ pull, mark }] : [];
    });
}

/** The comments on every triage issue of the binding, closed ones included. */
async function readSummaries(ports: Needs, binding: Binding): Promise<HostComment[]> {
  const self = await ports.host.readSelf();
  const { settings } = await readKnownSettings(ports, binding);
  const ours = await readTriageIssues(ports, binding, { label: settings.label, state: 'all' });
  const comments = await Promise.all(
    ours.map((issue) => ports.host.listComments(binding.repo, issue.number)),
  );
  return comments.flat().filter((comment) => comment.author.login === self.login);
}

async function fixOf(
  ports: Needs,
  binding: Binding,
  found: Marked & { said: readonly HostComment[] },
): Promise<Fix> {
  const { pull, mark } = found;
  const problem = await ports.source.readProblem(binding.source, mark.problemId);
  const approval = readApprovalMark(ports.signer, mark, pull.body) ?? { by: '', at: 0, via: 'tick' as const };
  const said = (purpose: string): boolean =>
    found.said.some((comment) =>
      readFixMarks(ports.signer, purpose, comment.body).some((about) => isAbout(about, mark)),
    );
  const noted =
    pull.state === 'merged' && !said('summary')
      ? await ports.source.hasNote(binding.source, mark.problemId, pull.url)
      : false;
  const resolved = said('summary') || noted;
  const facts = approvedFacts({ ...approval, hint: null });
  return {
    id: globalThis.crypto.randomUUID(),
    bindingId: binding.id,
    problemId: mark.problemId,
    ...namesOf(problem, pull),
    attempt: mark.attempt,
    facts: {
      ...facts,
      proposal: forgottenProposal(pull),
      pull: pullFactsOf(pull),
      resolution: resolved ? { at: pull.mergedAt ?? 0, how: 'already', note: null } : null,
      announced: said('summary') || said('left'),
      life: {
        ...facts.life,
        vanished: problem?.status !== 'unresolved',
        // Whatever is no draft was offered before, to whomever it was.
        ...(pull.draft ? {} : { readyAt: 0, asked: [] }),
      },
    },
  };
}

/** Of a pull request that nobody remembers making. Its head may be a person's commit by now: none is ours to replace. */
export function forgottenProposal({ branch, base }: Pick<PullRequest, 'branch' | 'base'>): Proposal {
  return { branch, base, commit: '', replaces: null, files: [], strategy: 'an earlier run' };
}

/** A problem that is gone is called as its pull request calls it. */
function namesOf(problem: Problem | null, pull: PullRequest): Pick<Fix, 'shortId' | 'title' | 'permalink'> {
  if (problem) return { shortId: problem.shortId, title: problem.title, permalink: problem.permalink };
  const slugged = pull.branch.slice(branchRoot.length).split('-').slice(0, 2).join('-');
  return { shortId: slugged.toUpperCase(), title: pull.title, permalink: pull.url };
}

export function pullFactsOf(pull: PullRequest): PullFacts {
  const { number, url, state, headSha, mergeSha, mergedAt, closedAt, base, draft } = pull;
  const verdict = { state: 'none' as const, detail: 'no check has reported' };
  const seen = { base, draft, conflicts: pull.conflicts === true, failed: [] };
  return { number, url, state, headSha, mergeSha, mergedAt, closedAt, verdict, ...seen };
}

function isAbout(left: FixMark, right: FixMark): boolean {
  return (
    left.bindingId === right.bindingId && left.problemId === right.problemId && left.attempt === right.attempt
  );
}

function attemptKey(fix: Pick<Fix, 'problemId' | 'attempt'>): string {
  return `${fix.problemId}#${fix.attempt}`;
}
