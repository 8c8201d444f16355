// Installs what the checks need, once per lock file. Scripts of packages never run.
// It must not know git: node_modules is kept out of changes by the mirror's exclude file.

import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { cachesOf } from './caches.ts';
import { installKey, keepInstall, useInstall } from './install-cache.ts';
import { installOthers } from './install-others.ts';
import { runInstall, type InstallPlace } from './install-run.ts';
import {
  exists,
  foldersWith,
  type Manifest,
  type PackageManager,
  packageManagerOf,
  readManifest,
} from './project.ts';

// `--git=git` because a committed .npmrc may name any program for it.
const safeNpm = ['--ignore-scripts', '--no-audit', '--no-fund', '--git=git'];

/**
 * Installs every topmost package of the worktree, and fetches what crates, modules and Python projects need.
 * Throws Refusal with the reason, Later when the registry is away.
 */
export async function installAll(root: string, place: InstallPlace): Promise<void> {
  const folders = await foldersWith(root, [], async (folder) =>
    needsInstall(await readManifest(path.join(root, folder))),
  );
  for (const folder of folders) await installOne(root, folder, place);
  await installOthers(root, place);
}

function needsInstall(manifest: Manifest | null): boolean {
  if (!manifest) return false;
  const packages = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies];
  return manifest.workspaces !== undefined || packages.some((list) => Object.keys(list ?? {}).length > 0);
}

async function installOne(root: string, folder: string, place: InstallPlace): Promise<void> {
  const { manager, lockFile } = await packageManagerOf(root, folder);
  const cwd = path.join(root, folder);
  // Committed, or put there by an earlier call: either way it is not ours to replace.
  if (await exists(path.join(cwd, 'node_modules'))) return;
  const caches = cachesOf(place.ground.dataDir, root);
  const args = await installArgs(manager, lockFile);
  const install = { manager, program: manager, args, root, folder, caches };
  const fresh = () => runInstall(install, place).catch((error: unknown) => withoutHalf(cwd, error));
  if (lockFile === null) return await fresh();
  const target = { folder: cwd, installs: caches.installs, key: await installKey(lockFile, cwd) };
  await mkdir(caches.installs, { recursive: true });
  if (await useInstall(target, place.log)) return;
  await fresh();
  await keepInstall(target, place.log);
}

async function withoutHalf(folder: string, error: unknown): Promise<never> {
  await rm(path.join(folder, 'node_modules'), { recursive: true, force: true });
  throw error;
}

async function installArgs(manager: PackageManager, lockFile: string | null): Promise<string[]> {
  if (manager === 'pnpm') return ['install', '--frozen-lockfile', '--ignore-scripts'];
  if (manager === 'yarn') {
    const modern = lockFile !== null && (await exists(path.join(path.dirname(lockFile), '.yarnrc.yml')));
    return modern
      ? ['install', '--immutable', '--mode=skip-build']
      : ['install', '--frozen-lockfile', '--ignore-scripts', '--non-interactive'];
  }
  if (lockFile === null) return ['install', '--no-save', '--no-package-lock', ...safeNpm];
  return ['ci', '--prefer-offline', ...safeNpm];
}
