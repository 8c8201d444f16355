// Where package managers keep what they have fetched and built, a folder for each repository: what one repository's
// programs could have changed never reaches another. It must not fetch anything.

import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';

export type Caches = {
  /** Whole installs by lock file. */
  installs: string;
  /** What checks said, by commit. */
  baselines: string;
  /** Ours alone: no program of the repository may write them, not even while it installs. */
  ours: readonly string[];
  /** All of it, to read. */
  folder: string;
  /** What checks write, too: what they have compiled. */
  built: readonly string[];
  /** How checks find what was fetched. No network is needed, and none is asked for. */
  forChecks: Readonly<Record<string, string>>;
  /** How installs are told to put it there. */
  forInstalls: Readonly<Record<string, string>>;
};

const shared = {
  CARGO_HOME: 'cargo',
  CARGO_TARGET_DIR: 'target',
  GOMODCACHE: 'go-mod',
  GOCACHE: 'go-build',
  YARN_GLOBAL_FOLDER: 'yarn-global',
  COREPACK_HOME: 'corepack',
};
const whileInstalling = {
  npm_config_cache: 'npm',
  npm_config_store_dir: 'pnpm-store',
  YARN_CACHE_FOLDER: 'yarn',
  PIP_CACHE_DIR: 'pip',
};
/** Go protects what it has fetched from everybody, its owner included. */
const removable = { GOFLAGS: '-modcacherw' };
const offline = { CARGO_NET_OFFLINE: 'true', GOPROXY: 'off', GOTOOLCHAIN: 'local' };

/** The worktrees of a repository lie side by side in a folder of its own, so that folder names it. */
export function cachesOf(dataDir: string, root: string): Caches {
  const place = path.dirname(path.resolve(root));
  const hash = createHash('sha256').update(place).digest('hex').slice(0, 16);
  const folder = path.join(dataDir, 'caches', `${path.basename(place)}-${hash}`);
  const paths = (names: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(names).map(([name, inner]) => [name, path.join(folder, inner)]));
  const built = [path.join(folder, shared.CARGO_TARGET_DIR), path.join(folder, shared.GOCACHE)];
  for (const place of built) mkdirSync(place, { recursive: true });
  return {
    installs: path.join(folder, 'installs'),
    baselines: path.join(folder, 'baselines'),
    ours: ['installs', 'baselines', 'fetched'].map((name) => path.join(folder, name)),
    folder,
    built,
    forChecks: { ...paths(shared), ...offline },
    forInstalls: { ...paths(shared), ...paths(whileInstalling), GOTOOLCHAIN: 'local', ...removable },
  };
}
