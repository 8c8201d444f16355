// Another attempt on the branch of an open pull request: somebody asked for a change, CI is red, or the base moved.
// It replaces our own commit and nothing else: a branch with a commit of anybody else is left alone.

import { commitMessage } from '../domain/commit-message.ts';
import { digestOf } from '../domain/description-digest.ts';
import { earlierAttempts } from '../domain/earlier.ts';
import { Refusal } from '../domain/failure.ts';
import { stageOf, type Fix, type Rework } from '../domain/fix.ts';
import { withoutJoined } from '../domain/joined.ts';
import { isOwnCommit } from '../domain/pull-life.ts';
import { sameAgain } from '../domain/pull-wording.ts';
import type { Binding } from '../domain/problem.ts';
import { proofTable, pullBody } from '../domain/pull-request.ts';
import { stepBack } from '../domain/wording.ts';
import type { JobData, Ports, PullRequest, Repository } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { chosenFixers } from './chosen-fixers.ts';
import type { Found } from './diagnose-crash.ts';
import { stillAllowed } from './fix.ts';
import { changeFacts } from './fix-facts.ts';
import { doubtOf, pullTextOf, type Proposing } from './propose.ts';
import { readCase } from './read-case.ts';
import { reworkJob } from './receive-delivery.ts';
import { repair } from './repair.ts';
import { finishRework, giveUpRework, supersede, type ReworkAt } from './rework-end.ts';

export type ReworkWish = {
  binding: Binding;
  fix: Fix;
  by: string;
  at: number;
  hint: string;
  fixer?: string | null;
  cause?: Rework['cause'];
};

const longestHint = 8_000;

/** Remembers the wish and queues it. A person's replaces one that waits; ours never replaces a person's. */
export async function askForRework(ports: Pick<Ports, 'store'>, wish: ReworkWish): Promise<void> {
  const { binding, fix } = wish;
  await ports.store.transaction(async (rows) => {
    await rows.updateFix(fix.id, (known) => withWish(known, wish));
    await rows.send([reworkJob(fix.id, binding)]);
  });
}

function withWish(fix: Fix, { by, at, hint, cause = 'person', fixer = null }: ReworkWish): Fix {
  const { rework, life } = fix.facts;
  if (rework !== null && cause !== 'person') return fix;
  const pushed = rework?.commit ? [rework.commit] : [];
  const counted = {
    ...life,
    earlier: [...life.earlier, ...pushed],
    retries: life.retries + (cause === 'checks' ? 1 : 0),
    rebuilds: life.rebuilds + (cause === 'conflicts' ? 1 : 0),
  };
  const wish = { by, at, cause, hint: hint.slice(0, longestHint), commit: null, fixer };
  return { ...fix, facts: { ...fix.facts, rework: wish, life: counted } };
}

/** 1. still ours and open?  2. pushed already?  3. repair with the hint  4. replace our commit  5. say so. */
export async function rework(ports: Ports, data: JobData['rework']): Promise<void> {
  const fix = await ports.store.readFix(data.fixId);
  if (!fix?.facts.rework) return;
  const binding = bindingOf(ports, fix.bindingId);
  const isOpen = fix.facts.proposal !== null && stageOf(fix.facts) === 'proposed';
  const pull = isOpen ? await ports.host.readPullRequest(binding.repo, fix.facts.pull?.number ?? 0) : null;
  if (pull?.state !== 'open') return changeFacts(ports, fix, (facts) => ({ ...facts, rework: null }));
  const { commit } = fix.facts.rework;
  if (commit !== null && pull.headSha === commit) return finishRework(ports, { binding, fix, pull, commit });
  if (!isOwnCommit(fix.facts, pull.headSha))
    return giveUpRework(ports, { binding, fix, pull, why: stepBack });
  try {
    await stillAllowed(ports, binding, { ...fix, facts: { ...fix.facts, approval: approvalOf(fix) } });
    await tryAgain(ports, { binding, fix, pull });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await giveUpRework(ports, { binding, fix, pull, why: error.message });
  }
}

function approvalOf(fix: Fix): Fix['facts']['approval'] {
  const { rework, approval } = fix.facts;
  return rework ? { by: rework.by, at: rework.at, via: 'command', hint: rework.hint } : approval;
}

async function tryAgain(ports: Ports, { binding, fix, pull }: ReworkAt): Promise<void> {
  const read = await readCase(ports, { binding, fix, branch: pull.base });
  const { problem, event, settings, access, repository, base, found } = read;
  const gone = whyGone(found);
  if (gone !== null && fix.facts.rework?.cause === 'conflicts') return supersede(ports, fix, gone);
  if (gone !== null) return giveUpRework(ports, { binding, fix, pull, why: gone });
  const earlier = earlierAttempts(await ports.store.readFixes(binding.id), fix);
  const worktree = await repository.openWorktree(fix.id, base.commit);
  const fixers = chosenFixers(ports.fixers, fixerOf(fix));
  const input = {
    task: { problem, event, ...found, earlier, ...promptOf(fix) },
    worktree,
    protectedPaths: settings.protectedPaths,
    checks: settings.checks,
    limits: settings.limits,
    progress: async (step: string) => ports.log.info({ fix: fix.id, step }, 'another attempt'),
  };
  const repaired = await repair({ ...ports, fixers }, input);
  if (repaired.outcome !== 'fixed') return giveUpRework(ports, { binding, fix, pull, why: repaired.reason });
  const made = { fix, binding, problem, found, repaired, worktree, access, base: base.branch, earlier };
  await replace(ports, { pull, repository, made });
}

/** Where the crash stood is nothing to change any more: mended by somebody, or deleted. */
function whyGone({ location, diagnosis }: Found): string | null {
  if (location.refusal !== null) return location.refusal;
  if (location.suspect === null) return 'No line of the stack trace stands in this repository any more.';
  return diagnosis.actionable ? null : (diagnosis.reason ?? 'There is nothing in this repository to change.');
}

/** What CI said is what failed before; only a person's words are a hint. */
function promptOf({ facts }: Fix): { hint: string | null; previousFailure: string | null } {
  const { rework, approval } = facts;
  if (rework?.cause === 'person') return { hint: rework.hint, previousFailure: null };
  return { hint: approval.hint, previousFailure: rework?.cause === 'checks' ? rework.hint : null };
}

/** An attempt of our own asks whom the person had asked. */
function fixerOf({ facts: { rework, approval } }: Fix): string | null {
  const asked = rework?.cause === 'person' ? rework.fixer : approval.fixer;
  return asked ?? null;
}

type Replacing = { pull: PullRequest; repository: Repository; made: Proposing };

/** What it is about to push is remembered first, so that a run that dies in between is not repeated. */
async function replace(ports: Ports, { pull, repository, made }: Replacing): Promise<void> {
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

async function noteMade(ports: Ports, { fix, repaired, worktree }: Proposing, commit: string): Promise<void> {
  await changeFacts(ports, fix, (facts) => ({
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
  }));
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
