// Finds out which tools a Python project is set up for, from its files. It must not run any.

import path from 'node:path';
import { exists, namesIn } from '../project.ts';
import { readPyProject } from './pyproject.ts';

/** Tools that say what is wrong without running the project, and where they are set up beside pyproject.toml. */
export const typeTools = [
  { tool: 'mypy', files: ['mypy.ini', '.mypy.ini'], args: ['-m', 'mypy', '--no-color-output', '.'] },
  { tool: 'pyright', files: ['pyrightconfig.json'], args: ['-m', 'pyright'] },
  {
    tool: 'ruff',
    files: ['ruff.toml', '.ruff.toml'],
    args: ['-m', 'ruff', 'check', '--output-format=concise', '.'],
  },
] as const;

/** Everything the project is set up for: sections of pyproject.toml, files of their own. */
export async function toolsOf(root: string, folder: string): Promise<string[]> {
  const { tools } = readPyProject(root, folder);
  const byFile = typeTools.map(async ({ tool, files }) => {
    const found = await Promise.all(files.map((name) => exists(path.join(root, folder, name))));
    return found.some(Boolean) ? [tool] : [];
  });
  const runner = await testRunnerOf(root, folder);
  return [
    ...new Set([...tools, ...(await Promise.all(byFile)).flat(), ...(runner === 'pytest' ? ['pytest'] : [])]),
  ];
}

/** pytest where anything speaks of it; else unittest where there are files that it would find. */
export async function testRunnerOf(root: string, folder: string): Promise<'pytest' | 'unittest' | null> {
  const { tools, packages } = readPyProject(root, folder);
  const names = await namesIn(root, folder);
  const signs = ['pytest.ini', 'conftest.py', 'tests/conftest.py', 'test/conftest.py'];
  const marked = await Promise.all(signs.map((name) => exists(path.join(root, folder, name))));
  if (tools.includes('pytest') || packages.some((name) => /^pytest\b/i.test(name)) || marked.some(Boolean))
    return 'pytest';
  const inner = await Promise.all(['tests', 'test'].map((name) => namesIn(root, path.join(folder, name))));
  return [...names, ...inner.flat()].some((name) => /^test.*\.py$/.test(name)) ? 'unittest' : null;
}
