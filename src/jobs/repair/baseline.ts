// The checks at the base: every failure that was there before is remembered, so that no change is blamed for it.
// What can be worked out at the base meanwhile is.

import { isMute } from '../../domain/proof/compare-checks.ts';
import type { LadderStep } from '../../domain/fix.ts';
import { checksFor, type GivenCheck } from '../../domain/proof/given-checks.ts';
import { settingsPath } from '../../domain/settings.ts';
import { code } from '../../domain/untrusted.ts';
import type { Check, CheckResult } from '../../ports.ts';
import { allDecline, unlessHopeless } from './hopeless.ts';
import { nothingAhead, think, tryAhead, type Ahead } from './look-ahead.ts';
import type { Needs, RepairInput } from './result.ts';

export type Baseline = {
  results: CheckResult[];
  /** Rows of the proof. */
  steps: LadderStep[];
  ahead: Ahead;
  /** False when every fixer refuses already, so that there will be nothing to compare with them. */
  needed: boolean;
};

/**
 * Installs, then runs each check at the base. No result when the repository has none for these files. What the checks
 * left stays in the worktree. Where every fixer can tell beforehand that it refuses, nothing runs, or what runs is ended.
 */
export async function runBaseline(ports: Needs, input: RepairInput): Promise<Baseline> {
  const { worktree, task, checks: named = [] } = input;
  if (await allDecline(ports, input)) return needless(nothingAhead);
  const paths = task.location.suspect ? [task.location.suspect.path] : [];
  const given = checksFor(named, paths).map(ownCheck);
  if (named.length > 0 && given.length === 0)
    return { results: [], steps: [], ahead: nothingAhead, needed: true };
  await input.progress('installing what the checks need');
  const notes = await ports.checks.install(worktree.dir, { given, paths });
  const checks = named.length > 0 ? given : await ports.checks.find(worktree.dir, paths);
  const thinking = checks.length > 0 ? think(ports, input) : null;
  const results = await unlessHopeless(ports, thinking, (still) => runEach(still, input, checks));
  const thought = await thinking;
  if (results === null) return needless({ foreseen: thought?.foreseen ?? null, scouted: null });
  return {
    results,
    ahead: thought ? await tryAhead(ports, input, thought) : nothingAhead,
    steps: [...notes.map(installStep), ...(results.length > 0 ? [baselineStep(results)] : [])],
    needed: true,
  };
}

function needless(ahead: Ahead): Baseline {
  const detail = 'not needed: every fixer refuses already';
  return {
    results: [],
    steps: [{ step: 'checks at the base', result: 'skipped', detail }],
    ahead,
    needed: false,
  };
}

async function runEach(
  ports: Pick<Needs, 'checks'>,
  { worktree, progress }: Pick<RepairInput, 'worktree' | 'progress'>,
  checks: readonly Check[],
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const at = { commit: worktree.base, fresh: false };
  for (const check of checks) {
    await progress(`checks at the base: ${check.name}`);
    const result = await ports.checks.runAtBase(check, worktree.dir, at);
    results.push(result);
    // Where `npm test` stops at its linter, the tests themselves may still run. Of a slow one some tests do anyway.
    for (const part of isMute(result) && !result.slow ? (check.parts ?? []) : [])
      results.push(await ports.checks.runAtBase(part, worktree.dir, at));
  }
  return results;
}

/**
 * The checks of what the change touches besides the file that the others were chosen for: those of another package,
 * run at the base as the others were. None, when the change stays among files that the others are for.
 */
export async function runFurther(
  ports: Pick<Needs, 'checks'>,
  input: Pick<RepairInput, 'worktree' | 'progress' | 'checks'>,
  { known, paths }: { known: readonly CheckResult[]; paths: readonly string[] },
): Promise<CheckResult[]> {
  const { worktree, checks: named = [] } = input;
  return await worktree.atBase([], async () => {
    const found =
      named.length > 0 ? checksFor(named, paths).map(ownCheck) : await ports.checks.find(worktree.dir, paths);
    const further = found.filter((check) => !known.some((one) => one.check.name === check.name));
    if (further.length === 0) return [];
    const given = named.length > 0 ? further : [];
    await ports.checks.install(worktree.dir, { given, paths });
    return await runEach(ports, input, further);
  });
}

function ownCheck({ name, run, install, cache }: GivenCheck): Check {
  const own = install === null ? {} : { install: { command: install, cache } };
  return { name, kind: 'own', command: run, dir: '.', ...own };
}

/** Its row of the proof: something about the install that a careful reader wants to know. */
function installStep(note: string): LadderStep {
  return { step: 'install', result: 'passed', detail: note };
}

export function baselineStep(baseline: readonly CheckResult[]): LadderStep {
  return { step: 'checks at the base', result: 'passed', detail: baseline.map(baselineText).join(' · ') };
}

function baselineText({ check, summary, passed, remembered, slow }: CheckResult): string {
  if (slow) return `${check.name}: ${summary}${remembered ? ', known from an earlier run' : ''}`;
  const known = remembered ? ', known from an earlier run at this commit' : '';
  return `${check.name}: ${summary}${passed ? '' : ' before this change too'}${known}`;
}

/** A finished sentence for a repository in which nothing could prove a change. */
export function nothingProves({ checks = [], task }: RepairInput): string {
  const file = task.location.suspect ? code(task.location.suspect.path, 160) : 'this crash';
  return checks.length > 0
    ? `None of the checks that ${code(settingsPath, 40)} names is for ${file}, so nothing could prove a change.`
    : 'I found no check in this repository (no tsconfig.json, no test script), so nothing could prove a change.';
}
