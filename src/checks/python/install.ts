// Says how the packages of a Python project are installed: into an environment of its own outside the worktree.
// Only prebuilt packages: building one would run its code.

import { createHash } from 'node:crypto';
import path from 'node:path';
import { readWithin } from '../../run/read-within.ts';
import type { Caches } from '../kept/caches.ts';
import type { Fetch } from '../install/others.ts';
import { exists, foldersWith, namesIn } from '../project.ts';
import { readPyProject } from './pyproject.ts';
import { toolsOf } from './tools.ts';

/** Files that make a folder a Python project. */
export const pythonMarks = ['pyproject.toml', 'setup.cfg', 'setup.py', 'requirements.txt'];

/** The Python projects at or above the paths; the topmost ones without paths. */
export function pythonFolders(root: string, paths: readonly string[]): Promise<string[]> {
  return foldersWith(root, paths, async (folder) => {
    const marks = await Promise.all(pythonMarks.map((name) => exists(path.join(root, folder, name))));
    return marks.some(Boolean);
  });
}

/** Where the environment of that project lies: the same for the same files that name its packages. */
export async function environmentOf(root: string, folder: string, caches: Caches): Promise<string> {
  const hash = createHash('sha256').update(folder);
  for (const name of await namingFiles(root, folder))
    hash.update(name).update(readWithin(root, path.join(root, folder, name)) ?? '');
  return path.join(caches.folder, 'python', hash.digest('hex').slice(0, 32));
}

async function namingFiles(root: string, folder: string): Promise<string[]> {
  const names = (await namesIn(root, folder)).toSorted();
  return names.filter((name) => requirements.test(name) || ['pyproject.toml', 'setup.cfg'].includes(name));
}

const requirements = /^(?:requirements|dev-requirements|test-requirements)[\w.-]*\.txt$/;

/** Those that checks are found for; other sections of pyproject.toml may name anything. */
const installable = ['pytest', 'mypy', 'pyright', 'ruff'];

/** 1. an environment  2. what requirement files and pyproject.toml name  3. the tools that the project is set up for */
export async function pythonInstalls(root: string, caches: Caches): Promise<Fetch[]> {
  const folders = await pythonFolders(root, []);
  return Promise.all(
    folders.map(async (folder) => {
      const environment = await environmentOf(root, folder, caches);
      const files = await namingFiles(root, folder);
      const lists = files.filter((name) => requirements.test(name)).flatMap((name) => ['-r', name]);
      const { packages } = readPyProject(root, folder);
      const tools = (await toolsOf(root, folder)).filter((tool) => installable.includes(tool));
      const named = [...packages, ...tools];
      const pip = [path.join(environment, 'bin/python'), '-m', 'pip', 'install', '--only-binary', ':all:'];
      const install = lists.length + named.length > 0 ? [[...pip, ...lists, ...named]] : [];
      const local = [['python3', '-m', 'venv', environment]];
      return { manager: 'pip' as const, folder, files, local, commands: install };
    }),
  );
}
