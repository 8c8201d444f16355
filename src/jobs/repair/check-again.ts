// A check with the change, compared with what it said at the base. The row of the proof that comes of it.

import { compareChecks } from '../../domain/proof/compare-checks.ts';
import { failingOutput } from '../../domain/proof/failing-step.ts';
import { noneText, onlyNewText, ranNone } from '../../domain/proof/related-tests.ts';
import type { LadderStep } from '../../domain/fix.ts';
import type { CheckResult } from '../../ports.ts';
import { checkNow, type Compared } from './related.ts';
import type { Needs, Turn } from './result.ts';

/** `skipped` when it says nothing of the change. */
export async function checkAgain(ports: Needs, turn: Turn, compared: Compared): Promise<LadderStep> {
  const { before, part } = compared;
  const step = before.check.name;
  await turn.progress(`checking the change: ${step}`);
  const check = await checkNow(ports, turn.worktree.dir, compared);
  const files = part?.paths.length ?? 0;
  if (check === null) return { step, result: 'skipped', detail: noneText(files) };
  const after = await ports.checks.run(check, turn.worktree.dir);
  const first = compareChecks(before, after);
  const { ok, silent, detail, newFailures } =
    first.ok || !before.remembered ? first : compareChecks(await againAtBase(ports, turn, before), after);
  if (!ok) return { step, result: 'failed', detail, output: failingOutput(newFailures, after.output) };
  if (part && ranNone(before))
    return { step, result: 'skipped', detail: ranNone(after) ? noneText(files) : onlyNewText(files) };
  return { step, result: silent ? 'skipped' : 'passed', detail };
}

/** Before a change is blamed by what was remembered: the clock, or the machine, may have made the difference since. */
function againAtBase(ports: Needs, { worktree }: Turn, { check }: CheckResult): Promise<CheckResult> {
  const at = { commit: worktree.base, fresh: true };
  return worktree.atBase([], () => ports.checks.runAtBase(check, worktree.dir, at));
}
