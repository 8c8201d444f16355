// The crate round a file: its manifest's words, its other files, and the paths of its modules.
// It only reads, and reads the other files no sooner than somebody asks.

import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { readWithin } from '../../run/read-within.ts';

export type CrateFile = {
  /** Repository path. */
  path: string;
  text: string;
};

export type Crate = {
  /** The oldest compiler that the crate promises to build with, `[1, 80]`; null when it promises none. */
  rustVersion: readonly [number, number] | null;
  /** Every file of the crate that was written by hand. */
  files(): readonly CrateFile[];
  /** `crate::utils::text` for the file; null when it belongs to no module tree. */
  modulePath(path: string): string | null;
};

/** The crate that holds the file, `root` and `path` absolute; null when no Cargo.toml does. */
export function openCrate(root: string, path: string): Crate | null {
  const folder = foldersUp(root, path).find((at) => existsSync(join(at, 'Cargo.toml')));
  if (folder === undefined) return null;
  let files: CrateFile[] | null = null;
  return {
    rustVersion: rustVersionOf(root, folder),
    files: () => (files ??= readFiles(root, folder)),
    modulePath: (file) => modulePath(posix.relative(toPosix(relative(root, folder)), file)),
  };
}

function foldersUp(root: string, path: string): string[] {
  const folders: string[] = [];
  for (let at = dirname(path); at.startsWith(root); at = dirname(at)) {
    folders.push(at);
    if (at === root) break;
  }
  return folders;
}

/** `rust-version`, the crate's own or what it takes over from its workspace. */
function rustVersionOf(root: string, folder: string): readonly [number, number] | null {
  const own = readWithin(root, join(folder, 'Cargo.toml')) ?? '';
  const inherits = /^\s*rust-version(?:\.workspace\s*=\s*true|\s*=\s*\{\s*workspace\s*=\s*true)/m.test(own);
  const manifests = inherits
    ? foldersUp(root, join(folder, 'Cargo.toml')).map((at) => join(at, 'Cargo.toml'))
    : [join(folder, 'Cargo.toml')];
  for (const manifest of manifests.filter((file) => existsSync(file))) {
    const found = /^\s*rust-version\s*=\s*["'](\d+)\.(\d+)/m.exec(readWithin(root, manifest) ?? '');
    if (found) return [Number(found[1]), Number(found[2])];
  }
  return null;
}

const mostFiles = 4000;
const largestFile = 1024 * 1024;

function readFiles(root: string, folder: string): CrateFile[] {
  const found: CrateFile[] = [];
  const waiting = [join(folder, 'src')];
  for (let at = waiting.pop(); at !== undefined && found.length < mostFiles; at = waiting.pop()) {
    for (const entry of existsSync(at) ? readdirSync(at, { withFileTypes: true }) : []) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile() && entry.name.endsWith('.rs') && lstatSync(path).size <= largestFile)
        found.push({ path: toPosix(relative(root, path)), text: readFileSync(path, 'utf8') });
    }
  }
  return found.toSorted((left, right) => (left.path < right.path ? -1 : 1));
}

function modulePath(inCrate: string): string | null {
  const inner = /^src\/(.+)\.rs$/.exec(inCrate)?.[1];
  if (inner === undefined) return null;
  const names = inner.split('/');
  if (names.at(-1) === 'mod' || inner === 'lib' || inner === 'main') names.pop();
  return ['crate', ...names].join('::');
}

function toPosix(path: string): string {
  return path.split(sep).join('/');
}
