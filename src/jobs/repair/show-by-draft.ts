// Shows the crash by a test that is written here: every call that could crash is tried at the base, and the first
// that does becomes one test, which must pass with the change and fail without it.

import { differenceOf, type Crashed, type TestOutcome } from '../../domain/reproduction.ts';
import type { Draft, DraftedCall, TestFile, TestRun } from '../../ports.ts';
import type { Needs, Turn } from './result.ts';

export type Shown = TestFile & { before: string | null; keep: boolean };

type Why = { why: string };

/** The test, in place; or why none shows the crash, as a clause, with the change as it was. */
export async function showByDraft(ports: Needs, turn: Turn, crashed: Crashed): Promise<Shown | Why> {
  const { worktree } = turn;
  const scouted = await worktree.atBase([], () => scout(ports, turn, crashed));
  if ('why' in scouted) return scouted;
  const { draft, call } = scouted;
  let why = 'no test with this call passes with the change';
  for (const final of call.finals) {
    await worktree.put(final.path, final.text);
    const after = await ports.checks.runOne(final.path, worktree.dir);
    if (!hasPassed(after, draft.name)) continue;
    const before = await worktree.atBase([final.path], () => ports.checks.runOne(final.path, worktree.dir));
    const difference = differenceIn(before, draft.name, crashed);
    if (difference === null) return { ...final, before: draft.before, keep: draft.keep };
    why = difference;
  }
  for (const { path } of call.finals.slice(0, 1)) await worktree.put(path, draft.before);
  return { why };
}

/** At the base: which call crashes the way the event tells? */
async function scout(
  { checks, reproducer }: Needs,
  { task, worktree }: Turn,
  crashed: Crashed,
): Promise<{ draft: Draft; call: DraftedCall } | Why> {
  const place = await reproducer.placeOf(task, worktree.dir);
  if (place === null) return { why: 'I can write no test in this language' };
  const runner = await checks.runnerOf(place, worktree.dir);
  if (runner === null)
    return { why: 'the project has no test runner that I know how to run a single test with' };
  const draft = await reproducer.draft(task, worktree.dir, runner);
  if ('why' in draft) return draft;
  await worktree.put(draft.scout.path, draft.scout.text);
  const run = await checks.runOne(draft.scout.path, worktree.dir);
  if (run.timedOut) return { why: 'calling the function did not come to an end' };
  if (run.tests.length === 0) return { why: 'the runner told of no test' };
  const call = draft.calls.find(({ test }) => differenceIn(run, test, crashed) === null);
  return call ? { draft, call } : { why: missed(run, draft, crashed) };
}

function differenceIn(run: TestRun, name: string, crashed: Crashed): string | null {
  const outcome = run.tests.find((test) => test.name === name);
  if (!outcome) return 'the runner did not tell of the test';
  return outcome.thrown === null ? 'it does not crash' : differenceOf(crashed, outcome.thrown);
}

function hasPassed(run: TestRun, name: string): boolean {
  return run.tests.some((test) => test.name === name && test.thrown === null);
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
