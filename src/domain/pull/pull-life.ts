// The life of an open pull request of ours: from its facts to the one thing to do next. docs/pull-request.md tells it.
// It must not act, and names nothing that would touch what people have taken over.

import type { FixFacts } from '../fix.ts';
import { todosOf } from '../stage.ts';
import type { StepBackReason } from './life-facts.ts';
import type { FailedCheck } from './verdict.ts';

export type LifeTodo =
  | 'step-back'
  | 'ask-source'
  | 'close'
  | 'rebuild'
  | 'compare-with-base'
  | 'try-again'
  | 'give-up'
  | 'make-ready'
  | 'ask-reviewers';

/** A repository without CI says nothing for ever: after so long its pull requests are offered all the same. */
const silenceMs = 10 * 60 * 1000;
/** A base that moves all the time must not keep us busy all the time. */
const mostRebuilds = 5;

export type LifeRules = { now: number; mostRetries: number };

/** The next thing to do for an open pull request; null: nothing until the world moves. */
export function nextOfPull(facts: FixFacts, rules: LifeRules): LifeTodo | null {
  const { pull, proposal, life } = facts;
  if (pull?.state !== 'open' || !proposal || facts.rework || life.steppedBack) return null;
  if (stepBackReason(facts)) return 'step-back';
  if (life.superseded) return 'close';
  if (life.vanished) return 'ask-source';
  if (isStuck(facts)) return null;
  if (pull.conflicts) return isOwnHead(facts) && life.rebuilds < mostRebuilds ? 'rebuild' : 'give-up';
  return pull.verdict.state === 'failed' ? afterRed(facts, rules) : afterGreen(facts, rules);
}

/**
 * True while nothing follows from what is known: only the world, or a person, can move it on. What is under way, or has a
 * turn to give back, is not quiet.
 */
export function isQuiet(facts: FixFacts, rules: LifeRules): boolean {
  const todos = todosOf(facts);
  const waits = todos.length === 1 && todos[0] === 'await-merge';
  return waits && facts.rework === null && facts.life.turn === null && nextOfPull(facts, rules) === null;
}

/** Whoever closed it may think again; what is reopened later than this is seen by its webhook alone. */
const secondThoughtsMs = 30 * 24 * 60 * 60 * 1000;

/** True for one that is at its end, and would not be any more if a person opened its pull request again. */
export function mayBeReopened(facts: FixFacts, now: number): boolean {
  const { pull } = facts;
  const isOver = pull?.state === 'closed' && facts.resolution === null && todosOf(facts).length === 0;
  return isOver && now - (pull.closedAt ?? now) < secondThoughtsMs;
}

/** Green, or silent for so long that there is no CI. */
function afterGreen(facts: FixFacts, { now }: LifeRules): LifeTodo | null {
  const state = facts.pull?.verdict.state;
  const isSilent = state === 'none' && now - (facts.proposedAt ?? 0) >= silenceMs;
  return state === 'passed' || isSilent ? offer(facts) : null;
}

/** Once CI is green: ready, then whom to ask. What a person made a draft again stays one. */
function offer({ pull, life }: FixFacts): LifeTodo | null {
  if (life.readyAt === null) return 'make-ready';
  return life.asked === null && !pull?.draft ? 'ask-reviewers' : null;
}

/** What the base fails in as well is not this change's; what nobody's code can mend waits for a person. */
function afterRed(facts: FixFacts, { mostRetries }: LifeRules): LifeTodo | null {
  const { pull, life } = facts;
  if (life.baseRed?.head !== pull?.headSha) return 'compare-with-base';
  const own = ownFailures(facts);
  if (own.length === 0) return null;
  const mayTry = isOwnHead(facts) && life.retries < mostRetries && own.every(isAboutCode);
  return mayTry ? 'try-again' : 'give-up';
}

/** What fails here and not on the base. */
export function ownFailures({ pull, life }: FixFacts): FailedCheck[] {
  const known = life.baseRed?.head === pull?.headSha ? (life.baseRed?.names ?? []) : [];
  return (pull?.failed ?? []).filter(({ name }) => !known.includes(name));
}

/** A run that was cancelled, or never started, says nothing of the code. */
function isAboutCode({ how }: FailedCheck): boolean {
  return how === 'failure' || how === 'timed_out';
}

/** Red, and all of it is red on the base without this change. */
export function isRedLikeBase(facts: FixFacts): boolean {
  const { pull, life } = facts;
  const compared = life.baseRed?.head === pull?.headSha && (pull?.failed ?? []).length > 0;
  return pull?.verdict.state === 'failed' && compared && ownFailures(facts).length === 0;
}

/** Nothing more is tried for the head as it is; another head, or another word of CI, begins anew. */
export function isStuck({ pull, life }: FixFacts): boolean {
  if (pull?.state !== 'open' || life.stuck?.head !== pull.headSha) return false;
  return pull.conflicts || pull.verdict.state === 'failed';
}

/** True for the commit that we made last; never after a database was lost. */
function isOwnHead({ pull, proposal }: FixFacts): boolean {
  return proposal !== null && proposal.commit !== '' && proposal.commit === pull?.headSha;
}

/** Whether that commit is one of ours, the newest or one that was replaced. */
export function isOwnCommit({ proposal, rework, life }: FixFacts, commit: string): boolean {
  return commit !== '' && [proposal?.commit, rework?.commit, ...life.earlier].includes(commit);
}

/** Why people own it now; null while it is ours. */
export function stepBackReason(facts: FixFacts): StepBackReason | null {
  const { pull, proposal, life } = facts;
  if (pull?.state !== 'open' || !proposal) return null;
  if (life.reopened) return 'reopened';
  if (life.base !== null && pull.base !== '' && pull.base !== life.base) return 'retargeted';
  return proposal.commit !== '' && !isOwnCommit(facts, pull.headSha) ? 'pushed' : null;
}
