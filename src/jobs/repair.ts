// Climbs the ladder of one fix in a worktree: checks at the base, a fixer's change, policy, checks again.
// It commits nothing and knows no host: the same steps serve the app and the command line (design, section 6).

import { compareChecks } from '../domain/compare-checks.ts';
import type { LadderStep } from '../domain/fix.ts';
import { checkPolicy } from '../domain/policy.ts';
import type { CheckResult, Fixer, FixDescription, FixerResult, FixTask, Ports, Worktree } from '../ports.ts';

export type RepairInput = {
  task: FixTask;
  worktree: Worktree;
  protectedPaths: readonly string[];
  /** How large the change may be. */
  limits: { files: number; lines: number };
  /** Told before each step, so that people see what runs. */
  progress: (step: string) => Promise<void>;
};

export type RepairResult = { ladder: LadderStep[]; fixer: string | null } & (
  | { outcome: 'fixed'; description: FixDescription; files: string[]; diff: string; reproduced: boolean }
  | { outcome: 'refused' | 'failed'; reason: string }
);

type Needs = Pick<Ports, 'checks' | 'fixers'>;

/** A fixer gets a failed step's output as its next prompt, at most twice. */
const tries = 3;

/** 1. clean base  2. checks at the base  3. fixers in order, each with at most three tries. */
export async function repair(ports: Needs, input: RepairInput): Promise<RepairResult> {
  const ladder: LadderStep[] = [];
  await input.worktree.reset();
  ladder.push({ step: 'clean worktree', result: 'passed', detail: `at ${input.worktree.base.slice(0, 10)}` });
  const baseline = await runBaseline(ports, input);
  if (baseline.length === 0) {
    const reason =
      'I found no check in this repository (no tsconfig.json, no test script), so nothing could prove a change.';
    return { outcome: 'refused', reason, ladder, fixer: null };
  }
  ladder.push({
    step: 'checks at the base',
    result: 'passed',
    detail: baseline.map(baselineText).join(' · '),
  });
  const refusals: string[] = [];
  for (const fixer of ports.fixers) {
    const result = await climb(ports, { ...input, fixer, baseline, ladder: [...ladder] });
    if (result.outcome !== 'refused') return result;
    refusals.push(result.reason);
  }
  const reason = refusals.join(' ') || 'No fixer is configured.';
  ladder.push({ step: 'change', result: 'failed', detail: 'no fixer could make a safe change' });
  return { outcome: 'refused', reason, ladder, fixer: null };
}

async function runBaseline(ports: Needs, input: RepairInput): Promise<CheckResult[]> {
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

function baselineText(result: CheckResult): string {
  return `${result.check.name}: ${result.summary}${result.passed ? '' : ' before this change too'}`;
}

type Climb = RepairInput & { fixer: Fixer; baseline: readonly CheckResult[]; ladder: LadderStep[] };

async function climb(ports: Needs, input: Climb): Promise<RepairResult> {
  let previous: { failure: string; diff: string } | null = null;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    await input.worktree.reset();
    await input.progress(`writing the change (${input.fixer.name})`);
    const task = { ...input.task, previousFailure: previous?.failure ?? input.task.previousFailure };
    const made: FixerResult = await input.fixer.fix(task, input.worktree.dir);
    if (made.outcome === 'refused') return refusedResult(input, made.tried, previous?.failure ?? null);
    const tried = await prove(ports, input, made.description);
    if (tried.outcome === 'fixed') return tried;
    const repeats: boolean = previous?.diff === tried.diff;
    previous = { failure: tried.reason, diff: tried.diff };
    if (repeats || attempt === tries) return { ...tried, ladder: tried.ladder, fixer: input.fixer.name };
  }
  throw new Error('unreachable');
}

function refusedResult(
  input: Climb,
  tried: readonly { what: string; why: string }[],
  failure: string | null,
): RepairResult {
  const reasons = tried.map(({ what, why }) => `${what}: ${why}`);
  if (failure !== null) reasons.push(failure);
  return {
    outcome: failure === null ? 'refused' : 'failed',
    reason: reasons.join(' '),
    ladder: input.ladder,
    fixer: input.fixer.name,
  };
}

type Proof =
  | Extract<RepairResult, { outcome: 'fixed' }>
  | { outcome: 'failed'; reason: string; ladder: LadderStep[]; diff: string };

/** 1. what changed  2. policy  3. each check again, compared with the base  4. the change is still what it was. */
async function prove(ports: Needs, input: Climb, description: FixDescription): Promise<Proof> {
  const { worktree } = input;
  const changes = await worktree.changes();
  const diff = await worktree.diff();
  const files = changes.map((change) => change.path);
  const ladder = [
    ...input.ladder,
    { step: 'change', result: 'passed' as const, detail: `${input.fixer.name}: ${description.strategy}` },
  ];
  const failed = (step: LadderStep): Proof => ({
    outcome: 'failed',
    reason: `${step.step}: ${step.detail}`,
    ladder: [...ladder, step],
    diff,
  });
  const policy = checkPolicy({
    diff,
    changes,
    limits: input.limits,
    protectedPaths: input.protectedPaths,
    fixer: input.fixer.name,
  });
  if (files.length === 0) return failed({ step: 'policy', result: 'failed', detail: 'nothing was changed' });
  if (!policy.ok) return failed({ step: 'policy', result: 'failed', detail: policy.violations.join(' ') });
  ladder.push({ step: 'policy', result: 'passed', detail: policy.summary });
  for (const before of input.baseline) {
    await input.progress(`checking the change: ${before.check.name}`);
    const after = await ports.checks.run(before.check, worktree.dir);
    const compared = compareChecks(before, after);
    if (!compared.ok) return failed({ step: before.check.name, result: 'failed', detail: compared.detail });
    ladder.push({ step: before.check.name, result: 'passed', detail: compared.detail });
  }
  ladder.push({
    step: 'reproduced',
    result: 'skipped',
    detail: 'not reproduced: no test fails before this change and passes after it',
  });
  return { outcome: 'fixed', description, files, diff, ladder, reproduced: false, fixer: input.fixer.name };
}
