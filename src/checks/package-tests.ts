// Finds the test script of a package. It must not run it.

import type { Check } from '../ports.ts';
import { foldersWith, packageManagerOf, readManifest } from './project.ts';
import { runnerScripts } from './runner-scripts.ts';

/** One check for each package at or above the paths that has a test script of its own. */
export async function findPackageTests(root: string, paths: readonly string[]): Promise<Check[]> {
  const folders = await foldersWith(root, paths, async (folder) => {
    const script = readManifest(root, folder)?.scripts?.['test'];
    return script !== undefined && script.trim() !== '' && !isPlaceholder(script);
  });
  return Promise.all(folders.map((folder) => testCheck(root, folder)));
}

/** What `npm init` writes. */
function isPlaceholder(script: string): boolean {
  return /no test specified/i.test(script);
}

async function testCheck(root: string, folder: string): Promise<Check> {
  const { manager } = await packageManagerOf(root, folder);
  const checkOf = (script: string, shown = script): Check => ({
    name: `${manager} ${shown}${folder === '.' ? '' : ` (${folder})`}`,
    kind: 'tests',
    command: [manager, 'run', '--silent', script],
    dir: folder,
  });
  const parts = runnerScripts(readManifest(root, folder) ?? {}).map((name) => checkOf(name, `run ${name}`));
  return { ...checkOf('test'), ...(parts.length > 0 ? { parts } : {}) };
}
