// The three ways GitHub merges a pull request, done by git on a bare repository, and the trial merge before.
// Makes commits; moving the branch is the caller's.

import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { git, gitOrNull, GitFailed } from './git.ts';

export type MergeWay = 'merge' | 'squash' | 'rebase';
export type Committer = { name: string; email: string };

const as = (who: Committer): Record<string, string> => ({
  GIT_AUTHOR_NAME: who.name,
  GIT_AUTHOR_EMAIL: who.email,
});

/** The tree of both sides together; null when they conflict. */
async function mergedTree(dir: string, base: string, head: string): Promise<string | null> {
  const out = await gitOrNull(dir, ['merge-tree', '--write-tree', base, head]);
  return out === null ? null : (out.split('\n')[0] ?? null);
}

/** One commit on top of `base` (and of `head`, unless squashed); null on conflicts. */
export async function mergeCommit(
  dir: string,
  input: { base: string; head: string; message: string; author: Committer; squash?: boolean },
): Promise<string | null> {
  const tree = await mergedTree(dir, input.base, input.head);
  if (!tree) return null;
  const parents = input.squash ? ['-p', input.base] : ['-p', input.base, '-p', input.head];
  return git(dir, ['commit-tree', tree, ...parents], { input: input.message, env: as(input.author) });
}

/** Every commit of `head` again on top of `base`; the new tip, null on conflicts. */
export async function rebase(dir: string, input: { base: string; head: string }): Promise<string | null> {
  const parent = await mkdtemp(join(dir, 'rebase-'));
  const tree = join(parent, 'tree');
  try {
    await git(dir, ['worktree', 'add', '--quiet', '--detach', tree, input.head]);
    await git(tree, ['rebase', '--quiet', '--no-autosquash', '--force-rebase', input.base]);
    return await git(tree, ['rev-parse', 'HEAD']);
  } catch (error) {
    if (error instanceof GitFailed && error.status === 1) return null;
    throw error;
  } finally {
    await rm(parent, { recursive: true, force: true });
    await git(dir, ['worktree', 'prune']);
  }
}
