// Carries out what follows from an open pull request of ours: domain/pull/pull-life.ts decides, one thing at a time.
// Every act is safe to do twice; none touches a branch that people have taken over.

import type { Fix } from '../domain/fix.ts';
import { mask, maskWords } from '../domain/mask.ts';
import type { Binding } from '../domain/problem.ts';
import { nextOfPull, ownFailures, stepBackReason, type LifeTodo } from '../domain/pull/pull-life.ts';
import {
  closedSuperseded,
  gaveUp,
  redChecksPrompt,
  resolvedElsewhere,
  steppedBack,
} from '../domain/pull/pull-wording.ts';
import { failedChecks } from '../domain/pull/verdict.ts';
import type { Ports } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { keepLife } from './keep-life.ts';
import { askReviewers, offerForReview } from './offer-pull.ts';
import { refreshJob } from './receive-delivery.ts';
import { askForRework } from './rework.ts';
import { sayOnce } from './say-once.ts';
import { wakeWaiting } from './take-turns.ts';
import { readKnownSettings } from './view.ts';

type Needs = Pick<Ports, 'source' | 'host' | 'store' | 'clock' | 'bindings' | 'signer' | 'log'>;
type At = { binding: Binding; fix: Fix };
type Act = (ports: Needs, at: At) => Promise<unknown>;

/** Goes on until nothing follows; gives the fix as it is then. */
export async function livePull(ports: Needs, looked: Fix | null): Promise<Fix | null> {
  if (looked?.facts.pull?.state !== 'open') return looked;
  const binding = bindingOf(ports, looked.bindingId);
  const { limits } = (await readKnownSettings(ports, binding)).settings;
  const rules = { now: ports.clock.now(), mostRetries: limits.retriesAfterRedChecks };
  let fix: Fix | null = looked;
  for (let todo = nextOfPull(looked.facts, rules); fix && todo; todo = fix && nextOfPull(fix.facts, rules)) {
    ports.log.info({ fix: fix.id, problem: fix.shortId, todo }, 'the pull request goes on');
    await acts[todo](ports, { binding, fix });
    fix = await ports.store.readFix(fix.id);
    await ports.store.send([refreshJob(binding.id)]);
  }
  return fix;
}

const acts: Readonly<Record<LifeTodo, Act>> = {
  'step-back': stepBack,
  'ask-source': askSource,
  close: closeSuperseded,
  rebuild: (ports, at) => again(ports, at, { cause: 'conflicts', hint: '' }),
  'compare-with-base': compareWithBase,
  'try-again': tryAgain,
  'give-up': giveUp,
  'make-ready': offerForReview,
  'ask-reviewers': askReviewers,
};

async function stepBack(ports: Needs, { binding, fix }: At): Promise<void> {
  const reason = stepBackReason(fix.facts);
  if (reason === null) return;
  const text = steppedBack(reason, fix.shortId);
  await sayOnPull(ports, { binding, fix, purpose: 'stepped-back', text });
  await keepLife(ports, fix, () => ({ steppedBack: reason }));
}

async function sayOnPull(ports: Needs, said: At & { purpose: string; text: string }): Promise<void> {
  const { binding, fix, purpose, text } = said;
  const mark = { bindingId: binding.id, problemId: fix.problemId, attempt: fix.attempt };
  await sayOnce(ports, { repo: binding.repo, number: fix.facts.pull?.number ?? 0, purpose, mark, text });
}

/** It may only be older than what is listed, or others have the same cause: then the pull request goes on. */
async function askSource(ports: Needs, { binding, fix }: At): Promise<void> {
  const problem = await ports.source.readProblem(binding.source, fix.problemId);
  const at = ports.clock.now();
  const isDone = problem?.status === 'resolved' && fix.facts.joiners.length === 0;
  const superseded = isDone ? { reason: resolvedElsewhere, at } : null;
  await keepLife(ports, fix, () => ({ vanished: false, superseded }));
}

/** 1. say why  2. close  3. remember that it was us. */
async function closeSuperseded(ports: Needs, { binding, fix }: At): Promise<void> {
  const { pull, life } = fix.facts;
  if (!pull || !life.superseded) return;
  const text = closedSuperseded(life.superseded.reason);
  await sayOnPull(ports, { binding, fix, purpose: 'superseded', text });
  await ports.host.updateIssue(binding.repo, pull.number, { state: 'closed' });
  const closedAt = ports.clock.now();
  await ports.store.updateFix(fix.id, ({ facts, ...known }) => {
    const closed = facts.pull && { ...facts.pull, state: 'closed' as const, closedAt };
    return { ...known, facts: { ...facts, pull: facts.pull?.state === 'open' ? closed : facts.pull } };
  });
  await wakeWaiting(ports, binding);
}

/** Which checks are red on the base's own head: read once for each head of ours. */
async function compareWithBase(ports: Needs, { binding, fix }: At): Promise<void> {
  const { pull } = fix.facts;
  if (!pull) return;
  const head = await ports.host.readBranchHead(binding.repo, pull.base);
  const required = await ports.host.readRequiredChecks(binding.repo, pull.base);
  const checks = head === null ? { runs: [], statuses: [] } : await ports.host.readChecks(binding.repo, head);
  const names = failedChecks(checks, required).map(({ name }) => name);
  await keepLife(ports, fix, () => ({ baseRed: { head: pull.headSha, names } }));
}

/** So many outputs of failed checks are read for the fixer. */
const mostOutputs = 3;

async function tryAgain(ports: Needs, at: At): Promise<void> {
  const failed = ownFailures(at.fix.facts);
  const outputs: string[] = [];
  for (const { run } of failed.slice(0, mostOutputs)) {
    const output = run === null ? null : await ports.host.readRunOutput(at.binding.repo, run);
    if (output !== null && output !== '') outputs.push(output);
  }
  const { mask: words } = (await readKnownSettings(ports, at.binding)).settings;
  const hint = maskWords(mask(redChecksPrompt(failed, outputs)), words);
  await again(ports, at, { cause: 'checks', hint });
}

async function again(
  ports: Needs,
  { binding, fix }: At,
  { cause, hint }: { cause: 'checks' | 'conflicts'; hint: string },
): Promise<void> {
  const { by } = fix.facts.approval;
  await askForRework(ports, { binding, fix, by, at: ports.clock.now(), hint, cause });
}

async function giveUp(ports: Needs, { fix }: At): Promise<void> {
  const head = fix.facts.pull?.headSha ?? '';
  await keepLife(ports, fix, () => ({ stuck: { head, reason: gaveUp(fix) } }));
}
