// Puts another attempt's commit in the place of ours on the branch of an open pull request, and lets the description tell of it.
// It must not overwrite a commit of anybody else.

import { commitMessage } from '../domain/pull/commit-message.ts';
import { digestOf } from '../domain/pull/description-digest.ts';
import { sameWish, type FixFacts } from '../domain/fix.ts';
import { withoutJoined } from '../domain/pull/joined.ts';
import { proofTable, pullBody } from '../domain/pull/pull-request.ts';
import { sameAgain } from '../domain/pull/pull-wording.ts';
import { stepBack } from '../domain/wording.ts';
import type { Ports, PullRequest, Repository } from '../ports.ts';
import { changeFacts, Withdrawn } from './fix-facts.ts';
import { doubtOf, pullTextOf, type Proposing } from './propose.ts';
import { finishRework, giveUpRework } from './rework-end.ts';

type Replacing = { pull: PullRequest; repository: Repository; made: Proposing };

/** What it is about to push is remembered first, so that a run that dies in between is not repeated. */
export async function replaceCommit(ports: Ports, { pull, repository, made }: Replacing): Promise<void> {
  const { fix, binding, problem, repaired, worktree, access } = made;
  const expected = pull.headSha;
  // The host's account of the pull request may be a moment behind the branch.
  const remote = await worktree.readRemote(pull.branch, access);
  const before = fix.facts.rework?.commit ?? null;
  if (before !== null && remote === before)
    return finishRework(ports, { binding, fix, pull, commit: before });
  if (remote !== expected) return giveUpRework(ports, { binding, fix, pull, why: stepBack });
  const self = await ports.host.readSelf();
  const message = commitMessage({ ...repaired, shortId: problem.shortId, permalink: problem.permalink });
  const author = { name: self.login, email: self.email };
  const commit = await worktree.commit({ branch: pull.branch, paths: repaired.files, message, author });
  if (await isSameAgain({ repository, made, commit, expected }))
    return giveUpRework(ports, { binding, fix, pull, why: sameAgain });
  await noteMade(ports, made, commit);
  await worktree.push(pull.branch, access, expected);
  const said = await describe(ports, pull, made);
  await finishRework(ports, { binding, fix, pull, commit, ...said });
}

/** Red checks, answered with the same change, would only be red again. */
async function isSameAgain(input: {
  repository: Repository;
  made: Proposing;
  commit: string;
  expected: string;
}): Promise<boolean> {
  const { repository, made, commit, expected } = input;
  const { rework, proposal } = made.fix.facts;
  if (rework?.cause !== 'checks' || proposal?.base !== made.worktree.base) return false;
  const files = new Set([...made.repaired.files, ...proposal.files]);
  for (const file of files) {
    const [earlier, now] = [
      await repository.readText(expected, file),
      await repository.readText(commit, file),
    ];
    if (earlier !== now) return false;
  }
  return true;
}

/** Throws Withdrawn when somebody has asked for something else meanwhile: that is worked on next. */
async function noteMade(ports: Ports, { fix, repaired, worktree }: Proposing, commit: string): Promise<void> {
  let isWanted = true;
  await changeFacts(ports, fix, (facts) => {
    isWanted = sameWish(facts.rework, fix.facts.rework);
    return isWanted ? withMade(facts, { repaired, worktree, commit }) : facts;
  });
  if (!isWanted) throw new Withdrawn();
}

function withMade(
  facts: FixFacts,
  { repaired, worktree, commit }: Pick<Proposing, 'repaired' | 'worktree'> & { commit: string },
): FixFacts {
  return {
    ...facts,
    rework: facts.rework && { ...facts.rework, commit },
    ladder: repaired.ladder,
    attempts: [...facts.attempts, ...repaired.attempts],
    proposal: facts.proposal && {
      ...facts.proposal,
      base: worktree.base,
      files: repaired.files,
      strategy: repaired.description.strategy,
    },
  };
}

/** The description tells of the new commit, unless somebody else has changed it: then the comment does. */
async function describe(
  ports: Ports,
  pull: PullRequest,
  made: Proposing,
): Promise<{ written: string | null; proof: string | null }> {
  const { written } = made.fix.facts.life;
  const text = pullTextOf(made, await doubtOf(ports, made));
  if (written !== null && digestOf(withoutJoined(pull.body)) !== written)
    return { written, proof: proofTable(text) };
  const body = pullBody(text, ports.signer);
  await ports.host.updateIssue(made.binding.repo, pull.number, { body });
  return { written: digestOf(body), proof: null };
}
