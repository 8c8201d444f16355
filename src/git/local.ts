// Opens a person's own repository for the command line. It reads there and writes nothing there:
// worktrees hang on a temporary repository that borrows its objects.

import { access, copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Refusal } from '../domain/failure.ts';
import type { Log } from '../ports.ts';
import { createBuildOutput } from './build-output.ts';
import { gitText, type Place } from './git.ts';
import { createHistory } from './history.ts';
import { initBare } from './mirror.ts';
import { checkedWorktree } from './names.ts';
import { createReading } from './repository.ts';
import type { GitRepository } from './source-control.ts';
import { openWorktree, removeWorktree } from './worktree.ts';

/** Close it, or hold it with `await using`: that removes its worktrees and leaves nothing behind. */
export type LocalRepository = GitRepository & AsyncDisposable & { close(): Promise<void> };

/** Opens the repository that this folder is or lies in. Throws Refusal when there is none. */
export async function openLocal(dir: string, log: Log): Promise<LocalRepository> {
  const { gitDir, root } = await findGitDir(path.resolve(dir));
  const place = { gitDir };
  let borrowed: Promise<{ folder: string; place: Place }> | null = null;
  const close = async (): Promise<void> => {
    const made = borrowed;
    borrowed = null;
    if (made) await rm((await made).folder, { recursive: true, force: true });
  };
  return {
    place,
    ...createReading(place),
    history: createHistory(place),
    ...(root === null ? {} : { buildOutput: createBuildOutput(root) }),
    openWorktree: async (name, commit) => {
      borrowed ??= borrowObjects(place);
      const { folder, place: own } = await borrowed;
      return openWorktree(own, { dir: worktreeDir(folder, name), commit, log });
    },
    removeWorktree: async (name) => {
      if (!borrowed) return;
      const { folder, place: own } = await borrowed;
      await removeWorktree(own, worktreeDir(folder, name));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function worktreeDir(folder: string, name: string): string {
  return path.join(folder, 'worktrees', checkedWorktree(name));
}

/** An empty repository in a temporary folder that finds every object in the other one. */
async function borrowObjects(from: Place): Promise<{ folder: string; place: Place }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'suture-'));
  const format = (await gitText(from, ['rev-parse', '--show-object-format'])).trim();
  const common = await commonDir(from.gitDir);
  const place = await initBare(path.join(folder, 'repository.git'), format);
  await writeFile(path.join(place.gitDir, 'objects/info/alternates'), `${path.join(common, 'objects')}\n`);
  const shallow = path.join(common, 'shallow');
  if (await exists(shallow)) await copyFile(shallow, path.join(place.gitDir, 'shallow'));
  return { folder, place };
}

/** Where a linked worktree keeps what it shares; the folder itself otherwise. */
async function commonDir(gitDir: string): Promise<string> {
  const file = path.join(gitDir, 'commondir');
  return (await exists(file)) ? path.resolve(gitDir, (await readFile(file, 'utf8')).trim()) : gitDir;
}

/** `root` is where the working directory begins; null for a bare repository. */
async function findGitDir(start: string): Promise<{ gitDir: string; root: string | null }> {
  for (let dir = start; ; dir = path.dirname(dir)) {
    const gitDir = await gitDirOf(dir);
    if (gitDir !== null) return { gitDir, root: gitDir === dir ? null : dir };
    if (dir === path.dirname(dir)) break;
  }
  throw new Refusal(`${start} is not a git repository. Name the folder of a clone, for example with --repo.`);
}

async function gitDirOf(dir: string): Promise<string | null> {
  const dotGit = path.join(dir, '.git');
  const found = await stat(dotGit).catch(() => null);
  if (found?.isDirectory()) return dotGit;
  if (found?.isFile()) {
    const target = /^gitdir: (.+)\n?$/.exec(await readFile(dotGit, 'utf8'))?.[1];
    return target === undefined ? null : path.resolve(dir, target);
  }
  const bare = await Promise.all(['HEAD', 'objects', 'refs'].map((name) => exists(path.join(dir, name))));
  return bare.every(Boolean) ? dir : null;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
