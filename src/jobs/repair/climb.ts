// One fixer's turn: it writes a change, the change is proved, and what failed is its next prompt.
// It must not judge a change; prove.ts does.

import { sumOf, type Attempt, type Cost } from '../../domain/attempt.ts';
import { failureText } from '../../domain/failing-step.ts';
import type { LadderStep } from '../../domain/fix.ts';
import type { FixerResult } from '../../ports.ts';
import { prove, type Disproved } from './prove.ts';
import type { Needs, RepairResult, Turn } from './result.ts';

/** A fixer gets a failed step's output as its next prompt, at most twice. */
const tries = 3;

/** Until a change is proved, repeated, or the third one failed. */
export async function climb(ports: Needs, turn: Turn): Promise<RepairResult> {
  const failed: Disproved[] = [];
  const costs: (Cost | null | undefined)[] = [];
  while (!isOver(failed)) {
    const made = await write(turn, failed.at(-1) ?? null);
    costs.push(made.cost);
    const record = { fixer: turn.fixer.name, tries: failed.length + 1, cost: sumOf(costs) };
    if (made.outcome === 'refused') return refused(turn, made.tried, { failed, record });
    const proof = await prove(ports, { ...turn, ladder: rowsOf(turn, failed) }, made.description);
    const { strategy } = made.description;
    if (proof.outcome === 'fixed')
      return {
        ...proof,
        fixer: turn.fixer.name,
        attempts: [{ ...record, strategy, outcome: 'fixed' }],
      };
    failed.push(proof);
    if (isOver(failed))
      return {
        outcome: 'failed',
        reason: `${proof.step.step}: ${proof.step.detail}`,
        ladder: proof.ladder,
        fixer: turn.fixer.name,
        attempts: [{ ...record, strategy, outcome: 'failed' }],
      };
  }
  throw new Error('unreachable');
}

/** A fixer that answers a failure with the same change has nothing else to say. */
function isOver(failed: readonly Disproved[]): boolean {
  const [last, before] = [failed.at(-1), failed.at(-2)];
  return failed.length >= tries || (last !== undefined && last.diff === before?.diff);
}

async function write(turn: Turn, last: Disproved | null): Promise<FixerResult> {
  await turn.worktree.reset();
  await turn.progress(`writing the change (${turn.fixer.name})`);
  const previousFailure = last === null ? null : failureText(last.step);
  return turn.fixer.fix({ ...turn.task, previousFailure }, turn.worktree.dir);
}

/** Earlier tries stand in the proof, too: with what failed. */
function rowsOf(turn: Turn, failed: readonly Disproved[]): LadderStep[] {
  const earlier = failed.map(({ step }, index) => ({
    ...step,
    step: `try ${index + 1} (${turn.fixer.name})`,
    detail: `${step.step}: ${step.detail}`,
  }));
  return [...turn.ladder, ...earlier];
}

type Refused = { failed: readonly Disproved[]; record: Pick<Attempt, 'fixer' | 'tries' | 'cost'> };

/** Refused at once is a refusal; refused after a change that failed is that failure. */
function refused(
  turn: Turn,
  tried: readonly { what: string; why: string }[],
  { failed, record }: Refused,
): RepairResult {
  const last = failed.at(-1);
  const reasons = tried.map(({ what, why }) => `${what}: ${why}`);
  if (last) reasons.push(`${last.step.step}: ${last.step.detail}`);
  const outcome = last ? 'failed' : 'refused';
  return {
    outcome,
    reason: reasons.join(' '),
    ladder: rowsOf(turn, failed),
    fixer: turn.fixer.name,
    attempts: [{ ...record, tries: failed.length, strategy: null, outcome }],
  };
}
