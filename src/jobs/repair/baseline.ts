// The checks at the base: every failure that was there before is remembered, so that no change is blamed for it.
// What can be worked out at the base meanwhile is.

import type { LadderStep } from '../../domain/fix.ts';
import type { CheckResult } from '../../ports.ts';
import { nothingAhead, think, tryAhead, type Ahead } from './look-ahead.ts';
import type { Needs, RepairInput } from './result.ts';

export type AtBase = { /** Empty when the repository has none. */ baseline: CheckResult[]; ahead: Ahead };

/** Installs, then runs each check at the base. Leaves what they left in the worktree. */
export async function runBaseline(ports: Needs, input: RepairInput): Promise<AtBase> {
  await input.progress('installing what the checks need');
  await ports.checks.install(input.worktree.dir);
  const paths = input.task.location.suspect ? [input.task.location.suspect.path] : [];
  const checks = await ports.checks.find(input.worktree.dir, paths);
  if (checks.length === 0) return { baseline: [], ahead: nothingAhead };
  const thinking = think(ports, input);
  const baseline: CheckResult[] = [];
  for (const check of checks) {
    await input.progress(`checks at the base: ${check.name}`);
    baseline.push(await ports.checks.run(check, input.worktree.dir));
  }
  return { baseline, ahead: await tryAhead(ports, input, await thinking) };
}

/** Its row of the proof. */
export function baselineStep(baseline: readonly CheckResult[]): LadderStep {
  return { step: 'checks at the base', result: 'passed', detail: baseline.map(baselineText).join(' · ') };
}

function baselineText(result: CheckResult): string {
  return `${result.check.name}: ${result.summary}${result.passed ? '' : ' before this change too'}`;
}
