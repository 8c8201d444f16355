// How another attempt ends: our commit replaced, given up, or found to be needed no more. Each is said once.

import { Later, Refusal } from '../domain/failure.ts';
import { sameWish, type Fix, type FixFacts, type Rework } from '../domain/fix.ts';
import type { Binding } from '../domain/problem.ts';
import { replaced, retryFailed } from '../domain/pull/pull-wording.ts';
import { reworkFailed, stepBack } from '../domain/wording.ts';
import type { JobData, Ports, PullRequest } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { changeFacts } from './fix-facts.ts';
import { refreshJob, settleJob } from './receive-delivery.ts';
import { sayOnce } from './say-once.ts';

export type ReworkAt = { binding: Binding; fix: Fix; pull: PullRequest };

type Finished = ReworkAt & {
  commit: string;
  /** The digest of the description; absent when a run before this one wrote it. */
  written?: string | null;
  /** Set when the description is somebody else's now. */
  proof?: string | null;
};

/** The branch is ours again, whoever had opened or retargeted the pull request: a person asked for this. */
export async function finishRework(ports: Ports, done: Finished): Promise<void> {
  const { binding, fix, commit, proof = null } = done;
  const cause = fix.facts.rework?.cause ?? 'person';
  await sayOfWish(ports, { ...done, text: replaced(commit, cause, proof) });
  await changeFacts(ports, fix, (facts) => ({
    ...facts,
    rework: withoutWish(facts, fix),
    // The new body has lost the list of those who joined.
    joiners: facts.joiners.map((joiner) => ({ ...joiner, told: false })),
    proposal: facts.proposal && { ...facts.proposal, commit },
    life: {
      ...facts.life,
      earlier: [...facts.life.earlier, facts.proposal?.commit ?? ''].filter((one) => one !== ''),
      written: done.written === undefined ? facts.life.written : done.written,
      base: done.pull.base,
      reopened: false,
      steppedBack: null,
      stuck: null,
    },
  }));
  await ports.store.send([settleJob(fix.id), refreshJob(binding.id)]);
}

/** A person is answered on the pull request; our own attempts end on the triage issue. */
export async function giveUpRework(ports: Ports, stop: ReworkAt & { why: string }): Promise<void> {
  const { binding, fix, pull, why } = stop;
  const { rework } = fix.facts;
  if (rework?.cause === 'person')
    await sayOfWish(ports, { ...stop, text: why === stepBack ? why : reworkFailed(why) });
  const isOurs = rework?.cause !== 'person' && why !== stepBack;
  const stuck = { head: pull.headSha, reason: retryFailed(fix, why) };
  await changeFacts(ports, fix, (facts) => ({
    ...facts,
    rework: withoutWish(facts, fix),
    life: isOurs ? { ...facts.life, stuck } : facts.life,
  }));
  await ports.store.send([settleJob(fix.id), refreshJob(binding.id)]);
}

/** What a person has asked for since the attempt was taken up still waits. */
function withoutWish(known: FixFacts, taken: Fix): Rework | null {
  return sameWish(known.rework, taken.facts.rework) ? null : known.rework;
}

/** Of an attempt that nobody waits for any more: its pull request is open no more, or another wish has replaced it. */
export async function dropRework(ports: Pick<Ports, 'store'>, fix: Fix): Promise<void> {
  await changeFacts(ports, fix, (facts) => ({ ...facts, rework: withoutWish(facts, fix) }));
}

/** The pull request is closed by the next look at it. */
export async function supersede(ports: Ports, fix: Fix, reason: string): Promise<void> {
  const superseded = { reason, at: ports.clock.now() };
  await changeFacts(ports, fix, (facts) => ({
    ...facts,
    rework: null,
    life: { ...facts.life, superseded },
  }));
  await ports.store.send([settleJob(fix.id), refreshJob(fix.bindingId)]);
}

/** An attempt whose job broke for good must not keep the pull request waiting. */
export async function reworkStopped(ports: Ports, data: JobData['rework'], error: unknown): Promise<void> {
  const fix = await ports.store.readFix(data.fixId);
  if (!fix?.facts.rework || error instanceof Later || error instanceof Refusal) return;
  const binding = bindingOf(ports, fix.bindingId);
  const pull = await ports.host.readPullRequest(binding.repo, fix.facts.pull?.number ?? 0);
  const why = 'Something broke on my side; the log says what.';
  if (pull) await giveUpRework(ports, { binding, fix, pull, why });
}

/** One answer per wish: its mark carries the wish's time. */
async function sayOfWish(ports: Ports, said: ReworkAt & { text: string }): Promise<void> {
  const { binding, fix, pull, text } = said;
  const problemId = `${fix.problemId}:${fix.facts.rework?.at ?? 0}`;
  const mark = { bindingId: binding.id, problemId, attempt: fix.attempt };
  await sayOnce(ports, { repo: binding.repo, number: pull.number, purpose: 'rework', mark, text });
}
