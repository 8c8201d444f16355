// Judges one change in the worktree: policy, reproduction, then each check again, compared with the base.
// What it proved is what will be committed: nothing that runs here may alter it.

import { canTell } from '../../domain/proof/compare-checks.ts';
import type { LadderStep } from '../../domain/fix.ts';
import { checkPolicy } from '../../domain/proof/policy.ts';
import { sameChange } from '../../domain/proof/same-change.ts';
import { settingsPath } from '../../domain/settings.ts';
import { spentText, type Spent } from '../../domain/agent/spending.ts';
import { code } from '../../domain/untrusted.ts';
import type { Change, CheckResult, FixDescription } from '../../ports.ts';
import { baselineStep, runFurther } from './baseline.ts';
import { checkAgain } from './check-again.ts';
import { relateSlow } from './related.ts';
import { reproduce, reproducedStep, type Reproduction } from './reproduce.ts';
import type { Fixed, Needs, Turn } from './result.ts';
import { tidy } from './tidy.ts';

/** A change that did not hold: at which step, and what it was. */
export type Disproved = { outcome: 'failed'; step: LadderStep; ladder: LadderStep[]; diff: string };

export type Proof = (Fixed & { ladder: LadderStep[] }) | Disproved;

export type Made = { description: FixDescription; spent?: Spent };

type Seen = { changes: Change[]; diff: string; policy: LadderStep };

/**
 * 0. the project's formatter  1. policy  2. reproduction  3. each check again, compared with the base (of tests that take
 * too long those that reach the change)  4. the change is still what it was.
 */
export async function prove(ports: Needs, turn: Turn, made: Made): Promise<Proof> {
  const { description } = made;
  const ladder = [...turn.ladder, ...changeSteps(turn, made)];
  const bare = await look(ports, turn);
  const disproved = (step: LadderStep): Disproved => ({
    outcome: 'failed',
    step,
    ladder: [...ladder, step],
    diff: bare.diff,
  });
  if (bare.policy.result === 'failed') return disproved(bare.policy);
  if (turn.baseline.length === 0) return disproved(unchecked);
  const paths = bare.changes.map(({ path }) => path);
  const { compared, steps } = await toCompare(ports, turn, bare.changes);
  ladder.push(...steps);
  const reproduction = await reproduce(ports, turn, bare.changes);
  let seen = await withTest(ports, turn, { bare, reproduction });
  ladder.push(seen.policy);
  for (const one of compared) {
    let step = await checkAgain(ports, turn, one);
    if (step.result === 'failed' && seen !== bare) {
      // The fix must not fail for the sake of the test that I wrote: it is taken out, and shown only.
      seen = await withoutTest(turn, { bare, reproduction });
      step = await checkAgain(ports, turn, one);
    }
    if (step.result === 'failed') return disproved(step);
    ladder.push(step);
  }
  const told = compared.some(({ before: { check } }) => canTell(check, paths) && says(ladder, check.name));
  if (!reproduction.reproduced && !told) return disproved(unproven);
  const proven = proved(seen, reproduction);
  ladder.push(reproducedStep(reproduction, proven.files));
  if (!sameChange(seen.diff, await turn.worktree.diff())) return disproved(altered);
  return { ...proven, description, ladder };
}

/** What each check said at the base, where it is to be run with these changes. */
async function toCompare(
  ports: Needs,
  turn: Turn,
  changes: readonly Change[],
): ReturnType<typeof relateSlow> {
  const paths = changes.map(({ path }) => path);
  const further = await furtherChecks(ports, turn, paths);
  const baseline = [...turn.baseline, ...further];
  const { compared, steps } = await relateSlow(ports, turn, { baseline, changes });
  return { compared, steps: [...(further.length > 0 ? [baselineStep(further)] : []), ...steps] };
}

/** Those for files that the change touches besides the one that crashed. */
async function furtherChecks(
  ports: Needs,
  turn: Turn,
  paths: readonly string[],
): Promise<readonly CheckResult[]> {
  const crashed = turn.task.location.suspect?.path;
  const others = paths.filter((path) => path !== crashed);
  return others.length === 0 ? [] : runFurther(ports, turn, { known: turn.baseline, paths: others });
}

function changeSteps({ fixer }: Turn, { description, spent }: Made): LadderStep[] {
  return [
    { step: 'change', result: 'passed', detail: `${fixer.name}: ${description.strategy}` },
    ...(spent ? [{ step: 'models', result: 'passed' as const, detail: spentText(spent) }] : []),
  ];
}

function proved({ changes, diff }: Seen, { reproduced, test }: Reproduction): Omit<Fixed, 'description'> {
  const files = changes.map((change) => change.path);
  const evidence = test && !files.includes(test.path) ? { path: test.path, text: test.text } : null;
  return { outcome: 'fixed', files, diff, reproduced, evidence };
}

/** Whether the step of that name says something about the change. */
function says(ladder: readonly LadderStep[], name: string): boolean {
  return ladder.some(({ step, result }) => step === name && result === 'passed');
}

/** A fixer that refused beforehand, so that the checks were left out, and then made a change after all. */
const unchecked: LadderStep = {
  step: 'checks at the base',
  result: 'failed',
  detail:
    "they were left out because it looked as if nothing could fix this, so there is nothing to compare this change with. Write `/sentry retry` with the issue's short id.",
};

const unproven: LadderStep = {
  step: 'proof',
  result: 'failed',
  detail:
    'no check says anything about this change (each fails at the base in a way that hides it, reads no plain JavaScript, or has no test that reaches it), and no test reproduces the crash, so nothing proves the change. ' +
    `Name checks that work here as \`checks\` in ${code(settingsPath, 40)}, then write \`/sentry retry\` with the issue's short id.`,
};

const altered: LadderStep = {
  step: 'unaltered',
  result: 'failed',
  detail:
    'the checks changed files of the change while they ran, so what they proved is not what is there now',
};

/** `before`: what was looked at before, where something was added since. */
async function look(ports: Needs, turn: Turn, before?: Seen): Promise<Seen> {
  const { changes, diff } = await tidy(ports, turn, before?.diff);
  return { changes, diff, policy: policyStep(turn, changes, diff) };
}

type Tested = { bare: Seen; reproduction: Reproduction };

/** The change with the test that was written for it, where policy allows both together. */
async function withTest(ports: Needs, turn: Turn, { bare, reproduction }: Tested): Promise<Seen> {
  if (!reproduction.test?.kept) return bare;
  const seen = await look(ports, turn, bare);
  return seen.policy.result === 'passed' ? seen : withoutTest(turn, { bare, reproduction });
}

async function withoutTest(turn: Turn, { bare, reproduction }: Tested): Promise<Seen> {
  const { test } = reproduction;
  if (test) await turn.worktree.put(test.path, test.before);
  return bare;
}

function policyStep(turn: Turn, changes: readonly Change[], diff: string): LadderStep {
  const { limits, protectedPaths, fixer } = turn;
  const policy = checkPolicy({ diff, changes, limits, protectedPaths, fixer: fixer.name });
  if (changes.length === 0) return { step: 'policy', result: 'failed', detail: 'nothing was changed' };
  return policy.ok
    ? { step: 'policy', result: 'passed', detail: policy.summary }
    : { step: 'policy', result: 'failed', detail: policy.violations.join(' ') };
}
