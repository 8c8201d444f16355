// Shows the crash by a test: it fails at the base with the same exception in the same function, and passes with the
// change. A test that the fixer wrote is judged the same way as one that is written here.

import type { LadderStep } from '../../domain/fix.ts';
import { isTestPath } from '../../domain/proof/path-rules.ts';
import { differenceOf, type Crashed } from '../../domain/proof/reproduction.ts';
import { code } from '../../domain/untrusted.ts';
import type { Change, TestFile } from '../../ports.ts';
import { crashOf } from './crash.ts';
import type { Needs, Turn } from './result.ts';
import { showByDraft } from './show-by-draft.ts';

export type Reproduction =
  | { reproduced: false; why: string; test: null }
  | {
      reproduced: true;
      /** A clause: with what, and where. */
      how: string;
      /** The fixer's own test that shows it. */
      given: string | null;
      /** The test that was written here, and whether it now stands in the worktree as part of the change. */
      test: (TestFile & { before: string | null; kept: boolean }) | null;
    };

/** Takes a change that policy allows, in place. Leaves it in place, with one more test where that belongs. */
export async function reproduce(ports: Needs, turn: Turn, changes: readonly Change[]): Promise<Reproduction> {
  await turn.progress('reproducing the crash');
  const crashed = crashOf(turn.task);
  if (crashed === null) return notReproduced('the event has no exception with a message');
  const given = testsIn(changes);
  const shown = await showByGiven(ports, turn, { crashed, given });
  const how = howOf(crashed);
  if (shown !== null) return { reproduced: true, how, given: shown, test: null };
  const drafted = await showByDraft(ports, turn, crashed);
  if ('why' in drafted) {
    const before = given.length === 0 ? '' : 'no test of the change shows the crash, and ';
    return notReproduced(before + drafted.why);
  }
  // Beside a test of the fixer's own, ours is evidence only.
  const kept = drafted.keep && given.length === 0;
  if (!kept) await turn.worktree.put(drafted.path, drafted.before);
  const { path, text, before } = drafted;
  return { reproduced: true, how, given: null, test: { path, text, before, kept } };
}

function testsIn(changes: readonly Change[]): string[] {
  const written = changes.filter(({ kind }) => kind === 'added' || kind === 'modified');
  return written.map(({ path }) => path).filter((path) => isTestPath(path));
}

/** Running more files than a fix needs shows nothing more. */
const mostGiven = 3;

/** The fixer's own test file that shows the crash; null when none does. */
async function showByGiven(
  { checks }: Needs,
  { worktree }: Turn,
  { crashed, given }: { crashed: Crashed; given: readonly string[] },
): Promise<string | null> {
  for (const path of given.slice(0, mostGiven)) {
    if ((await checks.runnerOf(path, worktree.dir)) === null) continue;
    const before = await worktree.atBase(given, () => checks.runOne(path, worktree.dir));
    const failing = before.tests.filter(({ thrown }) => thrown && differenceOf(crashed, thrown) === null);
    if (failing.length === 0) continue;
    const after = await checks.runOne(path, worktree.dir);
    const passing = new Set(after.tests.filter((test) => test.thrown === null).map((test) => test.name));
    if (failing.some((test) => passing.has(test.name))) return path;
  }
  return null;
}

function howOf({ type, suspect }: Crashed): string {
  const what = type === null ? 'the same exception' : code(type, 80);
  const where = suspect.function === null ? code(suspect.path, 160) : code(suspect.function, 120);
  return `fails at the base with ${what} in ${where}, and passes with the change`;
}

function notReproduced(why: string): Reproduction {
  return { reproduced: false, why, test: null };
}

/** Its row of the proof; `files` are those of the change as it will be committed. */
export function reproducedStep(reproduction: Reproduction, files: readonly string[]): LadderStep {
  const step = 'reproduced';
  if (!reproduction.reproduced)
    return { step, result: 'skipped', detail: `not reproduced: ${reproduction.why}` };
  const { given, test, how } = reproduction;
  const path = given ?? test?.path ?? null;
  const committed = path !== null && files.includes(path);
  return {
    step,
    result: 'passed',
    detail: `${committed ? `a test in ${code(path, 160)}` : 'a test'} ${how}`,
  };
}
