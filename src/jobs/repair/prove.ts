// Judges one change in the worktree: policy, then each check again, compared with the base.
// It must not change the worktree for good: what it proved is what will be committed.

import { compareChecks } from '../../domain/compare-checks.ts';
import { failingOutput } from '../../domain/failing-step.ts';
import type { LadderStep } from '../../domain/fix.ts';
import { checkPolicy } from '../../domain/policy.ts';
import { spentText, type Spent } from '../../domain/spending.ts';
import type { Change, CheckResult, FixDescription } from '../../ports.ts';
import type { Fixed, Needs, Turn } from './result.ts';

/** A change that did not hold: at which step, and what it was. */
export type Disproved = { outcome: 'failed'; step: LadderStep; ladder: LadderStep[]; diff: string };

export type Proof = (Fixed & { ladder: LadderStep[] }) | Disproved;

/** 1. what changed  2. policy  3. each check again, compared with the base. */
export async function prove(
  ports: Needs,
  turn: Turn,
  { description, spent }: { description: FixDescription; spent?: Spent },
): Promise<Proof> {
  const { worktree } = turn;
  const changes = await worktree.changes();
  const diff = await worktree.diff();
  const ladder: LadderStep[] = [
    ...turn.ladder,
    { step: 'change', result: 'passed', detail: `${turn.fixer.name}: ${description.strategy}` },
    ...(spent ? [{ step: 'models', result: 'passed' as const, detail: spentText(spent) }] : []),
  ];
  const steps = [async () => policyStep(turn, changes, diff), ...turn.baseline.map(again(ports, turn))];
  for (const take of steps) {
    const step = await take();
    ladder.push(step);
    if (step.result === 'failed') return { outcome: 'failed', step, ladder, diff };
  }
  ladder.push({
    step: 'reproduced',
    result: 'skipped',
    detail: 'not reproduced: no test fails before this change and passes after it',
  });
  const files = changes.map((change) => change.path);
  return { outcome: 'fixed', description, files, diff, ladder, reproduced: false };
}

function policyStep(turn: Turn, changes: readonly Change[], diff: string): LadderStep {
  const { limits, protectedPaths, fixer } = turn;
  const policy = checkPolicy({ diff, changes, limits, protectedPaths, fixer: fixer.name });
  if (changes.length === 0) return { step: 'policy', result: 'failed', detail: 'nothing was changed' };
  return policy.ok
    ? { step: 'policy', result: 'passed', detail: policy.summary }
    : { step: 'policy', result: 'failed', detail: policy.violations.join(' ') };
}

/** The check with the change, compared with what it said at the base. */
function again(ports: Needs, turn: Turn) {
  return (before: CheckResult) => async (): Promise<LadderStep> => {
    const step = before.check.name;
    await turn.progress(`checking the change: ${step}`);
    const after = await ports.checks.run(before.check, turn.worktree.dir);
    const { ok, detail, newFailures } = compareChecks(before, after);
    if (ok) return { step, result: 'passed', detail };
    return { step, result: 'failed', detail, output: failingOutput(newFailures, after.output) };
  };
}
