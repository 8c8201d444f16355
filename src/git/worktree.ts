// Opens and removes linked worktrees, and reads what has changed in one.
// It must not stage or send anything; publish.ts does.

import { copyFile, lstat, mkdir, readdir, readFile, realpath, readlink, rm } from 'node:fs/promises';
import path from 'node:path';
import { Bug } from '../domain/failure.ts';
import type { Change, Log, Worktree } from '../ports.ts';
import { atBase, putFile } from './at-base.ts';
import { gitText, type Place, splitNul } from './git.ts';
import { checkedCommit } from './names.ts';
import { commitPaths, pushBranch, readRemoteBranch } from './publish.ts';
import { listTree } from './repository.ts';

/** A worktree's git folder and files, and the commit it started from. */
type WorktreePlace = { gitDir: string; workTree: string; base: string };

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
  await leaveOutEscapingLinks(place, log);
  const files = {
    dir: place.workTree,
    base: commit,
    changes: () => readChanges(place),
    diff: () => readDiff(place),
    reset: () => resetWorktree(place),
  };
  return {
    ...files,
    put: (file, text) => putFile(place.workTree, file, text),
    atBase: (kept, work) => atBase(files, kept, work),
    commit: (request) => commitPaths(place, request),
    push: (branch, access, expected) => pushBranch(place, branch, { access, expected }),
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
async function leaveOutEscapingLinks(place: WorktreePlace, log: Log): Promise<void> {
  const entries = await listTree(place, place.base);
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

async function readChanges(place: WorktreePlace): Promise<Change[]> {
  const raw = await gitText(place, [
    'diff',
    '--raw',
    '-z',
    '--no-renames',
    '--no-ext-diff',
    place.base,
    '--',
  ]);
  const changes = new Map<string, Change['kind']>();
  const parts = splitNul(raw);
  for (let index = 0; index + 1 < parts.length; index += 2)
    changes.set(parts[index + 1] ?? '', kindOfEntry(parts[index] ?? ''));
  for (const untracked of await listUntracked(place)) {
    const kind = changes.has(untracked) ? 'modified' : 'added';
    changes.set(withoutSlash(untracked), await kindOfUntracked(place, untracked, kind));
  }
  return [...changes].map(([path, kind]) => ({ path, kind })).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** `:<old mode> <new mode> <old id> <new id> <status>` */
function kindOfEntry(entry: string): Change['kind'] {
  const [before, after, , , status] = entry.slice(1).split(' ');
  const plain = [before, after].every((mode) => mode === '000000' || mode?.startsWith('100'));
  if (!plain) return 'other';
  if (status === 'A') return 'added';
  if (status === 'D') return 'deleted';
  return status === 'M' && before === after ? 'modified' : 'other';
}

/** A repository inside the worktree is listed as a folder with a slash. */
async function kindOfUntracked(
  place: WorktreePlace,
  file: string,
  kind: Change['kind'],
): Promise<Change['kind']> {
  const found = await lstat(path.join(place.workTree, file)).catch(() => null);
  return found?.isFile() ? kind : 'other';
}

function withoutSlash(file: string): string {
  return file.endsWith('/') ? file.slice(0, -1) : file;
}

async function listUntracked(place: WorktreePlace): Promise<string[]> {
  return splitNul(await gitText(place, ['ls-files', '--others', '--exclude-standard', '-z']));
}

/** In a copy of the index, so that what is staged stays as it is. */
async function readDiff(place: WorktreePlace): Promise<string> {
  const index = path.join(place.gitDir, `index.diff-${process.pid}-${(diffs += 1)}`);
  const env = { GIT_INDEX_FILE: index };
  const untracked = (await listUntracked(place)).filter((file) => !file.endsWith('/'));
  try {
    await copyFile(path.join(place.gitDir, 'index'), index);
    const add = ['add', '--intent-to-add', '--pathspec-from-file=-', '--pathspec-file-nul'];
    if (untracked.length > 0) await gitText(place, add, { env, input: untracked.join('\0') });
    const plain = ['--no-ext-diff', '--no-textconv', '--no-color', '--no-renames'];
    return await gitText(place, ['diff', ...plain, place.base, '--'], { env });
  } finally {
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
  }
}

let diffs = 0;

/** Ignored files stay: they are installed packages and caches, and no change. */
async function resetWorktree(place: WorktreePlace): Promise<void> {
  await gitText(place, ['reset', '--hard', place.base]);
  await gitText(place, ['clean', '-ffd', '--quiet']);
}
