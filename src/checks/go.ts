// Finds the checks of a Go module. It must not run them.

import path from 'node:path';
import type { Check } from '../ports.ts';
import { exists, foldersWith } from './project.ts';

/** `go vet` for each go.mod at or above the paths: it compiles everything, tests included. */
export async function findGoTypes(root: string, paths: readonly string[]): Promise<Check[]> {
  return (await modules(root, paths)).map((dir) => moduleCheck(dir, 'types', ['vet', './...']));
}

/** `go test` for each go.mod at or above the paths. */
export async function findGoTests(root: string, paths: readonly string[]): Promise<Check[]> {
  return (await modules(root, paths)).map((dir) => moduleCheck(dir, 'tests', ['test', './...']));
}

function modules(root: string, paths: readonly string[]): Promise<string[]> {
  return foldersWith(root, paths, (folder) => exists(path.join(root, folder, 'go.mod')));
}

function moduleCheck(dir: string, kind: Check['kind'], args: string[]): Check {
  const name = ['go', ...args].join(' ');
  return { name: dir === '.' ? name : `${name} (${dir})`, kind, command: ['go', ...args], dir };
}
