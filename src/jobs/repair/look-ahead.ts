// What is worked out while the worktree stands at its base anyway: the first fixer's change and a test of the crash
// while the checks run, then whether that test crashes. It must leave every file of the base as it is.

import type { Foreseen } from '../../ports.ts';
import { together } from '../together.ts';
import { crashOf } from './crash.ts';
import { confirm, draftTest, scout, type Drafted, type Scouted } from './scout.ts';
import type { Needs, RepairInput } from './result.ts';

export type Ahead = {
  /** Of the first fixer; null when it cannot look ahead. */
  foreseen: Foreseen | null;
  /** Null when nothing was tried out. */
  scouted: Scouted | null;
};

export const nothingAhead: Ahead = { foreseen: null, scouted: null };

export type Thought = { foreseen: Foreseen | null; drafted: Drafted | null };

/** Starts no program of the target. Never throws: what fails here fails again, and is told, when its turn comes. */
export async function think(ports: Needs, { task, worktree }: RepairInput): Promise<Thought> {
  const [first] = ports.fixers;
  if (!first?.foresee) return { foreseen: null, drafted: null };
  const [foreseen, drafted] = await together([
    first.foresee(task, worktree.dir).catch(() => null),
    draftTest(ports, task, worktree.dir).catch(() => null),
  ]);
  return { foreseen, drafted };
}

/** Tries the drafted test out, where there is a change that it may prove. */
export async function tryAhead(ports: Needs, input: RepairInput, thought: Thought): Promise<Ahead> {
  const { foreseen, drafted } = thought;
  const crashed = crashOf(input.task);
  if (foreseen?.result.outcome !== 'changed' || drafted === null || crashed === null)
    return { foreseen, scouted: null };
  await input.progress('reproducing the crash');
  const scouted = await scout(ports, input.worktree, { drafted, crashed });
  return { foreseen, scouted: await confirm(ports, input.worktree, { scouted, crashed }) };
}
