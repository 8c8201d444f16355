// The test files that `node --test` of a package runs, and those of them that reach some files.

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { matchesPath } from '../../domain/proof/path-rules.ts';
import { readWithin } from '../../run/read-within.ts';
import { readManifest } from '../project.ts';
import { isScript, reaching } from './reach.ts';
import type { RunnerCall } from './runner-call.ts';

const mostFiles = 20_000;
/** As Node's manual has them, TypeScript included. */
const usual = [
  '**/{*.test,*-test,*_test,test-*,test}.{js,cjs,mjs,ts,cts,mts,tsx,jsx}',
  '**/test/**/*.{js,cjs,mjs,ts,cts,mts,tsx,jsx}',
];

/** Repository-relative; null when nobody can say. */
export async function nodeTestsReaching(
  targets: readonly string[],
  { patterns, options }: Pick<RunnerCall, 'patterns' | 'options'>,
  { root, folder }: { root: string; folder: string },
): Promise<string[] | null> {
  const files = await filesOf(root);
  if (files === null) return null;
  const wanted = patterns.map((one) => path.posix.normalize(one).replace(/\/$/, ''));
  // A pattern that only Node understands.
  if (wanted.some((pattern) => /[[\]()!+@]|^(?:\/|\.\.)/.test(pattern))) return null;
  const tests = files.filter((file) => isScript(file) && isWanted(path.posix.relative(folder, file), wanted));
  const ways = { root, folder, files: new Set(files), names: namesOf(root, files) };
  const preloaded = options
    .map((option) => path.posix.join(folder, option.replace(/^--[\w-]+=/, '')))
    .filter((file) => ways.files.has(file));
  const all = await reaching([...tests, ...preloaded], targets, ways);
  if (all === null) return null;
  const reach = new Set(all);
  const found = preloaded.some((file) => reach.has(file)) ? tests : tests.filter((file) => reach.has(file));
  // It would be taken for a pattern.
  return found.some((file) => /[*?[\]{}()!]/.test(file)) ? null : found;
}

/** Whether modules are found by rules that are not read here: those of TypeScript, where a loader keeps to them. */
export function hasAliases({ program, options }: RunnerCall, root: string, folder: string): boolean {
  if (![program, ...options].some((word) => /tsx|ts-node|tsm|swc|esbuild|tsconfig/.test(word))) return false;
  const text = readWithin(root, path.join(root, folder, 'tsconfig.json')) ?? '';
  return /"(?:paths|baseUrl|rootDirs|extends)"\s*:/.test(text);
}

/** A folder stands for the tests in it, as Node 20 has it. */
function isWanted(file: string, patterns: readonly string[]): boolean {
  if (file.startsWith('../')) return false;
  const isUsual = matches(file, usual);
  if (patterns.length === 0) return isUsual;
  return patterns.some(
    (one) => matches(file, [one]) || (isUsual && (one === '.' || file.startsWith(`${one}/`))),
  );
}

function matches(file: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesPath(`/${pattern}`, file));
}

/** Every file of the worktree, without packages and hidden folders; null when there are too many. */
async function filesOf(root: string): Promise<string[] | null> {
  const found: string[] = [];
  const ahead = ['.'];
  for (let folder = ahead.pop(); folder !== undefined; folder = ahead.pop()) {
    // A test may have left one that nobody can read.
    const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const place = path.posix.join(folder, entry.name);
      if (entry.isFile()) found.push(place);
      else if (entry.isDirectory() && !/^(?:\.|node_modules$)/.test(entry.name)) ahead.push(place);
    }
    if (found.length > mostFiles) return null;
  }
  return found.toSorted();
}

/** The names of the repository's packages, and `#` where one of them has names of its own for its files. */
function namesOf(root: string, files: readonly string[]): string[] {
  const folders = files
    .filter((file) => path.posix.basename(file) === 'package.json')
    .map((file) => path.posix.dirname(file));
  return folders.flatMap((folder) => {
    const { name, imports } = readManifest(root, folder) ?? {};
    return [...(name ? [name] : []), ...(imports === undefined ? [] : ['#'])];
  });
}
