// What the triage issue shows, sorted into its groups. It decides who stands where; it writes no text.

import type { Finding } from './finding.ts';
import type { Fix } from '../fix.ts';
import { isLive, stageOf, type Stage } from '../stage.ts';
import type { Run } from '../ledger/ledger.ts';
import { maskedProblem } from './masked.ts';
import { noiseRule, type NoiseRule } from './noise.ts';
import { isStuck } from '../pull/pull-life.ts';
import type { Binding, Problem } from '../problem.ts';
import type { Settings } from '../settings.ts';

export type Waiting = {
  problem: Problem;
  earlier: Fix | null;
  finding: Finding | null;
  /** True when a tick stands there that nobody can be named for. */
  unclaimed: boolean;
};

/** Why a problem is not listed: a noise rule, or a person's word. */
export type HiddenRule = NoiseRule | 'skipped';
export type Hidden = { problem: Problem; rule: HiddenRule };

export type TriageView = {
  binding: Binding;
  settings: Settings;
  /** Everything unresolved that the source showed, noise included. */
  unresolved: number;
  /** What is shown in the table, most frequent first. */
  active: Problem[];
  hidden: Hidden[];
  waiting: Waiting[];
  inWork: Fix[];
  open: Fix[];
  needsPerson: Fix[];
  toArchive: Fix[];
  done: Fix[];
  /** A finished sentence when the binding is paused. */
  notice: string | null;
  /** What is wrong with the settings file, finished sentences. */
  mistakes: readonly string[];
  /** The run ledger of the repository, newest first. */
  runs: readonly Run[];
  now: number;
};

/** A person's word to leave a problem alone. */
export type Skip = { problemId: string; by: string; at: number };

export type TriageFacts = {
  binding: Binding;
  problems: readonly Problem[];
  fixes: readonly Fix[];
  findings: readonly Finding[];
  skips: readonly Skip[];
  /** Problems with a tick that nobody can be named for. */
  unclaimed: readonly string[];
  notice: string | null;
  settings: Settings;
  mistakes: readonly string[];
  runs?: readonly Run[];
  now: number;
};

type Group = 'inWork' | 'open' | 'needsPerson' | 'toArchive' | 'done';

const groupOfStage: Record<Stage, Group | 'waiting'> = {
  approved: 'inWork',
  working: 'inWork',
  proposed: 'open',
  merged: 'open',
  resolved: 'done',
  watched: 'done',
  regressed: 'waiting',
  archived: 'done',
  refused: 'needsPerson',
  failed: 'needsPerson',
  'to-archive': 'toArchive',
  withdrawn: 'waiting',
  closed: 'waiting',
};

/** Sorts problems and fixes into the groups people see. */
export function triageView(facts: TriageFacts): TriageView {
  const { settings } = facts;
  const unresolved = facts.problems
    .filter((problem) => problem.status === 'unresolved')
    .map((problem) => maskedProblem(problem, settings.mask));
  const latest = latestFixes(facts.fixes);
  const groups = groupFixes(latest, unresolved);
  const busy = new Set(
    [groups.inWork, groups.open, groups.needsPerson, groups.toArchive].flat().map((fix) => fix.problemId),
  );
  const { active, hidden } = sortOut(facts, unresolved, busy);
  const findings = new Map(facts.findings.map((finding) => [finding.problemId, finding]));
  return {
    binding: facts.binding,
    settings,
    unresolved: unresolved.length,
    active,
    hidden,
    waiting: active
      .filter((problem) => !busy.has(problem.id))
      .map((problem) => ({
        problem,
        earlier: latest.get(problem.id) ?? null,
        finding: findings.get(problem.id) ?? null,
        unclaimed: facts.unclaimed.includes(problem.id),
      })),
    notice: facts.notice,
    mistakes: facts.mistakes,
    runs: facts.runs ?? [],
    now: facts.now,
    ...groups,
  };
}

/** True when a tick or a command may start a fix of this problem now. */
export function awaitsApproval(view: TriageView, problemId: string): boolean {
  return view.waiting.some(({ problem }) => problem.id === problemId);
}

/** What runs, or waits for a merge. */
export function isBusy(view: TriageView, problemId: string): boolean {
  return [...view.inWork, ...view.open].some((fix) => fix.problemId === problemId);
}

function sortOut(
  facts: TriageFacts,
  unresolved: readonly Problem[],
  busy: ReadonlySet<string>,
): { active: Problem[]; hidden: Hidden[] } {
  const skips = new Map(facts.skips.map((skip) => [skip.problemId, skip]));
  const ruled = unresolved.map((problem) => {
    const skip = busy.has(problem.id) ? undefined : skips.get(problem.id);
    const rule: HiddenRule | null =
      skip && !isBack(problem, skip) ? 'skipped' : noiseRule(problem, facts.settings.noise, facts.now);
    return { problem, rule };
  });
  const hidden = ruled.flatMap(({ problem, rule }) => (rule === null ? [] : [{ problem, rule }]));
  const active = ruled.filter(({ rule }) => rule === null).map(({ problem }) => problem);
  active.sort((left, right) => right.count - left.count || left.shortId.localeCompare(right.shortId));
  return { active, hidden };
}

/** A skipped problem that got worse afterwards is shown again. */
function isBack(problem: Problem, skip: Skip): boolean {
  const worse = problem.substatus === 'regressed' || problem.substatus === 'escalating';
  return worse && (problem.lastSeen ?? 0) > skip.at;
}

type Groups = Pick<TriageView, Group>;

function groupFixes(latest: ReadonlyMap<string, Fix>, unresolved: readonly Problem[]): Groups {
  const groups: Groups = { inWork: [], open: [], needsPerson: [], toArchive: [], done: [] };
  for (const fix of latest.values()) {
    const group = groupOf(fix, unresolved);
    if (group !== 'waiting') groups[group].push(fix);
  }
  return groups;
}

function groupOf(fix: Fix, unresolved: readonly Problem[]): Group | 'waiting' {
  const stage = stageOf(fix.facts);
  if (stage === 'merged' && isFruitless(fix)) return 'needsPerson';
  if (stage === 'proposed' && isStuck(fix.facts)) return 'needsPerson';
  if (['resolved', 'watched', 'archived'].includes(stage) && cameBack(fix, unresolved)) return 'waiting';
  return groupOfStage[stage];
}

/** Merged, and its checks will not let it be resolved. */
function isFruitless({ facts }: Fix): boolean {
  return facts.pull?.verdict.state === 'failed' || facts.pull?.verdict.state === 'none';
}

/** Resolved or archived by us, unresolved again at the source: `new` and `ongoing` may be a list read too early. */
function cameBack(fix: Fix, unresolved: readonly Problem[]): boolean {
  return unresolved.some(
    ({ id, substatus }) => id === fix.problemId && (substatus === 'regressed' || substatus === 'escalating'),
  );
}

/** The attempt that counts: one that goes on, were it an older one whose pull request was opened again; else the last. */
function latestFixes(fixes: readonly Fix[]): Map<string, Fix> {
  const latest = new Map<string, Fix>();
  for (const fix of fixes) {
    const known = latest.get(fix.problemId);
    if (!known || isLater(fix, known)) latest.set(fix.problemId, fix);
  }
  return latest;
}

function isLater(fix: Fix, known: Fix): boolean {
  const [goesOn, went] = [isLive(fix.facts), isLive(known.facts)];
  return goesOn === went ? fix.attempt > known.attempt : goesOn;
}
