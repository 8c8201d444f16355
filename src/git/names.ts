// Checks names before they become arguments, refs or folders.
// It must not mend a bad name: what is not plainly right is our bug.

import { Bug } from '../domain/failure.ts';
import type { RepoRef } from '../domain/problem.ts';

/** A branch name git and the host accept, letters, digits and `._/-` only. Throws Bug. */
export function checkedBranch(branch: string): string {
  const parts = branch.split('/');
  const good = parts.every(
    (part) => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(part) && !part.endsWith('.lock') && !part.endsWith('.'),
  );
  if (!good || branch.includes('..') || branch.length > 200)
    throw new Bug(`${JSON.stringify(branch)} is not a branch name that can be pushed.`);
  return branch;
}

/** A full object id. Throws Bug. */
export function checkedCommit(commit: string): string {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit))
    throw new Bug(`${JSON.stringify(commit)} is not a full commit id.`);
  return commit;
}

/** One folder name for a worktree. Throws Bug. */
export function checkedWorktree(name: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/.test(name))
    throw new Bug(`${JSON.stringify(name)} cannot name a worktree.`);
  return name;
}

/** Owner and name as single folder names. Throws Bug. */
export function checkedRepo(repo: RepoRef): RepoRef {
  const good = [repo.owner, repo.name].every(
    (part) => /^[A-Za-z0-9._-]{1,100}$/.test(part) && !/^\.{1,2}$/.test(part),
  );
  if (!good) throw new Bug(`${JSON.stringify(`${repo.owner}/${repo.name}`)} is not a repository's name.`);
  return repo;
}

/** True for a repository-relative path with forward slashes that stays inside and off git's own files. */
export function isRepositoryPath(path: string): boolean {
  if (path === '' || path.includes('\0')) return false;
  return path.split('/').every((part) => part !== '' && !/^(?:\.{1,2}|\.git)$/i.test(part));
}
