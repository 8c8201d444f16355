// Installs what the checks need, once per lock file. Scripts of packages never run.
// It must not know git: node_modules is kept out of changes by the mirror's exclude file.

import { rm } from 'node:fs/promises';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Later, Refusal } from '../domain/failure.ts';
import type { Log } from '../ports.ts';
import { run } from '../run.ts';
import { censorShapes } from '../run/censor.ts';
import { installEnvironment } from './environment.ts';
import { installKey, keepInstall, useInstall } from './install-cache.ts';
import {
  exists,
  foldersWith,
  type Manifest,
  type PackageManager,
  packageManagerOf,
  readManifest,
} from './project.ts';

export type InstallPlace = { installs: string; home: string; log: Log };

const timeoutMs = 15 * 60_000;

// `--git=git` because a committed .npmrc may name any program for it.
const safeNpm = ['--ignore-scripts', '--no-audit', '--no-fund', '--git=git'];

/** Installs every topmost package of the worktree. Throws Refusal with the reason, Later when the registry is away. */
export async function installAll(root: string, place: InstallPlace): Promise<void> {
  const folders = await foldersWith(root, [], async (folder) =>
    needsInstall(await readManifest(path.join(root, folder))),
  );
  for (const folder of folders) await installOne(root, folder, place);
}

function needsInstall(manifest: Manifest | null): boolean {
  if (!manifest) return false;
  const packages = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies];
  return manifest.workspaces !== undefined || packages.some((list) => Object.keys(list ?? {}).length > 0);
}

async function installOne(root: string, folder: string, place: InstallPlace): Promise<void> {
  const { manager, lockFile } = await packageManagerOf(root, folder);
  const install = {
    program: manager,
    args: await installArgs(manager, lockFile),
    cwd: path.join(root, folder),
  };
  // Committed, or put there by an earlier call: either way it is not ours to replace.
  if (await exists(path.join(install.cwd, 'node_modules'))) return;
  const env = installEnvironment(root, folder, place.home);
  if (manager !== 'npm' || lockFile === null) return await runInstall(install, env);
  const key = await installKey(lockFile, install.cwd);
  const target = { folder: install.cwd, lockFile, installs: place.installs, key };
  if (await useInstall(target, place.log)) return;
  await runInstall(install, env);
  await keepInstall(target, place.log);
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

async function runInstall(
  install: { program: string; args: string[]; cwd: string },
  env: Record<string, string>,
): Promise<void> {
  const result = await run(install.program, install.args, { cwd: install.cwd, env, timeoutMs });
  if (result.exitCode === 0 && !result.timedOut) return;
  await rm(path.join(install.cwd, 'node_modules'), { recursive: true, force: true });
  const output = readable(result.output);
  const what = `Installing the packages with ${install.program} ${install.args[0]}`;
  if (result.timedOut) throw new Refusal(`${what} did not finish within ${timeoutMs / 60_000} minutes.`);
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|network request.*failed|E50\d|E429/.test(output))
    throw new Later(
      `${what}: the package registry cannot be reached. It says: ${output.slice(0, 500)}`,
      60_000,
    );
  throw new Refusal(`${what} failed, so the checks cannot run. It says: ${output.slice(0, 1000)}`);
}

/** The reason comes first; usage and the place of a log file follow, which help nobody. */
function readable(output: string): string {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.replace(/^npm (?:error|ERR!)\s?/, '').trimEnd())
    .filter((line) => line !== '' && !line.startsWith('A complete log of this run'));
  const usage = lines.findIndex((line) => line.startsWith('Clean install a project') || line === 'Usage:');
  return censorShapes(lines.slice(0, usage < 0 ? lines.length : usage).join('\n'));
}
