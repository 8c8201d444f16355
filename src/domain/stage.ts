// Where a fix stands, and what is to be done next.
// The stage is derived from the facts, never stored as truth, so the order in which facts arrive cannot matter.

import type { FixFacts } from './fix.ts';

export type Stage =
  | 'approved'
  | 'working'
  | 'proposed'
  | 'merged'
  | 'resolved'
  /** Resolved, and it stayed gone as long as it was watched. */
  | 'watched'
  /** Resolved, and it came back while it was watched. */
  | 'regressed'
  | 'refused'
  | 'to-archive'
  | 'failed'
  | 'withdrawn'
  | 'archived'
  | 'closed';

/** Plain data; jobs carry it out. Each is safe to do twice. */
export type Todo =
  | 'work'
  | 'await-leader'
  | 'tell-joiners'
  | 'await-merge'
  | 'await-checks'
  | 'resolve'
  /** A run was cut off while it resolved, and the checks are not green any more: whether it did is to be seen. */
  | 'look-back'
  | 'note'
  | 'announce'
  | 'clean-up';

/** The one name of where a fix stands. Later facts win over earlier ones: a merge is a merge. */
export function stageOf(facts: FixFacts): Stage {
  if (facts.resolution) return stageOfResolved(facts.watch?.end?.kind);
  if (facts.pull?.state === 'merged') return 'merged';
  if (facts.pull?.state === 'closed') return 'closed';
  if (facts.pull) return 'proposed';
  if (facts.ending) return facts.ending.kind;
  return facts.progress ? 'working' : 'approved';
}

function stageOfResolved(end: 'gone' | 'back' | 'left' | undefined): Stage {
  if (end === 'back') return 'regressed';
  return end === 'gone' ? 'watched' : 'resolved';
}

/** What is to be done now, in order. Empty means: nothing until the world moves. */
export function todosOf(facts: FixFacts): Todo[] {
  const todos = ownTodos(facts);
  const isUnderWay = facts.pull === null && facts.ending === null;
  return isUnderWay || facts.joiners.every(({ told }) => told) ? todos : ['tell-joiners', ...todos];
}

function ownTodos(facts: FixFacts): Todo[] {
  return todosAt[stageOf(facts)](facts);
}

const todosAt: Readonly<Record<Stage, (facts: FixFacts) => Todo[]>> = {
  approved: workTodos,
  working: workTodos,
  proposed: () => ['await-merge'],
  merged: mergedTodos,
  resolved: resolvedTodos,
  watched: resolvedTodos,
  regressed: resolvedTodos,
  closed: closingTodos,
  refused: endedTodos,
  'to-archive': endedTodos,
  failed: endedTodos,
  withdrawn: endedTodos,
  archived: endedTodos,
};

function workTodos({ joined }: FixFacts): Todo[] {
  return [joined ? 'await-leader' : 'work'];
}

function resolvedTodos(facts: FixFacts): Todo[] {
  return facts.noted ? closingTodos(facts) : ['note', ...closingTodos(facts)];
}

/** Nothing is said of one alone; its batch may have waited for it. */
function endedTodos(facts: FixFacts): Todo[] {
  if (facts.batch !== null) return closingTodos(facts);
  return facts.cleanedUp ? [] : ['clean-up'];
}

/** Merged alone resolves nothing: the checks of the merged change decide (promise 1). */
function mergedTodos(facts: FixFacts): Todo[] {
  const verdict = facts.pull?.verdict.state;
  if (verdict === 'passed') return ['resolve'];
  if (facts.resolving) return ['look-back'];
  if (verdict === 'pending') return ['await-checks'];
  return closingTodos(facts);
}

function closingTodos(facts: FixFacts): Todo[] {
  const todos: Todo[] = [];
  if (!facts.announced) todos.push('announce');
  if (!facts.cleanedUp) todos.push('clean-up');
  return todos;
}

/** Checks may report, or be run again, after the merge: so long a merged fix without a green one is looked at. */
const lateChecksMs = 7 * 24 * 60 * 60 * 1000;

/** True while the timer must look at the fix again. */
export function isUnfinished(facts: FixFacts, now: number): boolean {
  if (todosOf(facts).length > 0) return true;
  return stageOf(facts) === 'merged' && now - (facts.pull?.mergedAt ?? 0) < lateChecksMs;
}

/** True while a person's change of mind stops it; later, the pull request is the place to say no. */
export function mayWithdraw(facts: FixFacts): boolean {
  const stage = stageOf(facts);
  return stage === 'approved' || (stage === 'working' && facts.proposal === null);
}

/** True while another approval of the same problem must not start a second fix (promise 2). */
export function isLive(facts: FixFacts): boolean {
  const stage = stageOf(facts);
  if (stage === 'merged') return facts.pull?.verdict.state !== 'failed';
  return stage === 'approved' || stage === 'working' || stage === 'proposed';
}
