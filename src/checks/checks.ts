// The checks room: finds, prepares and runs a repository's own checks.
// It must not change the repository and must not hand it a secret.

import type { Checks, Log } from '../ports.ts';
import type { Limits, Sandbox } from '../run/sandbox.ts';
import { cachesOf } from './caches.ts';
import { installAll } from './install.ts';
import { createRegistries } from './registries.ts';
import { runCheck } from './run-check.ts';
import { finders } from './table.ts';

export type ChecksOptions = {
  /** Absolute folder for installed packages and scratch homes. */
  dataDir: string;
  /** What the repository's programs run in. */
  sandbox: Sandbox;
  /** Hosts that installs may reach, besides those that this machine's package managers are set up for. */
  installHosts: readonly string[];
  log: Log;
  /** For one check; default 10 minutes. */
  timeoutMs?: number;
  limits?: Limits;
};

/** Each check runs in the sandbox with a minimal environment, a home of its own and limits. */
export function createChecks({ timeoutMs = 10 * 60_000, ...options }: ChecksOptions): Checks {
  const { sandbox, dataDir, log, installHosts, limits } = options;
  const ground = { sandbox, dataDir, ...(limits ? { limits } : {}) };
  const registries = createRegistries(dataDir);
  return {
    find: async (dir, paths) => {
      const caches = cachesOf(dataDir, dir);
      const found = await Promise.all(finders.map((find) => find(dir, paths, caches)));
      return found.flat();
    },
    install: (dir) => installAll(dir, { ground, registries, installHosts, log }),
    run: (check, dir) => runCheck(check, dir, { ground, timeoutMs }),
  };
}
