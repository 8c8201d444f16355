// The checks at the base: every failure that was there before is remembered, so that no change is blamed for it.

import type { LadderStep } from '../../domain/fix.ts';
import type { CheckResult } from '../../ports.ts';
import type { Needs, RepairInput } from './result.ts';

/** Installs, then runs each check at the base. Empty when the repository has none. */
export async function runBaseline(ports: Needs, input: RepairInput): Promise<CheckResult[]> {
  await input.progress('installing what the checks need');
  await ports.checks.install(input.worktree.dir);
  const paths = input.task.location.suspect ? [input.task.location.suspect.path] : [];
  const results: CheckResult[] = [];
  for (const check of await ports.checks.find(input.worktree.dir, paths)) {
    await input.progress(`checks at the base: ${check.name}`);
    results.push(await ports.checks.run(check, input.worktree.dir));
  }
  await input.worktree.reset();
  return results;
}

/** Its row of the proof. */
export function baselineStep(baseline: readonly CheckResult[]): LadderStep {
  return { step: 'checks at the base', result: 'passed', detail: baseline.map(baselineText).join(' · ') };
}

function baselineText(result: CheckResult): string {
  return `${result.check.name}: ${result.summary}${result.passed ? '' : ' before this change too'}`;
}
