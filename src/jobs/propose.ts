// From a proved change in a worktree to an open pull request: commit, push, open, in that order.
// What it is about to do is remembered first, so that a run that dies in between is not repeated blindly.

import { branchName } from '../domain/pull/branch.ts';
import { commitMessage } from '../domain/pull/commit-message.ts';
import { digestOf } from '../domain/pull/description-digest.ts';
import type { EarlierAttempt } from '../domain/record/earlier.ts';
import { Refusal } from '../domain/failure.ts';
import type { Fix } from '../domain/fix.ts';
import { withoutJoined } from '../domain/pull/joined.ts';
import type { Binding, Problem } from '../domain/problem.ts';
import { pullBody, pullTitle, type PullText } from '../domain/pull/pull-request.ts';
import { recentDoubt } from '../domain/record/record.ts';
import { doubtSentence } from '../domain/record/record-text.ts';
import { code } from '../domain/untrusted.ts';
import type { GitAccess, NewPullRequest, Ports, PullRequest, Worktree } from '../ports.ts';
import type { Found } from './diagnose-crash.ts';
import { changeFacts } from './fix-facts.ts';
import { findPullRequest } from './find-pull.ts';
import { registerPaths } from './ledger.ts';
import { forgottenProposal, pullFactsOf } from './rebuild.ts';
import { refreshJob, settleJob } from './receive-delivery.ts';
import type { RepairResult } from './repair.ts';
import { together } from './together.ts';
import { readKnownSettings } from './view.ts';

export type Proposing = {
  fix: Fix;
  binding: Binding;
  problem: Problem;
  found: Found;
  repaired: Extract<RepairResult, { outcome: 'fixed' }>;
  worktree: Worktree;
  access: GitAccess;
  base: string;
  earlier: readonly EarlierAttempt[];
};

/** 1. commit  2. remember it before anything leaves  3. push  4. open the pull request. */
export async function propose(ports: Ports, made: Proposing): Promise<void> {
  const { fix, binding, problem, repaired, worktree } = made;
  const self = await ports.host.readSelf();
  const branch = await branchOf(ports, made);
  const message = commitMessage({ ...repaired, shortId: problem.shortId, permalink: problem.permalink });
  const author = { name: self.login, email: self.email };
  const [expected, commit] = await together([
    remoteOf(ports, made, branch),
    worktree.commit({ branch, paths: repaired.files, message, author }),
  ]);
  const { files, description } = repaired;
  await changeFacts(ports, fix, (facts) => ({
    ...facts,
    ladder: repaired.ladder,
    attempts: [...facts.attempts, ...repaired.attempts],
    progress: { step: 'opening the pull request', since: ports.clock.now() },
    life: { ...facts.life, suspect: made.found.surroundings?.suspectCommit?.commit ?? null },
    proposal: {
      branch,
      commit,
      replaces: expected,
      base: worktree.base,
      files,
      strategy: description.strategy,
    },
  }));
  await registerPaths(ports.store, { binding, fix, paths: files, now: ports.clock.now() });
  const [doubt, { settings }] = await together([
    doubtOf(ports, made),
    readKnownSettings(ports, binding),
    worktree.push(branch, made.access, expected),
  ]);
  const text = pullTextOf(made, doubt);
  const { draft } = settings;
  const pull = { title: pullTitle(text), body: pullBody(text, ports.signer), branch, base: made.base, draft };
  await proposed(ports, fix, await openOrFind(ports, made, pull));
}

/** The host refuses a second one from the same branch: another run of ours, given up long since, was quicker. */
async function openOrFind(
  ports: Ports,
  { binding, fix }: Proposing,
  pull: NewPullRequest,
): Promise<PullRequest> {
  try {
    return await ports.host.openPullRequest(binding.repo, pull);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const there = await findPullRequest(ports, binding, fix);
    if (there?.state !== 'open') throw error;
    return there;
  }
}

/** What the pull request says of this change. */
export function pullTextOf(
  { fix, binding, problem, found, repaired, earlier }: Proposing,
  doubt: string | null,
): PullText {
  return {
    problem,
    bindingId: binding.id,
    attempt: fix.attempt,
    root: fix.facts.root,
    approval: fix.facts.approval,
    files: repaired.files,
    description: repaired.description,
    diagnosis: found.diagnosis.sentences,
    location: found.location,
    surroundings: found.surroundings,
    earlier,
    ladder: repaired.ladder,
    reproduced: repaired.reproduced,
    evidence: repaired.evidence,
    doubt,
  };
}

/** What to say of the fixer's changes so far in this repository; null when there is no cause. */
export async function doubtOf(
  ports: Pick<Ports, 'store'>,
  { fix, repaired: { fixer } }: Proposing,
): Promise<string | null> {
  if (fixer === null) return null;
  const doubt = recentDoubt(await ports.store.readFixes(fix.bindingId), fixer);
  return doubt && doubtSentence(fixer, doubt);
}

/**
 * The branch of the attempt before, where there is one: a retitled problem must not get a second branch, because the
 * host keeps two pull requests from being open at once only within one.
 */
async function branchOf(ports: Pick<Ports, 'store'>, { fix, problem }: Proposing): Promise<string> {
  const fixes = await ports.store.readFixes(fix.bindingId);
  const earlier = fixes.findLast((one) => one.problemId === fix.problemId && one.facts.proposal !== null);
  return earlier?.facts.proposal?.branch ?? branchName(problem.shortId, fix.title);
}

/** Where the remote branch stands. Only a commit that we remember having made may be replaced. */
async function remoteOf(
  ports: Pick<Ports, 'store'>,
  made: Proposing,
  branch: string,
): Promise<string | null> {
  const remote = await made.worktree.readRemote(branch, made.access);
  if (remote === null || (await ownCommits(ports, made.fix)).has(remote)) return remote;
  throw new Refusal(
    `The branch ${code(branch, 120)} exists already with a commit that is not mine; delete it and tick again.`,
  );
}

/** Commits that any attempt at the problem pushed or was about to push: a run may have died on either side of it. */
async function ownCommits(ports: Pick<Ports, 'store'>, fix: Fix): Promise<Set<string>> {
  const attempts = (await ports.store.readFixes(fix.bindingId)).filter(
    (one) => one.problemId === fix.problemId,
  );
  const commits = attempts.flatMap(({ facts }) => [facts.proposal?.commit, facts.proposal?.replaces]);
  return new Set(commits.filter((commit) => typeof commit === 'string'));
}

export async function proposed(ports: Ports, fix: Fix, pull: PullRequest): Promise<void> {
  await changeFacts(ports, fix, (facts) => ({
    ...facts,
    progress: null,
    proposedAt: facts.proposedAt ?? ports.clock.now(),
    proposal: facts.proposal ?? forgottenProposal(pull),
    pull: pullFactsOf(pull),
    life: { ...facts.life, waits: null, base: pull.base, written: digestOf(withoutJoined(pull.body)) },
  }));
  await ports.store.send([settleJob(fix.id), refreshJob(fix.bindingId)]);
}
