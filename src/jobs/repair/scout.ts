// At the base: which call crashes the way the event tells, and does its test? The worktree must stand at the base.

import { differenceOf, type Crashed, type TestOutcome } from '../../domain/proof/reproduction.ts';
import type { Draft, DraftedCall, FixTask, TestFile, TestRun, Worktree } from '../../ports.ts';
import type { Needs } from './result.ts';

/** A clause. */
export type Why = { why: string };

export type Drafted = Draft | Why;

/** The call that crashes; `confirmed` is a final test that was seen to crash the same way. */
export type Scouted = { draft: Draft; call: DraftedCall; confirmed: TestFile | null } | Why;

/** Tests for the code as it stands; or why there are none. Runs nothing. */
export async function draftTest({ checks, reproducer }: Needs, task: FixTask, dir: string): Promise<Drafted> {
  const place = await reproducer.placeOf(task, dir);
  if (place === null) return { why: 'I can write no test in this language' };
  const runner = await checks.runnerOf(place, dir);
  if (runner === null)
    return { why: 'the project has no test runner that I know how to run a single test with' };
  return reproducer.draft(task, dir, runner);
}

type Drawn = { drafted: Drafted; crashed: Crashed };

/** Runs every call. The file with them is gone afterwards. */
export async function scout(
  { checks }: Pick<Needs, 'checks'>,
  worktree: Pick<Worktree, 'dir' | 'put'>,
  { drafted, crashed }: Drawn,
): Promise<Scouted> {
  if ('why' in drafted) return drafted;
  await worktree.put(drafted.scout.path, drafted.scout.text);
  const run = await checks.runOne(drafted.scout.path, worktree.dir);
  await worktree.put(drafted.scout.path, null);
  if (run.timedOut) return { why: 'calling the function did not come to an end' };
  if (run.tests.length === 0) return { why: 'the runner told of no test' };
  const call = drafted.calls.find(({ test }) => differenceIn(run, test, crashed) === null);
  return call ? { draft: drafted, call, confirmed: null } : { why: missed(run, drafted, crashed) };
}

/** Sees whether the strictest test crashes as its call did. Its file is as it was afterwards. */
export async function confirm(
  { checks }: Pick<Needs, 'checks'>,
  worktree: Pick<Worktree, 'dir' | 'put'>,
  { scouted, crashed }: { scouted: Scouted; crashed: Crashed },
): Promise<Scouted> {
  if ('why' in scouted) return scouted;
  const { draft, call } = scouted;
  const [final] = call.finals;
  if (!final) return scouted;
  await worktree.put(final.path, final.text);
  const run = await checks.runOne(final.path, worktree.dir);
  await worktree.put(final.path, draft.before);
  return differenceIn(run, draft.name, crashed) === null ? { ...scouted, confirmed: final } : scouted;
}

/** How the test of that name differs from the crash; null when it does not. */
export function differenceIn(run: TestRun, name: string, crashed: Crashed): string | null {
  const outcome = run.tests.find((test) => test.name === name);
  if (!outcome) return 'the runner did not tell of the test';
  return outcome.thrown === null ? 'it does not crash' : differenceOf(crashed, outcome.thrown);
}

/** What came nearest: a crash of another kind says more than none. */
function missed(run: TestRun, { calls }: Draft, crashed: Crashed): string {
  const tried =
    calls.length === 1 ? 'the call that I could build' : `${calls.length} calls that I could build`;
  const thrown = run.tests.flatMap((test: TestOutcome) => test.thrown ?? []);
  const differences = thrown.flatMap((one) => differenceOf(crashed, one) ?? []);
  const nearest = differences.find((why) => why.includes('function')) ?? differences[0];
  return nearest === undefined ? `${tried} did not crash` : `of ${tried} none crashed that way: ${nearest}`;
}
