// How each fixer's changes have fared with the people who decide. Derived from the facts of fixes, never stored.

import type { Attempt } from './attempt.ts';
import type { Fix } from '../fix.ts';
import { sumOf, type Spent } from '../agent/spending.ts';

export type RecordLine = {
  /** A fixer, a strategy or a class of crash; a name from outside may be hostile. */
  name: string;
  /** Turns at a problem. */
  asked: number;
  /** Turns that ended without a change that holds. */
  refused: number;
  failed: number;
  /** Pull requests, by what became of them. */
  open: number;
  merged: number;
  closed: number;
  /** Merged, and the problem came back. */
  reopened: number;
  spent: Spent | null;
};

type Turn = { fix: Fix; attempt: Attempt; /** Whether the pull request is this turn's. */ owns: boolean };

/** One line for each fixer, the most asked first. `back`: ids of fixes whose problem came back. */
export function recordByFixer(fixes: readonly Fix[], back: ReadonlySet<string>): RecordLine[] {
  return lines(fixes, back, ({ attempt }) => attempt.fixer);
}

/** One line for each template or agent that made a change. */
export function recordByStrategy(fixes: readonly Fix[], back: ReadonlySet<string>): RecordLine[] {
  return lines(fixes, back, ({ attempt }) => attempt.strategy);
}

/** One line for each class of crash that a fixer was asked to mend. */
export function recordByCrash(fixes: readonly Fix[], back: ReadonlySet<string>): RecordLine[] {
  return lines(fixes, back, ({ fix }) => fix.facts.crash);
}

/** The share of pull requests that people merged, of those they decided; null while none is decided. */
export function precisionOf({ merged, closed }: Pick<RecordLine, 'merged' | 'closed'>): number | null {
  return merged + closed === 0 ? null : merged / (merged + closed);
}

function isBack({ facts }: Fix): boolean {
  return facts.watch?.end?.kind === 'back';
}

/** Merged fixes whose problem came back while it was watched, or was taken up again. */
export function cameBack(fixes: readonly Fix[]): Set<string> {
  const merged = fixes.filter((fix) => fix.facts.pull?.state === 'merged');
  const again = merged.filter(
    (fix) =>
      isBack(fix) ||
      fixes.some(
        (other) =>
          other.bindingId === fix.bindingId &&
          other.problemId === fix.problemId &&
          other.attempt > fix.attempt,
      ),
  );
  return new Set(again.map((fix) => fix.id));
}

const lately = 10;

/** Of a fixer's last ten decided pull requests; null unless more were closed than merged. */
export function recentDoubt(fixes: readonly Fix[], fixer: string): { merged: number; closed: number } | null {
  const decided = fixes
    .filter((fix) => ownerOf(fix)?.fixer === fixer && decidedAt(fix) !== null)
    .toSorted((left, right) => (decidedAt(right) ?? 0) - (decidedAt(left) ?? 0))
    .slice(0, lately);
  const closed = decided.filter((fix) => fix.facts.pull?.state === 'closed').length;
  const merged = decided.length - closed;
  return closed > merged ? { merged, closed } : null;
}

function decidedAt({ facts: { pull } }: Fix): number | null {
  if (pull?.state === 'merged') return pull.mergedAt ?? 0;
  return pull?.state === 'closed' ? (pull.closedAt ?? 0) : null;
}

/** The turn that the pull request came from. Rows of a version that kept no turns are the templates'. */
function ownerOf(fix: Fix): Attempt | null {
  const { attempts, proposal } = fix.facts;
  const kept = attempts.findLast((attempt) => attempt.outcome === 'fixed');
  if (kept || !proposal) return kept ?? null;
  return { fixer: 'templates', strategy: proposal.strategy, outcome: 'fixed', tries: 1, spent: null };
}

function turnsOf(fix: Fix): Turn[] {
  const owner = ownerOf(fix);
  const kept = fix.facts.attempts;
  const all = owner && !kept.includes(owner) ? [...kept, owner] : kept;
  return all.map((attempt) => ({ fix, attempt, owns: attempt === owner && fix.facts.pull !== null }));
}

function lines(
  fixes: readonly Fix[],
  back: ReadonlySet<string>,
  nameOf: (turn: Turn) => string | null,
): RecordLine[] {
  const groups = Map.groupBy(fixes.flatMap(turnsOf), nameOf);
  return [...groups]
    .flatMap(([name, turns]) => (name === null ? [] : [lineOf(name, turns, back)]))
    .toSorted((left, right) => right.asked - left.asked || left.name.localeCompare(right.name));
}

function lineOf(name: string, turns: readonly Turn[], back: ReadonlySet<string>): RecordLine {
  const owned = turns.filter(({ owns }) => owns);
  const ended = (outcome: Attempt['outcome']): number =>
    turns.filter(({ attempt }) => attempt.outcome === outcome).length;
  const pulls = (state: 'open' | 'merged' | 'closed'): number =>
    owned.filter(({ fix }) => fix.facts.pull?.state === state).length;
  return {
    name,
    asked: turns.length,
    refused: ended('refused'),
    failed: ended('failed'),
    open: pulls('open'),
    merged: pulls('merged'),
    closed: pulls('closed'),
    reopened: owned.filter(({ fix }) => back.has(fix.id)).length,
    spent: sumOf(turns.map(({ attempt }) => attempt.spent)),
  };
}
