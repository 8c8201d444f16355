// What the triage issue shows, sorted into its groups. It decides who stands where; it writes no text.

import { stageOf, type Fix, type Stage } from './fix.ts';
import { noiseRule, type NoiseRule, type NoiseRules } from './noise.ts';
import type { Binding, Problem } from './problem.ts';

export type Waiting = { problem: Problem; earlier: Fix | null };

export type TriageView = {
  binding: Binding;
  /** Everything unresolved that the source showed, noise included. */
  unresolved: number;
  /** What is shown in the table, most frequent first. */
  active: Problem[];
  hidden: { rule: NoiseRule; count: number }[];
  waiting: Waiting[];
  inWork: Fix[];
  open: Fix[];
  needsPerson: Fix[];
  toArchive: Fix[];
  done: Fix[];
  /** A finished sentence when the binding is paused. */
  notice: string | null;
};

export type TriageFacts = {
  binding: Binding;
  problems: readonly Problem[];
  fixes: readonly Fix[];
  notice: string | null;
  noise: NoiseRules;
  now: number;
};

const groupOfStage: Record<Stage, 'waiting' | 'inWork' | 'open' | 'needsPerson' | 'toArchive' | 'done'> = {
  approved: 'inWork',
  working: 'inWork',
  proposed: 'open',
  merged: 'open',
  resolved: 'done',
  refused: 'needsPerson',
  failed: 'needsPerson',
  'to-archive': 'toArchive',
  withdrawn: 'waiting',
  closed: 'waiting',
};

/** Sorts problems and fixes into the groups people see. */
export function triageView(facts: TriageFacts): TriageView {
  const unresolved = facts.problems.filter((problem) => problem.status === 'unresolved');
  const ruled = unresolved.map((problem) => ({ problem, rule: noiseRule(problem, facts.noise, facts.now) }));
  const active = ruled.filter(({ rule }) => rule === null).map(({ problem }) => problem);
  active.sort((left, right) => right.count - left.count || left.shortId.localeCompare(right.shortId));
  const latest = latestFixes(facts.fixes);
  const groups = groupFixes(latest, unresolved);
  const busy = new Set(
    [...groups.inWork, ...groups.open, ...groups.needsPerson, ...groups.toArchive].map(
      (fix) => fix.problemId,
    ),
  );
  return {
    binding: facts.binding,
    unresolved: unresolved.length,
    active,
    hidden: countRules(ruled.flatMap(({ rule }) => (rule === null ? [] : [rule]))),
    waiting: active
      .filter((problem) => !busy.has(problem.id))
      .map((problem) => ({ problem, earlier: latest.get(problem.id) ?? null })),
    notice: facts.notice,
    ...groups,
  };
}

/** True when a tick or a command may start a fix of this problem now. */
export function awaitsApproval(view: TriageView, problemId: string): boolean {
  return view.waiting.some(({ problem }) => problem.id === problemId);
}

type Groups = Pick<TriageView, 'inWork' | 'open' | 'needsPerson' | 'toArchive' | 'done'>;

function groupFixes(latest: ReadonlyMap<string, Fix>, unresolved: readonly Problem[]): Groups {
  const groups: Groups = { inWork: [], open: [], needsPerson: [], toArchive: [], done: [] };
  for (const fix of latest.values()) {
    const group = groupOf(fix, unresolved);
    if (group !== 'waiting') groups[group].push(fix);
  }
  return groups;
}

function groupOf(fix: Fix, unresolved: readonly Problem[]): keyof Groups | 'waiting' {
  const stage = stageOf(fix.facts);
  if (stage === 'merged' && fix.facts.pull?.verdict.state !== 'pending') return 'needsPerson';
  if (stage === 'resolved' && cameBack(fix, unresolved)) return 'waiting';
  return groupOfStage[stage];
}

/** Resolved by us, unresolved again at the source. */
function cameBack(fix: Fix, unresolved: readonly Problem[]): boolean {
  return unresolved.some((problem) => problem.id === fix.problemId && problem.substatus === 'regressed');
}

function latestFixes(fixes: readonly Fix[]): Map<string, Fix> {
  const latest = new Map<string, Fix>();
  for (const fix of fixes) {
    const known = latest.get(fix.problemId);
    if (!known || known.attempt < fix.attempt) latest.set(fix.problemId, fix);
  }
  return latest;
}

function countRules(rules: readonly NoiseRule[]): { rule: NoiseRule; count: number }[] {
  const counts = new Map<NoiseRule, number>();
  for (const rule of rules) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts]
    .map(([rule, count]) => ({ rule, count }))
    .toSorted((left, right) => right.count - left.count);
}
