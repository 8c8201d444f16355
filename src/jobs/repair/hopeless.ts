// A refusal that is certain need not wait for anything: a person is told in seconds, not after the whole install and
// every test. It must not refuse by itself; each fixer does when its turn comes.

import type { Fixer } from '../../ports.ts';
import type { Thought } from './look-ahead.ts';
import type { Needs, RepairInput } from './result.ts';
import { until } from './until.ts';

/** Whether every fixer says, before anything is installed or run, that it refuses. */
export async function allDecline({ fixers }: Pick<Needs, 'fixers'>, input: RepairInput): Promise<boolean> {
  for (const fixer of fixers) if (!(await declines(fixer, input))) return false;
  return true;
}

/** Failing to say so is no answer: it fails again, and is told, when its turn comes. */
async function declines(fixer: Fixer, { task, worktree }: RepairInput): Promise<boolean> {
  const said = await fixer.decline?.(task, worktree.dir).catch(() => null);
  return said !== undefined && said !== null;
}

/**
 * Does the work, with checks that are ended as soon as it turns out that the only fixer refuses. Null when they were, or
 * would have been.
 */
export async function unlessHopeless<T>(
  ports: Needs,
  thinking: Promise<Thought> | null,
  work: (still: Needs) => Promise<T>,
): Promise<T | null> {
  if (thinking === null || ports.fixers.length !== 1) return work(ports);
  const hopeless = new AbortController();
  const told = endWhenRefused(thinking, hopeless);
  try {
    return await work({ ...ports, checks: until(ports.checks, hopeless.signal) });
  } catch (error) {
    if (error === hopeless.signal.reason) return null;
    throw error;
  } finally {
    await told;
  }
}

async function endWhenRefused(thinking: Promise<Thought>, hopeless: AbortController): Promise<void> {
  const { foreseen } = await thinking;
  if (foreseen?.result.outcome === 'refused') hopeless.abort(new Error('Nothing here can fix this.'));
}
