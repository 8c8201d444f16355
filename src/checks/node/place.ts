// Where the Nodes lie that repositories are made for, and how a program gets to use one. It must not fetch any.

import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { systemPath } from '../environment.ts';
import { exists } from '../project.ts';
import { wantedNode } from './wanted.ts';

export type ProjectNode = {
  version: string;
  /** Folders that come before this machine's own on PATH. */
  path: string[];
  /** The folder of all of them, which must not be cleared while one is in use. */
  caches: string;
};

/** The package of npm's registry that holds a Node for this machine, without npm. */
export const nodePackage = `node-${process.platform}-${process.arch}`;

/** The folder for what a range asks for, and the one that holds all of those. */
export function nodePlace(dataDir: string, range: string): { folder: string; caches: string } {
  const caches = path.join(dataDir, 'caches', 'nodes');
  const hash = createHash('sha256').update(range).digest('hex').slice(0, 8);
  const name = `${range.replace(/[^\w.]+/g, '_').slice(0, 20)}-${hash}`;
  return { folder: path.join(caches, name), caches };
}

/** The one that this worktree's programs run on; null for Suture's own: it will do, or the other was not fetched. */
export async function nodeFor(dataDir: string, root: string): Promise<ProjectNode | null> {
  const wanted = await wantedNode(root);
  if (wanted === null) return null;
  const { folder, caches } = nodePlace(dataDir, wanted.range);
  const version = await versionIn(folder);
  if (version === null) return null;
  return { version, path: [await shims(folder), binOf(folder)], caches };
}

/** Null where none was fetched. */
export async function versionIn(folder: string): Promise<string | null> {
  const file = path.join(folder, 'node_modules', nodePackage, 'package.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null || !(await exists(path.join(binOf(folder), 'node')))) return null;
  // Some of these packages write it with a v.
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version.replace(/^v/, '');
}

export function binOf(folder: string): string {
  return path.join(folder, 'node_modules', nodePackage, 'bin');
}

/**
 * The package managers of this machine need a newer Node than the repository's programs may: they run on ours, and what
 * they start finds the other one on PATH. yarn starts everything with the Node that it runs on itself.
 */
const managers = ['npm', 'npx', 'pnpm'];

/** Written anew at each use: Suture's Node may lie elsewhere since the last one. */
async function shims(folder: string): Promise<string> {
  const place = path.join(folder, 'shims');
  await mkdir(place, { recursive: true });
  for (const name of managers) {
    const script = await scriptOf(name);
    if (script === null) continue;
    const text = `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(script)} "$@"\n`;
    const file = path.join(place, name);
    if ((await readFile(file, 'utf8').catch(() => null)) === text) continue;
    await writeFile(file, text);
    await chmod(file, 0o755);
  }
  return place;
}

/** Null where it is missing, or no script for Node: then it knows itself what to run on. */
async function scriptOf(name: string): Promise<string | null> {
  for (const folder of systemPath()) {
    const place = await realpath(path.join(folder, name)).catch(() => null);
    if (place !== null) return /\.[cm]?js$/.test(place) ? place : null;
  }
  return null;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
