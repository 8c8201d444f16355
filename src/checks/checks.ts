// The checks room: finds, prepares and runs a repository's own checks.
// It must not change the repository and must not hand it a secret.

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Checks, Log } from '../ports.ts';
import { formatLines } from './format.ts';
import { installAll } from './install.ts';
import { runnerOf, runOne } from './run-one.ts';
import { runCheck } from './run-check.ts';
import { finders } from './table.ts';

export type ChecksOptions = {
  /** Absolute folder for installed packages and a scratch home. */
  dataDir: string;
  log: Log;
  /** For one check; default 10 minutes. */
  timeoutMs?: number;
};

/** One test file that takes longer shows nothing. */
const oneTestMs = 2 * 60_000;

/** Each check runs in the worktree with a minimal environment and a time limit. */
export function createChecks({ dataDir, log, timeoutMs = 10 * 60_000 }: ChecksOptions): Checks {
  const home = path.join(dataDir, 'home');
  return {
    find: async (dir, paths) => {
      const found = await Promise.all(finders.map((find) => find(dir, paths)));
      return found.flat();
    },
    install: async (dir) => {
      await mkdir(home, { recursive: true });
      await installAll(dir, { installs: path.join(dataDir, 'installs'), home, log });
    },
    run: async (check, dir) => {
      await mkdir(home, { recursive: true });
      return runCheck(check, dir, { home, timeoutMs });
    },
    format: async (file, lines, dir) => {
      await mkdir(home, { recursive: true });
      return formatLines(file, lines, { root: dir, home });
    },
    runnerOf,
    runOne: async (file, dir) => {
      await mkdir(home, { recursive: true });
      return runOne(file, dir, { home, timeoutMs: Math.min(timeoutMs, oneTestMs) });
    },
  };
}
