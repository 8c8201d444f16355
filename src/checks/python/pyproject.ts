// Reads what a pyproject.toml says of packages and tools. It must not run Python, and a broken file says nothing.

import path from 'node:path';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { readWithin } from '../../run/read-within.ts';

const list = z.array(z.unknown()).transform((all) => all.filter((one) => typeof one === 'string'));
const lists = z.record(z.string(), list.catch([])).catch({});
const shape = z.object({
  project: z
    .object({ dependencies: list.catch([]).default([]), 'optional-dependencies': lists.default({}) })
    .optional()
    .catch(undefined),
  'dependency-groups': lists.default({}),
  tool: z.record(z.string(), z.unknown()).catch({}).default({}),
});

export type PyProject = {
  /** What the project needs, and what its development and tests need, as pip takes it. */
  packages: readonly string[];
  /** Names of the tools that have a section. */
  tools: readonly string[];
};

const ofDevelopment =
  /^(?:dev|develop|development|tests?|testing|lint|types?|typing|typecheck|check|ci|all)$/i;

/** Takes the worktree and a folder in it. Nothing for a folder without one. */
export function readPyProject(root: string, folder: string): PyProject {
  const text = readWithin(root, path.join(root, folder, 'pyproject.toml')) ?? '';
  const { project, 'dependency-groups': groups, tool } = shape.parse(parsed(text));
  const further = { ...project?.['optional-dependencies'], ...groups };
  const chosen = Object.entries(further).filter(([name]) => ofDevelopment.test(name));
  const packages = [...(project?.dependencies ?? []), ...chosen.flatMap(([, names]) => names)];
  // A line that starts with a dash would be an option of pip.
  return { packages: packages.filter((name) => /^[A-Za-z0-9]/.test(name)), tools: Object.keys(tool) };
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return {};
  }
}
