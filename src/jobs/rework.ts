// Another attempt on the branch of an open pull request: somebody asked for a change, CI is red, or the base moved.
// It replaces our own commit and nothing else: a branch with a commit of anybody else is left alone.

import { earlierAttempts } from '../domain/record/earlier.ts';
import { Refusal } from '../domain/failure.ts';
import { sameWish, type Fix, type Rework } from '../domain/fix.ts';
import { stageOf } from '../domain/stage.ts';
import { isOwnCommit } from '../domain/pull/pull-life.ts';
import type { Binding } from '../domain/problem.ts';
import { stepBack } from '../domain/wording.ts';
import type { JobData, Ports } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { chosenFixers } from './chosen-fixers.ts';
import type { Found } from './diagnose-crash.ts';
import { stillAllowed } from './fix.ts';
import { Withdrawn } from './fix-facts.ts';
import { readCase } from './read-case.ts';
import { replaceCommit } from './replace-commit.ts';
import { reworkJob } from './receive-delivery.ts';
import { repair } from './repair.ts';
import { dropRework, finishRework, giveUpRework, supersede, type ReworkAt } from './rework-end.ts';
import { whileWanted } from './watch-wish.ts';
import { withDiary } from './work-diary.ts';

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
  if (pull?.state !== 'open') return dropRework(ports, fix);
  const { commit } = fix.facts.rework;
  if (commit !== null && pull.headSha === commit) return finishRework(ports, { binding, fix, pull, commit });
  if (!isOwnCommit(fix.facts, pull.headSha))
    return giveUpRework(ports, { binding, fix, pull, why: stepBack });
  try {
    await stillAllowed(ports, binding, { ...fix, facts: { ...fix.facts, approval: approvalOf(fix) } });
    await tryAgain(ports, { binding, fix, pull });
  } catch (error) {
    if (error instanceof Withdrawn) return dropRework(ports, fix);
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
  const again = fix.facts.rework ?? undefined;
  const repaired = await withDiary(ports, { binding, fix, fixers, ...(again && { again }) }, (followed) =>
    whileWanted(ports, { fixId: fix.id, isWanted: isStillWanted(fix) }, (signal) =>
      repair({ ...ports, fixers: followed }, { ...input, signal }),
    ),
  );
  if (repaired.outcome !== 'fixed') return giveUpRework(ports, { binding, fix, pull, why: repaired.reason });
  const made = { fix, binding, problem, found, repaired, worktree, access, base: base.branch, earlier };
  await replaceCommit(ports, { pull, repository, made });
}

/** The pull request is open, and nobody has asked for something else meanwhile. */
function isStillWanted(taken: Fix): (known: Fix) => boolean {
  return ({ facts }) => stageOf(facts) === 'proposed' && sameWish(facts.rework, taken.facts.rework);
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
