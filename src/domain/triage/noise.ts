// Which problems are hidden as noise, and by which rule. The thresholds are the hand procedure's (phase 1).

import type { Problem } from '../problem.ts';

export type NoiseRules = {
  /** Levels that are shown. */
  levels: readonly string[];
  /** Not seen for longer than this: stale, probably fixed already. */
  staleAfterDays: number;
  /** Seen once and not for longer than this: a fluke. */
  flukeAfterDays: number;
  /** Informational events are hidden even from a list that includes warnings. */
  hideTelemetry: boolean;
};

export const defaultNoiseRules: NoiseRules = {
  levels: ['error', 'fatal'],
  staleAfterDays: 7,
  flukeAfterDays: 3,
  hideTelemetry: true,
};

export type NoiseRule = 'kind' | 'telemetry' | 'level' | 'stale' | 'fluke';

const day = 24 * 60 * 60 * 1000;

/** Levels at which programs report what they do, not what fails. */
const informational: readonly string[] = ['info', 'debug', 'sample'];

/** The rule that hides this problem now, or null when it is shown. An unknown time never hides. */
export function noiseRule(problem: Problem, rules: NoiseRules, now: number): NoiseRule | null {
  if (problem.category !== null && problem.category !== 'error') return 'kind';
  const listed = rules.levels.includes(problem.level);
  if (!listed && rules.hideTelemetry && informational.includes(problem.level)) return 'telemetry';
  if (!listed) return 'level';
  if (problem.lastSeen === null) return null;
  const age = now - problem.lastSeen;
  if (age > rules.staleAfterDays * day) return 'stale';
  if (problem.count === 1 && age > rules.flukeAfterDays * day) return 'fluke';
  return null;
}

/** The same rules with warnings shown: `/sentry list --include-warn`. */
export function withWarnings(rules: NoiseRules): NoiseRules {
  return { ...rules, levels: [...rules.levels, 'warning'] };
}

/** Why a problem is hidden, as a clause. */
export function noiseReason(rule: NoiseRule, rules: NoiseRules): string {
  switch (rule) {
    case 'kind':
      return 'not an error (monitor, feedback, …)';
    case 'telemetry':
      return 'informational telemetry';
    case 'level':
      return 'below error level';
    case 'stale':
      return `not seen in the last ${rules.staleAfterDays} days`;
    case 'fluke':
      return `seen once, more than ${rules.flukeAfterDays} days ago`;
  }
}
