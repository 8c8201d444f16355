// Where all tests take too long, those that reach the change run in their place: at the base and with the change.
// It must not judge what they say.

import { insteadText, ranNone, relatedName } from '../../domain/proof/related-tests.ts';
import type { LadderStep } from '../../domain/fix.ts';
import type { Change, Check, CheckResult } from '../../ports.ts';
import { baselineStep } from './baseline.ts';
import type { Needs, Turn } from './result.ts';

/** What a run with the change is compared with. */
export type Compared = {
  before: CheckResult;
  /** Where it is a part: of what, and for which files. */
  part?: { of: Check; paths: readonly string[] };
};

type Of = { baseline: readonly CheckResult[]; changes: readonly Change[] };

/** Takes the change in place, and leaves it so. What is slow is replaced by what can be run; with the rows that say so. */
export async function relateSlow(
  ports: Pick<Needs, 'checks'>,
  turn: Turn,
  { baseline, changes }: Of,
): Promise<{ compared: Compared[]; steps: LadderStep[] }> {
  if (!baseline.some(({ slow }) => slow))
    return { compared: baseline.map((before) => ({ before })), steps: [] };
  // Of a file that is gone nobody can say any more what reaches it.
  const isKnown = changes.every(({ kind }) => kind === 'added' || kind === 'modified');
  const paths = changes.map(({ path }) => path);
  return turn.worktree.atBase([], async () => {
    const compared: Compared[] = [];
    const steps: LadderStep[] = [];
    for (const before of baseline) {
      const instead = before.slow
        ? await runInstead(ports, turn, { slow: before, paths: isKnown ? paths : [] })
        : null;
      compared.push(instead ?? { before });
      if (instead === null) continue;
      const detail = insteadText(before, paths.length);
      if (instead.part) steps.push({ step: before.check.name, result: 'skipped', detail });
      steps.push(baselineStep([instead.before]));
    }
    return { compared, steps };
  });
}

type Slow = { slow: CheckResult; paths: readonly string[] };

/** At the base. All tests after all, where nobody can say which of them reach the change. */
async function runInstead(
  { checks }: Pick<Needs, 'checks'>,
  turn: Turn,
  { slow, paths }: Slow,
): Promise<Compared> {
  const { worktree, progress } = turn;
  const at = { commit: worktree.base, fresh: false };
  const related = paths.length === 0 ? null : await checks.related(slow.check, paths, worktree.dir);
  const name = related === null ? slow.check.name : relatedName(slow.check.name, paths.length);
  await progress(`checks at the base: ${name}`);
  if (related === null)
    return { before: await checks.runAtBase(slow.check, worktree.dir, { ...at, whole: true }) };
  const part = { of: slow.check, paths };
  if (related === 'none') return { before: noTest({ ...slow.check, name }), part };
  const before = await checks.runAtBase({ ...related, name }, worktree.dir, at);
  return { before: ranNone(before) ? { ...before, summary: 'no test' } : before, part };
}

function noTest(check: Check): CheckResult {
  const told = { failures: [], passes: 0, output: '', ms: 0, summary: 'no test' };
  return { check, passed: true, timedOut: false, ...told };
}

/**
 * What is to be run with the change: tests may have come with it, and those that reached it before still count. Null when
 * there is none.
 */
export async function checkNow(
  { checks }: Pick<Needs, 'checks'>,
  dir: string,
  { before, part }: Compared,
): Promise<Check | null> {
  if (!part) return before.check;
  const related = await checks.related(part.of, part.paths, dir);
  if (related !== 'none' && related !== null) return { ...related, name: before.check.name };
  return ranNone(before) ? null : before.check;
}
