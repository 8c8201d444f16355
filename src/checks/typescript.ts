// Finds the type check of a TypeScript project. It must not run it.

import path from 'node:path';
import type { Check } from '../ports.ts';
import { readWithin } from '../run/read-within.ts';
import { exists, foldersUpTo, foldersWith, packageManagerOf, readManifest } from './project.ts';

const scriptNames = ['typecheck', 'type-check', 'types', 'check-types', 'check:types', 'tsc'];

/** One check for each tsconfig.json at or above the paths, where the project depends on TypeScript. */
export async function findTypeChecks(root: string, paths: readonly string[]): Promise<Check[]> {
  const folders = await foldersWith(root, paths, (folder) =>
    exists(path.join(root, folder, 'tsconfig.json')),
  );
  const checks = await Promise.all(folders.map((folder) => typeCheckIn(root, folder)));
  return checks.filter((check) => check !== null);
}

async function typeCheckIn(root: string, folder: string): Promise<Check | null> {
  const script = typeScript(root, folder);
  if (script !== null) {
    const { manager } = await packageManagerOf(root, folder);
    const command = [manager, 'run', '--silent', script];
    return { name: named(`${manager} run ${script}`, folder), kind: 'types', command, dir: folder };
  }
  if (!(await hasTypeScript(root, folder))) return null;
  const args = onlyReferences(root, folder) ? ['--build', '--noEmit'] : ['--noEmit'];
  const command = ['tsc', ...args, '--pretty', 'false'];
  return { name: named(`tsc ${args.join(' ')}`, folder), kind: 'types', command, dir: folder };
}

/** The project's own script, where it is surely a check: one that writes files is not. */
function typeScript(root: string, folder: string): string | null {
  const scripts = readManifest(root, folder)?.scripts ?? {};
  const isCheck = (name: string) =>
    /\btsc\b.*--noEmit\b/.test(scripts[name] ?? '') && !/--watch|-w\b/.test(scripts[name] ?? '');
  return scriptNames.find(isCheck) ?? null;
}

async function hasTypeScript(root: string, folder: string): Promise<boolean> {
  for (const at of foldersUpTo(folder)) {
    const manifest = readManifest(root, at);
    if ({ ...manifest?.dependencies, ...manifest?.devDependencies }['typescript'] !== undefined) return true;
    if (await exists(path.join(root, at, 'node_modules/.bin/tsc'))) return true;
  }
  return false;
}

/** A tsconfig.json that lists no file of its own checks nothing unless it is built. */
function onlyReferences(root: string, folder: string): boolean {
  const text = readWithin(root, path.join(root, folder, 'tsconfig.json')) ?? '';
  return /"references"\s*:/.test(text) && /"files"\s*:\s*\[\s*\]/.test(text) && !/"include"\s*:/.test(text);
}

function named(name: string, folder: string): string {
  return folder === '.' ? name : `${name} (${folder})`;
}
