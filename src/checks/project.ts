// Finds out what kind of project lies in a worktree: packages, lock files, folders.
// It must not run anything and must not believe a file to be what its name says.

import { access, lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readWithin, realWithin } from '../run/read-within.ts';

const texts = z.record(z.string(), z.string()).catch({});
const manifest = z.object({
  name: z.string().optional().catch(undefined),
  scripts: texts.optional(),
  dependencies: texts.optional(),
  devDependencies: texts.optional(),
  optionalDependencies: texts.optional(),
  workspaces: z.unknown().optional(),
  imports: z.unknown().optional(),
  engines: z.object({ node: z.string().optional() }).optional().catch(undefined),
  volta: z.object({ node: z.string().optional() }).optional().catch(undefined),
});

/** What we read of a package.json. */
export type Manifest = z.infer<typeof manifest>;

export type PackageManager = 'npm' | 'pnpm' | 'yarn';

const lockFiles: readonly { file: string; manager: PackageManager }[] = [
  { file: 'package-lock.json', manager: 'npm' },
  { file: 'npm-shrinkwrap.json', manager: 'npm' },
  { file: 'pnpm-lock.yaml', manager: 'pnpm' },
  { file: 'yarn.lock', manager: 'yarn' },
];

/** Takes the worktree and a folder in it. Null when there is none or it is not JSON of that shape. */
export function readManifest(root: string, folder: string): Manifest | null {
  const text = readWithin(root, path.join(root, folder, 'package.json'));
  if (text === null) return null;
  try {
    return manifest.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The nearest lock file from this folder up to the worktree's root; npm without a file otherwise. */
export async function packageManagerOf(
  root: string,
  folder: string,
): Promise<{ manager: PackageManager; lockFile: string | null }> {
  for (const at of foldersUpTo(folder)) {
    for (const { file, manager } of lockFiles) {
      const lockFile = path.join(root, at, file);
      if (await exists(lockFile)) return { manager, lockFile };
    }
  }
  return { manager: 'npm', lockFile: null };
}

/** The repository-relative folder and every one above it, `.` last. */
export function foldersUpTo(folder: string): string[] {
  const parts = folder === '.' ? [] : folder.split('/');
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join('/')), '.'];
}

/**
 * The folders for which `has` holds: for each path the nearest at or above it; without paths the
 * topmost ones of the repository.
 */
export async function foldersWith(
  root: string,
  paths: readonly string[],
  has: (folder: string) => Promise<boolean>,
): Promise<string[]> {
  if (paths.length === 0) return topmost(root, '.', has);
  const found = new Set<string>();
  for (const folder of new Set(paths.map((file) => path.posix.dirname(file)))) {
    const nearest = await nearestAbove(folder, has);
    if (nearest !== null) found.add(nearest);
  }
  return [...found].toSorted();
}

async function nearestAbove(folder: string, has: (at: string) => Promise<boolean>): Promise<string | null> {
  for (const at of foldersUpTo(folder)) if (await has(at)) return at;
  return null;
}

const deepest = 3;

async function topmost(
  root: string,
  folder: string,
  has: (at: string) => Promise<boolean>,
): Promise<string[]> {
  if (await has(folder)) return [folder];
  if (folder !== '.' && folder.split('/').length >= deepest) return [];
  const entries = await readdir(path.join(root, folder), { withFileTypes: true });
  const inner = entries.filter((entry) => entry.isDirectory() && !/^(?:\.|node_modules$)/.test(entry.name));
  const lists = await Promise.all(
    inner.map((entry) => topmost(root, path.posix.join(folder, entry.name), has)),
  );
  return lists.flat().toSorted();
}

/** True when something of that name is there. */
export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** The names in a folder of the worktree; none where it is missing or leads out. */
export async function namesIn(root: string, folder: string): Promise<string[]> {
  const place = realWithin(root, path.join(root, folder));
  return place === null ? [] : readdir(place).catch(() => []);
}

/** True for a folder itself, not for a link to one. */
export async function isFolder(place: string): Promise<boolean> {
  return (await lstat(place).catch(() => null))?.isDirectory() ?? false;
}
