// Numbers about what is unresolved and about our own record. Pure counting; stats-text.ts writes it down.

import type { Fix } from '../fix.ts';
import { stageOf } from '../stage.ts';
import { cameBack, recordByCrash, recordByFixer, recordByStrategy, type RecordLine } from './record.ts';
import type { TriageView } from '../triage/triage-view.ts';

export type Bucket = { name: string; count: number };

export type Stats = {
  unresolved: number;
  active: number;
  hidden: number;
  frequency: Bucket[];
  levels: Bucket[];
  platforms: Bucket[];
  releases: Bucket[];
  ages: Bucket[];
  record: {
    fixed: number;
    open: number;
    refused: number;
    archived: number;
    reopened: number;
    /** Milliseconds; null while no pull request was opened. */
    medianToPull: number | null;
  };
  /** How each fixer, each kind of change and each class of crash has fared. */
  fixers: RecordLine[];
  strategies: RecordLine[];
  crashes: RecordLine[];
};

const day = 24 * 60 * 60 * 1000;

const frequencies: readonly (readonly [string, number])[] = [
  ['once', 1],
  ['2 to 9 times', 9],
  ['10 to 99 times', 99],
  ['100 to 999 times', 999],
  ['1000 times or more', Number.POSITIVE_INFINITY],
];

const ages: readonly (readonly [string, number])[] = [
  ['less than a day', day],
  ['less than a week', 7 * day],
  ['less than a month', 30 * day],
  ['older', Number.POSITIVE_INFINITY],
];

/** Counts what the view shows, hidden ones included, and every attempt there was. */
export function statsOf(view: TriageView, fixes: readonly Fix[], now: number): Stats {
  const problems = [...view.active, ...view.hidden.map(({ problem }) => problem)];
  const back = new Set([...cameBack(fixes), ...backOf(view).map((fix) => fix.id)]);
  const found = view.waiting.flatMap(({ finding }) => finding?.releases?.last ?? []);
  return {
    unresolved: view.unresolved,
    active: view.active.length,
    hidden: view.hidden.length,
    frequency: ranged(
      problems.map((problem) => problem.count),
      frequencies,
    ),
    levels: tally(problems.map((problem) => problem.level)),
    platforms: tally(problems.map((problem) => problem.platform ?? 'unknown')),
    releases: tally(found),
    ages: ranged(
      problems.flatMap(({ firstSeen }) => (firstSeen === null ? [] : [now - firstSeen])),
      ages,
    ),
    record: recordOf(view, fixes),
    fixers: recordByFixer(fixes, back),
    strategies: recordByStrategy(fixes, back),
    crashes: recordByCrash(fixes, back),
  };
}

function recordOf(view: TriageView, fixes: readonly Fix[]): Stats['record'] {
  const stages = fixes.map((fix) => stageOf(fix.facts));
  const many = (...wanted: string[]): number => stages.filter((stage) => wanted.includes(stage)).length;
  const waits = fixes.flatMap(({ facts }) =>
    facts.proposedAt === null ? [] : [facts.proposedAt - facts.approval.at],
  );
  return {
    fixed: many('resolved', 'watched'),
    open: many('proposed', 'merged'),
    refused: many('refused', 'failed'),
    archived: many('archived'),
    reopened: backOf(view).length,
    medianToPull: median(waits),
  };
}

/** Resolved by a fix, and waiting again. */
function backOf(view: TriageView): Fix[] {
  return view.waiting.flatMap(({ earlier }) =>
    earlier && ['resolved', 'watched', 'regressed'].includes(stageOf(earlier.facts)) ? [earlier] : [],
  );
}

/** The middle one; the mean of the two middle ones. */
function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((left, right) => left - right);
  const high = sorted[Math.floor(sorted.length / 2)];
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  return high === undefined || low === undefined ? null : (high + low) / 2;
}

const mostNames = 8;

/** Most frequent first; beyond eight names the rest is one bucket. */
function tally(names: readonly string[]): Bucket[] {
  const counts = Map.groupBy(names, (name) => name);
  const sorted = [...counts]
    .map(([name, all]) => ({ name, count: all.length }))
    .toSorted((left, right) => right.count - left.count || left.name.localeCompare(right.name));
  const rest = sorted.slice(mostNames).reduce((sum, bucket) => sum + bucket.count, 0);
  return [...sorted.slice(0, mostNames), ...(rest > 0 ? [{ name: 'others', count: rest }] : [])];
}

function ranged(values: readonly number[], ranges: readonly (readonly [string, number])[]): Bucket[] {
  return ranges.map(([name, most], index) => {
    const least = ranges[index - 1]?.[1] ?? Number.NEGATIVE_INFINITY;
    return { name, count: values.filter((value) => value > least && value <= most).length };
  });
}
