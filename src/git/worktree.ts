// Opens and removes linked worktrees, and puts one back to its base.
// It must not stage or send anything; publish.ts does. What has changed in one is work.ts's.

import { lstat, mkdir, readdir, readFile, realpath, readlink, rm } from 'node:fs/promises';
import path from 'node:path';
import { Bug } from '../domain/failure.ts';
import type { Log, Worktree } from '../ports.ts';
import { atBase, putFile } from './at-base.ts';
import { gitText, type Place } from './git.ts';
import { checkedCommit } from './names.ts';
import { commitPaths, pushBranch, readRemoteBranch } from './publish.ts';
import { listTree } from './repository.ts';
import { isAtBase, readWork, type WorktreePlace } from './work.ts';

/** Makes a linked worktree of the repository, detached at that commit, in place of what lay there. */
export async function openWorktree(
  repository: Place,
  { dir, commit, log }: { dir: string; commit: string; log: Log },
): Promise<Worktree> {
  checkedCommit(commit);
  await removeWorktree(repository, dir);
  await mkdir(path.dirname(dir), { recursive: true });
  await gitText(repository, ['worktree', 'add', '--detach', '--force', '--', dir, commit]);
  const place = { gitDir: await linkedGitDir(dir), workTree: await realpath(dir), base: commit };
  await leaveOutEscapingLinks(repository, place, log);
  const commits = new Map<string, string>();
  const files = {
    dir: place.workTree,
    base: commit,
    work: () => readWork(place),
    changes: async () => (await readWork(place)).changes,
    diff: async () => (await readWork(place)).diff,
    reset: () => resetWorktree(place),
  };
  return {
    ...files,
    put: (file, text) => putFile(place.workTree, file, text),
    atBase: (kept, work) => atBase(files, kept, work),
    commit: async (request) => {
      const made = await commitPaths(place, request);
      commits.set(request.branch, made);
      return made;
    },
    push: (branch, access, expected) =>
      pushBranch(place, branch, { access, expected, commit: commits.get(branch) }),
    readRemote: (branch, access) => readRemoteBranch(place, branch, access),
  };
}

/**
 * Removes the folder and what the repository remembers of it, the commits on its branch included.
 * By hand, because git itself keeps an entry that a killed process left locked.
 */
export async function removeWorktree(repository: Place, dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  const parent = await realpath(path.dirname(dir)).catch(() => path.dirname(dir));
  const dotGit = path.join(parent, path.basename(dir), '.git');
  const entries = path.join(repository.gitDir, 'worktrees');
  for (const id of await readdir(entries).catch(() => [])) {
    const pointer = await readFile(path.join(entries, id, 'gitdir'), 'utf8').catch(() => null);
    const abandoned = pointer === null || pointer.trim() === dotGit;
    if (abandoned) await rm(path.join(entries, id), { recursive: true, force: true });
  }
}

/** Read once, while the folder is fresh: later its `.git` file may say anything. */
async function linkedGitDir(dir: string): Promise<string> {
  const pointer = /^gitdir: (.+)\n?$/.exec(await readFile(path.join(dir, '.git'), 'utf8'))?.[1];
  if (pointer === undefined) throw new Bug(`git made no worktree in ${dir}.`);
  return pointer;
}

/**
 * A committed link that leads out of the worktree would take a later write with it. Such links are
 * not put there; git goes on believing them unchanged, so they are never part of a change.
 */
async function leaveOutEscapingLinks(repository: Place, place: WorktreePlace, log: Log): Promise<void> {
  const entries = await listTree(repository, place.base);
  const links = entries.filter((entry) => entry.mode === '120000').map((entry) => entry.path);
  const escaping: string[] = [];
  for (const link of links) if (await escapes(place.workTree, link)) escaping.push(link);
  if (escaping.length === 0) return;
  log.warn({ links: escaping.slice(0, 20) }, 'Links that lead out of the repository are left out');
  await gitText(place, ['update-index', '--skip-worktree', '-z', '--stdin'], {
    input: `${escaping.join('\0')}\0`,
  });
  for (const link of escaping) await rm(path.join(place.workTree, link), { force: true });
}

async function escapes(root: string, link: string): Promise<boolean> {
  const file = path.join(root, link);
  const target = path.resolve(await realpath(path.dirname(file)), await readlink(file));
  const real = await realOfExisting(target);
  return real === null || !(real === root || real.startsWith(root + path.sep));
}

/** Where a path leads that may not exist yet; null when links lead in a circle. */
async function realOfExisting(target: string): Promise<string | null> {
  try {
    return await realpath(target);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') return null;
    // Missing itself, or a link to something missing, which may be anywhere.
    const found = await lstat(target).catch(() => null);
    if (found) return null;
    const parent = await realOfExisting(path.dirname(target));
    return parent === null ? null : path.join(parent, path.basename(target));
  }
}

/** Ignored files stay: they are installed packages and caches, and no change. */
async function resetWorktree(place: WorktreePlace): Promise<void> {
  if (await isAtBase(place)) return;
  await gitText(place, ['reset', '--hard', place.base]);
  await gitText(place, ['clean', '-ffd', '--quiet']);
}
