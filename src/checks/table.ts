// Every kind of check there is, cheapest first. A new language or runner is one file and one line.

import type { Check } from '../ports.ts';
import { findCargoChecks, findCargoTests } from './cargo.ts';
import { findPackageTests } from './package-tests.ts';
import { findTypeChecks } from './typescript.ts';

/** Takes the worktree and repository-relative paths (none: the whole repository). */
export type Finder = (root: string, paths: readonly string[]) => Promise<Check[]>;

export const finders: readonly Finder[] = [findTypeChecks, findCargoChecks, findPackageTests, findCargoTests];
