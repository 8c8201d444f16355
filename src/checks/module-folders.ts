// Finds the installed packages of a worktree, and what tools may write among them. It must not look inside packages.

import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { isFolder } from './project.ts';

const deepest = 4;

/** Every `node_modules` of the worktree that is not inside another, workspaces' included. */
export async function moduleFolders(root: string, depth = 0): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const lists = folders.map(async ({ name }) => {
    const folder = path.join(root, name);
    if (name === 'node_modules') return [folder];
    return depth < deepest ? moduleFolders(folder, depth + 1) : [];
  });
  return (await Promise.all(lists)).flat();
}

/** Where tools keep what they have worked out, below `node_modules`; a worktree's own, so it may be written. */
export const scratchNames = ['.cache', '.vite', '.vite-temp', '.vitest'];

/** Makes them where they are missing. */
export async function scratchFolders(modules: readonly string[]): Promise<string[]> {
  const places = modules.flatMap((folder) => scratchNames.map((name) => path.join(folder, name)));
  const made = places.map(async (place) => {
    // Committed as a file or a link: then it stays what it is.
    await mkdir(place).catch(() => undefined);
    return (await isFolder(place)) ? [place] : [];
  });
  return (await Promise.all(made)).flat();
}
