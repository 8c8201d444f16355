// Another attempt on the branch of an open pull request, because somebody asked for a change.
// It replaces our own commit and nothing else: a branch with a commit of anybody else is left alone.

import { commitMessage } from '../domain/commit-message.ts';
import { earlierAttempts } from '../domain/earlier.ts';
import { stageOf, type Fix } from '../domain/fix.ts';
import { fixMark, readFixMark } from '../domain/marker.ts';
import type { Binding } from '../domain/problem.ts';
import { pullBody } from '../domain/pull-request.ts';
import { reworked, reworkFailed, stepBack } from '../domain/wording.ts';
import type { JobData, Ports, PullRequest } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { chosenFixers } from './chosen-fixers.ts';
import { diagnoseCrash } from './diagnose-crash.ts';
import { readBase, readCrash, stillAllowed } from './fix.ts';
import { changeFacts } from './fix-facts.ts';
import { doubtOf, pullTextOf, type Proposing } from './propose.ts';
import { refreshJob, reworkJob, settleJob } from './receive-delivery.ts';
import { repair } from './repair.ts';
import { readKnownSettings } from './view.ts';

export type ReworkWish = {
  binding: Binding;
  fix: Fix;
  by: string;
  at: number;
  hint: string;
  fixer?: string | null;
};

const longestHint = 4_000;

/** Remembers the wish and queues it; a wish that waits already is replaced by the newer one. */
export async function askForRework(ports: Pick<Ports, 'store'>, wish: ReworkWish): Promise<void> {
  const { binding, fix, by, at, hint, fixer = null } = wish;
  await ports.store.transaction(async (rows) => {
    await rows.updateFix(fix.id, (known) => ({
      ...known,
      facts: { ...known.facts, rework: { by, at, hint: hint.slice(0, longestHint), commit: null, fixer } },
    }));
    await rows.send([reworkJob(fix.id, binding)]);
  });
}

/** 1. still ours and open?  2. pushed already?  3. repair with the hint  4. replace our commit  5. say so. */
export async function rework(ports: Ports, data: JobData['rework']): Promise<void> {
  const fix = await ports.store.readFix(data.fixId);
  if (!fix?.facts.rework || !fix.facts.proposal || stageOf(fix.facts) !== 'proposed') return;
  const binding = bindingOf(ports, fix.bindingId);
  const pull = await ports.host.readPullRequest(binding.repo, fix.facts.pull?.number ?? 0);
  if (pull?.state !== 'open') return;
  const { commit } = fix.facts.rework;
  if (commit !== null && pull.headSha === commit) return finish(ports, { binding, fix, pull, commit });
  if (pull.headSha !== fix.facts.proposal.commit) return giveUp(ports, { binding, fix, pull, why: stepBack });
  await stillAllowed(ports, binding, { ...fix, facts: { ...fix.facts, approval: approvalOf(fix) } });
  await tryAgain(ports, { binding, fix, pull });
}

type At = { binding: Binding; fix: Fix; pull: PullRequest };

function approvalOf(fix: Fix): Fix['facts']['approval'] {
  const { rework, approval } = fix.facts;
  return rework ? { by: rework.by, at: rework.at, via: 'command', hint: rework.hint } : approval;
}

async function tryAgain(ports: Ports, { binding, fix, pull }: At): Promise<void> {
  const { problem, event } = await readCrash(ports, binding, fix);
  const access = await ports.host.gitAccess(binding.repo);
  const repository = await ports.git.fetchMirror(binding.repo, access);
  const { settings } = await readKnownSettings(ports, binding);
  const base = await readBase(ports, { binding, repository, wanted: pull.base });
  const found = await diagnoseCrash(ports, { event, repository, base: base.commit });
  const earlier = earlierAttempts(await ports.store.readFixes(binding.id), fix);
  const worktree = await repository.openWorktree(fix.id, base.commit);
  const fixers = chosenFixers(ports.fixers, fix.facts.rework?.fixer);
  const repaired = await repair(
    { ...ports, fixers },
    {
      task: {
        problem,
        event,
        ...found,
        hint: fix.facts.rework?.hint ?? null,
        earlier,
        previousFailure: null,
      },
      worktree,
      protectedPaths: settings.protectedPaths,
      limits: settings.limits,
      progress: async (step) => ports.log.info({ fix: fix.id, step }, 'another attempt'),
    },
  );
  if (repaired.outcome !== 'fixed')
    return giveUp(ports, { binding, fix, pull, why: reworkFailed(repaired.reason) });
  await replace(ports, pull, {
    fix,
    binding,
    problem,
    found,
    repaired,
    worktree,
    access,
    base: base.branch,
    earlier,
  });
}

/** What it is about to push is remembered first, so that a run that dies in between is not repeated. */
async function replace(ports: Ports, pull: PullRequest, made: Proposing): Promise<void> {
  const { fix, binding, problem, repaired, worktree, access } = made;
  const expected = fix.facts.proposal?.commit ?? null;
  // The host's account of the pull request may be a moment behind the branch.
  const remote = await worktree.readRemote(pull.branch, access);
  if (remote !== expected) return giveUp(ports, { binding, fix, pull, why: stepBack });
  const self = await ports.host.readSelf();
  const message = commitMessage({ ...repaired, shortId: problem.shortId, permalink: problem.permalink });
  const commit = await worktree.commit({
    branch: pull.branch,
    paths: repaired.files,
    message,
    author: { name: self.login, email: self.email },
  });
  await changeFacts(ports, fix, (facts) => ({
    ...facts,
    rework: facts.rework && { ...facts.rework, commit },
    ladder: repaired.ladder,
    attempts: [...facts.attempts, ...repaired.attempts],
  }));
  await worktree.push(pull.branch, access, expected);
  await ports.host.updateIssue(binding.repo, pull.number, {
    body: pullBody(pullTextOf(made, await doubtOf(ports, made)), ports.signer),
  });
  await finish(ports, { binding, fix, pull, commit });
}

async function finish(ports: Ports, done: At & { commit: string }): Promise<void> {
  const { binding, fix, pull, commit } = done;
  await sayOnce(ports, { binding, fix, pull, text: reworked(commit) });
  await changeFacts(ports, fix, (facts) => ({
    ...facts,
    rework: null,
    // The new body has lost the list of those who joined.
    joiners: facts.joiners.map((joiner) => ({ ...joiner, told: false })),
    proposal: facts.proposal && { ...facts.proposal, commit },
  }));
  await ports.store.send([settleJob(fix.id), refreshJob(binding.id)]);
}

async function giveUp(ports: Ports, stop: At & { why: string }): Promise<void> {
  const { binding, fix, pull, why } = stop;
  await sayOnce(ports, { binding, fix, pull, text: why });
  await changeFacts(ports, fix, (facts) => ({ ...facts, rework: null }));
}

/** One answer per wish: its mark carries the wish's time. */
async function sayOnce(ports: Ports, said: At & { text: string }): Promise<void> {
  const { binding, fix, pull, text } = said;
  const subject = `${fix.problemId}:${fix.facts.rework?.at ?? 0}`;
  const mark = { bindingId: binding.id, problemId: subject, attempt: fix.attempt };
  const comments = await ports.host.listComments(binding.repo, pull.number);
  const there = comments.some(({ body }) => readFixMark(ports.signer, 'rework', body)?.problemId === subject);
  if (there) return;
  const body = `${text}\n\n${fixMark(ports.signer, 'rework', mark)}`;
  await ports.host.comment(binding.repo, pull.number, body);
}
