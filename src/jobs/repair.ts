// Climbs the ladder of one fix in a worktree: checks at the base, then each fixer's turn until a change is proved.
// It commits nothing and knows no host: the same steps serve the app and the command line (design, section 6).

import type { Attempt } from '../domain/record/attempt.ts';
import type { LadderStep } from '../domain/fix.ts';
import { nothingProves, runBaseline } from './repair/baseline.ts';
import { climb } from './repair/climb.ts';
import type { Needs, RepairInput, RepairResult } from './repair/result.ts';
import { until } from './repair/until.ts';

export type { RepairResult } from './repair/result.ts';

/**
 * 1. clean base  2. checks at the base  3. fixers in order, each with at most three tries. Throws the reason of the
 * input's signal when it aborts.
 */
export async function repair(needs: Needs, input: RepairInput): Promise<RepairResult> {
  const ports = input.signal ? { ...needs, checks: until(needs.checks, input.signal) } : needs;
  await input.worktree.reset();
  const ladder: LadderStep[] = [
    { step: 'clean worktree', result: 'passed', detail: `at ${input.worktree.base.slice(0, 10)}` },
  ];
  const { results: baseline, steps, ahead, needed } = await runBaseline(ports, input);
  ladder.push(...steps);
  if (needed && baseline.length === 0)
    return { outcome: 'refused', reason: nothingProves(input), ladder, fixer: null, attempts: [] };
  const attempts: Attempt[] = [];
  const refusals: string[] = [];
  let failed: RepairResult | null = null;
  for (const [index, fixer] of ports.fixers.entries()) {
    const own = index === 0 ? ahead : { ...ahead, foreseen: null };
    const result = await climb(ports, { ...input, fixer, baseline, ladder, ahead: own });
    attempts.push(...result.attempts);
    if (result.outcome === 'fixed') return { ...result, attempts };
    if (result.outcome === 'failed') failed = result;
    refusals.push(result.reason);
    ladder.push({
      step: fixer.name,
      result: 'skipped',
      detail: `${result.outcome}. ${result.told ?? result.reason}`,
    });
  }
  ladder.push({ step: 'change', result: 'failed', detail: 'no fixer could make a safe change' });
  const reason = refusals.join(' ') || 'No fixer is configured.';
  if (failed) return { ...failed, reason, attempts };
  return { outcome: 'refused', reason, ladder, fixer: null, attempts };
}
