// Finds the checks of a Python project: pytest or unittest, and the type checkers and linters it is set up for.
// It must not run them.

import { utimes } from 'node:fs/promises';
import path from 'node:path';
import type { Check } from '../../ports.ts';
import type { Caches } from '../kept/caches.ts';
import { environmentOf, pythonFolders } from './install.ts';
import { testRunnerOf, toolsOf, typeTools } from './tools.ts';

/** The type checkers and linters of each project at or above the paths. */
export function findPythonTypes(root: string, paths: readonly string[], caches: Caches): Promise<Check[]> {
  return inEach(root, paths, async (folder) => {
    const tools = await toolsOf(root, folder);
    const chosen = typeTools.filter(({ tool }) => tools.includes(tool));
    const program = await pythonOf(root, folder, caches);
    return chosen.map(({ tool, args }) => check(tool, 'types', { command: [program, ...args], dir: folder }));
  });
}

/** The tests of each project at or above the paths. */
export function findPythonTests(root: string, paths: readonly string[], caches: Caches): Promise<Check[]> {
  return inEach(root, paths, async (folder) => {
    const runner = await testRunnerOf(root, folder);
    if (runner === null) return [];
    const args = runner === 'pytest' ? pytest : ['-m', 'unittest', 'discover'];
    const command = [await pythonOf(root, folder, caches), ...args];
    return [check(runner, 'tests', { command, dir: folder })];
  });
}

async function inEach(
  root: string,
  paths: readonly string[],
  find: (folder: string) => Promise<Check[]>,
): Promise<Check[]> {
  const folders = await pythonFolders(root, paths);
  return (await Promise.all(folders.map(find))).flat();
}

/** A file that cannot be imported must not keep the others from being run: they would prove nothing then. */
const pytest = ['-m', 'pytest', '-q', '-rfE', '--color=no', '--continue-on-collection-errors'];

function check(name: string, kind: Check['kind'], rest: Pick<Check, 'command' | 'dir'>): Check {
  return { name: rest.dir === '.' ? name : `${name} (${rest.dir})`, kind, ...rest };
}

async function pythonOf(root: string, folder: string, caches: Caches): Promise<string> {
  const environment = await environmentOf(root, folder, caches);
  // So that it is not taken for one that nobody uses; before the first install it is not there.
  await utimes(environment, new Date(), new Date()).catch(() => undefined);
  return path.join(environment, 'bin/python');
}
