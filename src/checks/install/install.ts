// Installs what the checks need, once per lock file. Scripts of packages never run.
// It must not know git: node_modules is kept out of changes by the mirror's exclude file.

import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { nodeOn } from '../ground.ts';
import { cachesOf } from '../kept/caches.ts';
import { installKey, keepInstall, useInstall } from './kept.ts';
import { installOthers } from './others.ts';
import { npmWayOut } from './npm-ways-out.ts';
import { forgiving, isWanted } from './wanted.ts';
import { type Install, type InstallPlace, InstallRefusal, runInstall } from './run-install.ts';
import {
  exists,
  foldersWith,
  type Manifest,
  type PackageManager,
  packageManagerOf,
  readManifest,
} from '../project.ts';

// `--git=git` because a committed .npmrc may name any program for it.
// It runs on our Node, whatever the repository's programs are made for, so it must not insist.
const safeNpm = ['--ignore-scripts', '--no-audit', '--no-fund', '--git=git', '--engine-strict=false'];

/**
 * Installs every topmost package of the worktree, and fetches what crates, modules and Python projects need.
 * Gives what people should know of it. Throws Refusal with the reason, unless none of the paths (all when empty) is
 * written for it; Later when the registry is away.
 */
export async function installAll(
  root: string,
  paths: readonly string[],
  place: InstallPlace,
): Promise<string[]> {
  const folders = await foldersWith(root, [], async (folder) => needsInstall(readManifest(root, folder)));
  const notes: string[] = [];
  for (const folder of folders) {
    const wanted = isWanted({ manager: 'npm', folder }, paths);
    notes.push(...(await forgiving(wanted, () => installOne(root, folder, place))));
  }
  return [...notes, ...(await installOthers(root, paths, place))];
}

function needsInstall(manifest: Manifest | null): boolean {
  if (!manifest) return false;
  const packages = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies];
  return manifest.workspaces !== undefined || packages.some((list) => Object.keys(list ?? {}).length > 0);
}

async function installOne(root: string, folder: string, place: InstallPlace): Promise<string[]> {
  const { manager, lockFile } = await packageManagerOf(root, folder);
  const cwd = path.join(root, folder);
  // Committed, or put there by an earlier call: either way it is not ours to replace.
  if (await exists(path.join(cwd, 'node_modules'))) return [];
  const caches = cachesOf(place.ground.dataDir, root);
  const args = await installArgs(manager, lockFile);
  const install = { managers: [manager], program: manager, args, root, folder, caches };
  const fresh = () => installFresh(install, place).catch((error: unknown) => withoutHalf(cwd, error));
  if (lockFile === null) return await fresh();
  const node = (await nodeOn(place.ground, root))?.version ?? process.versions.node;
  const target = {
    folder: cwd,
    installs: caches.installs,
    key: installKey(root, { lockFile, folder: cwd, node }),
  };
  await mkdir(caches.installs, { recursive: true });
  const kept = await useInstall(target, place.log);
  if (kept !== null) return kept;
  const notes = await fresh();
  await keepInstall(target, notes, place.log);
  return notes;
}

async function installFresh(install: Install, place: InstallPlace): Promise<string[]> {
  try {
    await runInstall(install, place);
    return [];
  } catch (error) {
    const isRefused = install.program === 'npm' && error instanceof InstallRefusal;
    const way = isRefused ? npmWayOut(install, error.said) : null;
    if (way === null) throw error;
    await rm(path.join(install.root, install.folder, 'node_modules'), { recursive: true, force: true });
    return [way.note, ...(await installFresh({ ...install, args: way.args }, place))];
  }
}

async function withoutHalf(folder: string, error: unknown): Promise<never> {
  await rm(path.join(folder, 'node_modules'), { recursive: true, force: true });
  throw error;
}

async function installArgs(manager: PackageManager, lockFile: string | null): Promise<string[]> {
  if (manager === 'pnpm')
    return ['install', '--frozen-lockfile', '--ignore-scripts', '--config.engine-strict=false'];
  if (manager === 'yarn') {
    const modern = lockFile !== null && (await exists(path.join(path.dirname(lockFile), '.yarnrc.yml')));
    return modern
      ? ['install', '--immutable', '--mode=skip-build']
      : ['install', '--frozen-lockfile', '--ignore-scripts', '--non-interactive', '--ignore-engines'];
  }
  if (lockFile === null) return ['install', '--no-save', '--no-package-lock', ...safeNpm];
  return ['ci', '--prefer-offline', ...safeNpm];
}
