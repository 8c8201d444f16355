// One fixer's turn: it writes a change, the change is proved, and what failed is its next prompt.
// It must not judge a change; prove.ts does.

import type { Attempt } from '../../domain/record/attempt.ts';
import { failureText } from '../../domain/proof/failing-step.ts';
import type { LadderStep } from '../../domain/fix.ts';
import { sumOf, type Spent } from '../../domain/agent/spending.ts';
import type { FixerResult, FixerTries } from '../../ports.ts';
import { prove, type Disproved } from './prove.ts';
import type { Needs, RepairResult, Turn } from './result.ts';
import { openTries } from './tries.ts';

/** A fixer gets a failed step's output as its next prompt, at most twice. */
const mostTries = 3;

/** Until a change is proved, repeated, or the third one failed. What the fixer keeps open is closed in any case. */
export async function climb(ports: Needs, turn: Turn): Promise<RepairResult> {
  const { task, worktree, progress, limits, protectedPaths } = turn;
  const rules = { limits, protectedPaths, checks: turn.baseline.map(({ check }) => check.name) };
  const signal = turn.signal ?? new AbortController().signal;
  const tries = await openTries(turn.fixer, task, worktree.dir, { progress, signal, rules });
  try {
    return await climbWith(ports, turn, tries);
  } finally {
    await tries.close();
  }
}

async function climbWith(ports: Needs, turn: Turn, tries: FixerTries): Promise<RepairResult> {
  const failed: Disproved[] = [];
  const costs: (Spent | undefined)[] = [];
  while (!isOver(failed)) {
    const made = await write(turn, tries, failed.at(-1) ?? null);
    turn.signal?.throwIfAborted();
    costs.push(made.spent);
    const record = { fixer: turn.fixer.name, tries: failed.length + 1, spent: sumOf(costs) };
    if (made.outcome === 'refused') return refused(turn, made.tried, { failed, record });
    const proof = await prove(ports, { ...turn, ladder: rowsOf(turn, failed) }, made);
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
  return failed.length >= mostTries || (last !== undefined && last.diff === before?.diff);
}

async function write(turn: Turn, tries: FixerTries, last: Disproved | null): Promise<FixerResult> {
  await turn.worktree.reset();
  await turn.progress(`writing the change (${turn.fixer.name})`);
  const { foreseen } = turn.ahead;
  if (last === null && foreseen !== null && (await foreseen.write())) return foreseen.result;
  return tries.attempt(last === null ? turn.task.previousFailure : failureText(last.step));
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

type Refused = { failed: readonly Disproved[]; record: Pick<Attempt, 'fixer' | 'tries' | 'spent'> };

/** Refused at once is a refusal; refused after a change that failed is that failure. */
function refused(
  turn: Turn,
  tried: readonly { what: string; why: string }[],
  { failed, record }: Refused,
): RepairResult {
  const last = failed.at(-1);
  const reasons = tried.map(({ what, why }) => `${what}: ${why}`);
  if (last) reasons.push(`${last.step.step}: ${last.step.detail}`);
  // The first tells most; the others are for whoever looks at what was tried.
  const nearest = last ? reasons : reasons.slice(0, 1);
  const outcome = last ? 'failed' : 'refused';
  return {
    outcome,
    reason: nearest.join(' '),
    told: reasons.join(' '),
    ladder: rowsOf(turn, failed),
    fixer: turn.fixer.name,
    attempts: [{ ...record, tries: failed.length, strategy: null, outcome }],
  };
}
