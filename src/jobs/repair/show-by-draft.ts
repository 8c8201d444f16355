// Shows the crash by a test that is written here: every call that could crash is tried at the base, and the first
// that does becomes one test, which must pass with the change and fail without it.

import type { Crashed } from '../../domain/proof/reproduction.ts';
import type { TestFile, TestRun } from '../../ports.ts';
import type { Needs, Turn } from './result.ts';
import { differenceIn, draftTest, scout, type Scouted, type Why } from './scout.ts';

export type Shown = TestFile & { before: string | null; keep: boolean };

/** The test, in place; or why none shows the crash, as a clause, with the change as it was. */
export async function showByDraft(ports: Needs, turn: Turn, crashed: Crashed): Promise<Shown | Why> {
  const { worktree } = turn;
  const scouted = turn.ahead.scouted ?? (await worktree.atBase([], () => scoutNow(ports, turn, crashed)));
  if ('why' in scouted) return scouted;
  const { draft, call, confirmed } = scouted;
  let why = 'no test with this call passes with the change';
  for (const final of call.finals) {
    await worktree.put(final.path, final.text);
    const after = await ports.checks.runOne(final.path, worktree.dir);
    if (!hasPassed(after, draft.name)) continue;
    const shown = { ...final, before: draft.before, keep: draft.keep };
    if (final === confirmed) return shown;
    const before = await worktree.atBase([final.path], () => ports.checks.runOne(final.path, worktree.dir));
    const difference = differenceIn(before, draft.name, crashed);
    if (difference === null) return shown;
    why = difference;
  }
  for (const { path } of call.finals.slice(0, 1)) await worktree.put(path, draft.before);
  return { why };
}

async function scoutNow(ports: Needs, { task, worktree }: Turn, crashed: Crashed): Promise<Scouted> {
  const drafted = await draftTest(ports, task, worktree.dir);
  return scout(ports, worktree, { drafted, crashed });
}

function hasPassed(run: TestRun, name: string): boolean {
  return run.tests.some((test) => test.name === name && test.thrown === null);
}
