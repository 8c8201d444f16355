// Every kind of check there is, cheapest first. A new language or runner is one file and one line.

import type { Check } from '../ports.ts';
import type { Caches } from './kept/caches.ts';
import { findCargoChecks, findCargoTests } from './cargo.ts';
import { findGoTests, findGoTypes } from './go.ts';
import { findPackageTests } from './package-tests.ts';
import { findPythonTests, findPythonTypes } from './python/checks.ts';
import { findTypeChecks } from './typescript.ts';

/** Takes the worktree, repository-relative paths (none: the whole repository), and where installs are kept. */
type Finder = (root: string, paths: readonly string[], caches: Caches) => Promise<Check[]>;

export const finders: readonly Finder[] = [
  findTypeChecks,
  findPythonTypes,
  findGoTypes,
  findCargoChecks,
  findPackageTests,
  findPythonTests,
  findGoTests,
  findCargoTests,
];
