// Finds the checks of a Rust crate or workspace. It must not run them.

import path from 'node:path';
import type { Check } from '../ports.ts';
import { exists, foldersWith } from './project.ts';

/** `cargo check` for each Cargo.toml at or above the paths. */
export async function findCargoChecks(root: string, paths: readonly string[]): Promise<Check[]> {
  return (await crates(root, paths)).map((dir) => crateCheck(dir, 'types', ['check', '--all-targets']));
}

/** `cargo test` for each Cargo.toml at or above the paths. */
export async function findCargoTests(root: string, paths: readonly string[]): Promise<Check[]> {
  return (await crates(root, paths)).map((dir) => crateCheck(dir, 'tests', ['test', '--no-fail-fast']));
}

function crates(root: string, paths: readonly string[]): Promise<string[]> {
  return foldersWith(root, paths, (folder) => exists(path.join(root, folder, 'Cargo.toml')));
}

function crateCheck(dir: string, kind: Check['kind'], args: string[]): Check {
  const name = ['cargo', ...args].join(' ');
  return { name: dir === '.' ? name : `${name} (${dir})`, kind, command: ['cargo', ...args], dir };
}
