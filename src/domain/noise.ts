// Which problems are hidden as noise, and by which rule. The thresholds are the hand procedure's (phase 1).

import type { Problem } from './problem.ts';

export type NoiseRules = {
  /** Levels that are shown. */
  levels: readonly string[];
  /** Not seen for longer than this: stale, probably fixed already. */
  staleAfterDays: number;
  /** Seen once and not for longer than this: a fluke. */
  flukeAfterDays: number;
};

export const defaultNoiseRules: NoiseRules = {
  levels: ['error', 'fatal'],
  staleAfterDays: 7,
  flukeAfterDays: 3,
};

export type NoiseRule = 'level' | 'stale' | 'fluke' | 'kind';

const day = 24 * 60 * 60 * 1000;

/** The rule that hides this problem now, or null when it is shown. An unknown time never hides. */
export function noiseRule(problem: Problem, rules: NoiseRules, now: number): NoiseRule | null {
  if (problem.category !== null && problem.category !== 'error') return 'kind';
  if (!rules.levels.includes(problem.level)) return 'level';
  if (problem.lastSeen === null) return null;
  const age = now - problem.lastSeen;
  if (age > rules.staleAfterDays * day) return 'stale';
  if (problem.count === 1 && age > rules.flukeAfterDays * day) return 'fluke';
  return null;
}
