// The checks room: finds, prepares and runs a repository's own checks.
// It must not change the repository and must not hand it a secret.

import type { Check, Checks, Log } from '../ports.ts';
import type { Limits, Sandbox } from '../run/sandbox.ts';
import { runUnlessSlow } from './kept/slow.ts';
import { whileUsing } from './kept/cache-use.ts';
import { cachesOf } from './kept/caches.ts';
import { formatLines } from './format/format.ts';
import type { Ground } from './ground.ts';
import { installAll } from './install/install.ts';
import { installOwn } from './install/own.ts';
import type { InstallPlace } from './install/run-install.ts';
import { fetchNode } from './node/fetch.ts';
import { createRegistries } from './install/registries.ts';
import { related } from './related/related.ts';
import { runnerOf, runOne } from './run-one.ts';
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
  /** Run everything on Suture's own Node, whatever a repository asks for. */
  ownNode?: boolean;
  /** For one check; default 10 minutes. */
  timeoutMs?: number;
  /** For all tests at the base, where those of some files alone can be run; default 3 minutes. */
  cheapMs?: number;
  limits?: Limits;
};

/** One test file that takes longer, with what must be compiled for it, shows nothing. */
const oneTestMs = 4 * 60_000;

/** Each check runs in the sandbox with a minimal environment, a home of its own and limits. */
export function createChecks({
  timeoutMs = 10 * 60_000,
  cheapMs = 3 * 60_000,
  ...options
}: ChecksOptions): Checks {
  const { sandbox, dataDir, log, installHosts, limits, ownNode = false } = options;
  const groundUntil = (stop?: AbortSignal): Ground => ({
    sandbox,
    dataDir,
    ownNode,
    ...(limits ? { limits } : {}),
    ...(stop ? { stop } : {}),
  });
  const registries = createRegistries(dataDir);
  return {
    find: async (dir, paths) => {
      const caches = cachesOf(dataDir, dir);
      const found = await Promise.all(finders.map((find) => find(dir, paths, caches)));
      return found.flat();
    },
    install: (dir, { given = [], paths = [] } = {}, stop) => {
      const place = { ground: groundUntil(stop), registries, installHosts, log };
      const install = () => installFor(dir, { given, paths }, place);
      return whileUsing(cachesOf(dataDir, dir).folder, install);
    },
    run: (check, dir, stop) =>
      timed(log, check.name, runCheck(check, dir, { ground: groundUntil(stop), timeoutMs })),
    runAtBase: (check, dir, { commit, fresh, whole = false }, stop) => {
      const at = { commit, fresh, whole, ground: groundUntil(stop), timeoutMs, cheapMs };
      return timed(log, `${check.name}, at the base`, runUnlessSlow(check, dir, at));
    },
    related: (check, paths, dir, stop) => related(check, paths, { root: dir, ground: groundUntil(stop) }),
    format: (file, lines, dir) => formatLines(file, lines, { root: dir, ground: groundUntil() }),
    runnerOf,
    runOne: (file, dir, stop) => {
      const how = { ground: groundUntil(stop), timeoutMs: Math.min(timeoutMs, oneTestMs) };
      return timed(log, 'one test', runOne(file, dir, how));
    },
  };
}

/** What the lock files ask for, unless every check says what it needs itself; then that, each once. */
async function installFor(
  dir: string,
  { given, paths }: { given: readonly Check[]; paths: readonly string[] },
  place: InstallPlace,
): Promise<string[]> {
  const node = place.ground.ownNode === true ? [] : await fetchNode(dir, place);
  const own = given.flatMap(({ install }) => install ?? []);
  const usual = own.length < given.length || given.length === 0;
  const notes = usual ? await installAll(dir, paths, place) : [];
  const once = new Map(own.map((install) => [JSON.stringify(install), install]));
  for (const install of once.values()) await installOwn(dir, install, place);
  return [...node, ...notes];
}

/** So that an operator sees where the time goes. */
async function timed<T>(log: Log, check: string, running: Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await running;
  log.info({ check, ms: Math.round(performance.now() - started) }, 'a check has run');
  return result;
}
