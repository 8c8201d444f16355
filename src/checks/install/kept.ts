// Keeps installed packages by lock file and puts them into worktrees as hard links.
// It must not hand out a half or changed install: what it cannot vouch for it throws away.

import { createHash, randomUUID } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../../ports.ts';
import { run } from '../../run.ts';
import { moduleFolders, scratchNames } from '../module-folders.ts';
import { readWithin } from '../../run/read-within.ts';
import { exists } from '../project.ts';

export type InstallTarget = {
  /** The package's folder in the worktree. */
  folder: string;
  installs: string;
  key: string;
};

// Beside the manifest and the lock file, what decides how packages are laid out.
const deciding = ['package.json', '.npmrc', '.yarnrc', '.yarnrc.yml', 'pnpm-workspace.yaml', '.pnpmfile.cjs'];

/** Of a large monorepo; a larger one is as good as none. */
const longestLockFile = 64 * 1024 * 1024;

/** One key for one set of files: the lock file, what lies beside it, Node and the platform. */
export function installKey(
  root: string,
  { lockFile, folder, node }: { lockFile: string; folder: string; node: string },
): string {
  const hash = createHash('sha256');
  const beside = [folder, path.dirname(lockFile)].flatMap((at) =>
    deciding.map((name) => path.join(at, name)),
  );
  for (const file of [lockFile, ...beside])
    hash.update(readWithin(root, file, longestLockFile) ?? '').update('\0');
  hash.update([node.split('.')[0], process.platform, process.arch].join(' '));
  return hash.digest('hex').slice(0, 32);
}

/** Puts the kept install into the worktree and gives its notes; null when there is none, or when someone has changed it. */
export async function useInstall(target: InstallTarget, log: Log): Promise<string[] | null> {
  const kept = path.join(target.installs, target.key);
  const fingerprint = await readFile(path.join(kept, 'fingerprint'), 'utf8').catch(() => null);
  if (fingerprint === null) return null;
  if ((await fingerprintOf(path.join(kept, 'tree'))) !== fingerprint) {
    log.warn({ install: target.key }, 'A kept install was changed and is thrown away');
    await rm(kept, { recursive: true, force: true });
    return null;
  }
  for (const inner of await modulesBelow(path.join(kept, 'tree')))
    await linkInto(path.join(kept, 'tree', inner), target, inner);
  await utimes(kept, new Date(), new Date());
  const notes = await readFile(path.join(kept, 'notes'), 'utf8').catch(() => '');
  return notes.split('\n').filter((note) => note !== '');
}

/** Keeps what was installed in the worktree, by links; a half one never gets its name. */
export async function keepInstall(target: InstallTarget, notes: readonly string[], log: Log): Promise<void> {
  const building = path.join(target.installs, `.${target.key}.${randomUUID()}`);
  try {
    await mkdir(path.join(building, 'tree'), { recursive: true });
    // Some package managers put nothing there.
    const modules = await modulesBelow(target.folder);
    if (modules.length === 0) return await rm(building, { recursive: true, force: true });
    for (const inner of modules) await keepFolder(target, path.join(building, 'tree'), inner);
    await makeReadOnly(path.join(building, 'tree'));
    await writeFile(path.join(building, 'fingerprint'), await fingerprintOf(path.join(building, 'tree')));
    await writeFile(path.join(building, 'notes'), notes.join('\n'));
    await rename(building, path.join(target.installs, target.key));
  } catch (error) {
    // The install itself is there; only the next one will not be faster. Another may have kept it first.
    log.warn({ install: target.key, error: String(error) }, 'An install could not be kept');
    await rm(building, { recursive: true, force: true });
  }
}

/** Every node_modules folder, the root's and those of workspaces, relative. */
async function modulesBelow(folder: string): Promise<string[]> {
  return (await moduleFolders(folder)).map((at) => path.relative(folder, at));
}

/** What tools write there while they run stays in its worktree. */
async function keepFolder({ folder }: InstallTarget, tree: string, inner: string): Promise<void> {
  await linkTree(path.join(folder, inner), path.join(tree, inner));
  for (const name of scratchNames) await rm(path.join(tree, inner, name), { recursive: true, force: true });
}

async function linkInto(from: string, { folder }: InstallTarget, inner: string): Promise<void> {
  if (!(await exists(from))) return;
  const target = path.join(folder, inner);
  const building = `${target}.suture`;
  await rm(building, { recursive: true, force: true });
  await linkTree(from, building);
  await rm(target, { recursive: true, force: true });
  await rename(building, target);
}

/** Hard links where the file system can, copies where it cannot. */
async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true });
  const linked = await run('cp', ['-al', '--', from, to], {
    cwd: path.dirname(to),
    env: {},
    timeoutMs: 5 * 60_000,
  });
  if (linked.exitCode === 0) return;
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

/** A link shares its file with every worktree, so nobody may write through one by accident. */
async function makeReadOnly(tree: string): Promise<void> {
  await eachFile(tree, async (file) => {
    const { mode } = await lstat(file);
    await chmod(file, mode & 0o555);
  });
}

/** Changes whenever a file comes, goes or is written to. */
async function fingerprintOf(tree: string): Promise<string> {
  const lines = await eachFile(tree, async (file) => {
    const { size, mtimeMs } = await lstat(file);
    return `${path.relative(tree, file)}\0${size}\0${Math.trunc(mtimeMs)}\0`;
  });
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** A large install has tens of thousands of files; so many are looked at together. */
const together = 128;

async function eachFile<T>(tree: string, work: (file: string) => Promise<T>): Promise<T[]> {
  const files = await filesBelow(tree);
  const results: T[] = [];
  for (let start = 0; start < files.length; start += together)
    results.push(...(await Promise.all(files.slice(start, start + together).map(work))));
  return results;
}

async function filesBelow(tree: string): Promise<string[]> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
}
