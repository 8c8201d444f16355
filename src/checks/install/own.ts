// Runs the install that a repository names itself, and keeps what it made for as long as the files it named stay the same.
// It must not keep what would be wrong in another folder.

import { createHash, randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, rename, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { OwnInstall } from '../../ports.ts';
import { run } from '../../run.ts';
import { readWithin } from '../../run/read-within.ts';
import { nodeOn } from '../ground.ts';
import { type Caches, cachesOf } from '../kept/caches.ts';
import { type InstallPlace, runInstall } from './run-install.ts';
import { exists } from '../project.ts';
import type { Manager } from './registries.ts';

/** Throws Refusal with the reason, Later when a registry is away. */
export async function installOwn(
  root: string,
  { command, cache }: OwnInstall,
  place: InstallPlace,
): Promise<void> {
  const caches = cachesOf(place.ground.dataDir, root);
  const [program = '', ...args] = command;
  const managers = await managersFor(root, command);
  const fresh = () => runInstall({ managers, program, args, root, folder: '.', caches }, place);
  if (cache.length === 0) return await fresh();
  const node = (await nodeOn(place.ground, root))?.version ?? process.versions.node;
  const kept = path.join(caches.installs, `own-${keyOf(root, { command, cache }, node)}`);
  if (await exists(kept)) {
    await utimes(kept, new Date(), new Date());
    return await copyInner(kept, root);
  }
  const before = await listed(root);
  await fresh();
  await keep({ root, kept, caches }, await madeSince(root, before), place);
}

function keyOf(root: string, { command, cache }: OwnInstall, node: string): string {
  const hash = createHash('sha256').update(JSON.stringify([command, cache, node, process.arch]));
  for (const file of cache) hash.update(`\0${readWithin(root, file) ?? ''}`);
  return hash.digest('hex').slice(0, 32);
}

const signs: Readonly<Record<Manager, { names: RegExp; files: readonly string[] }>> = {
  npm: { names: /\b(?:npm|npx)\b/, files: ['package.json'] },
  pnpm: { names: /\bpnpm\b/, files: ['pnpm-lock.yaml'] },
  yarn: { names: /\byarn\b/, files: ['yarn.lock'] },
  cargo: { names: /\bcargo\b/, files: ['Cargo.toml'] },
  go: { names: /\bgo\b/, files: ['go.mod'] },
  pip: {
    names: /\b(?:pip3?|python3?|uv|poetry)\b/,
    files: ['pyproject.toml', 'requirements.txt', 'setup.py'],
  },
};

/** Those that the command names; where it names none (`make deps`), those whose files lie at the root. */
async function managersFor(root: string, command: readonly string[]): Promise<Manager[]> {
  const all = Object.entries(signs) as [Manager, (typeof signs)[Manager]][];
  const named = all.filter(([, { names }]) => command.some((word) => names.test(word)));
  if (named.length > 0) return named.map(([manager]) => manager);
  const used = all.map(async ([manager, { files }]) => {
    const there = await Promise.all(files.map((file) => exists(path.join(root, file))));
    return there.includes(true) ? [manager] : [];
  });
  return (await Promise.all(used)).flat();
}

/** Every file and folder of the worktree, relative; git's own and installed packages are not looked into. */
async function listed(root: string, folder = '.'): Promise<Set<string>> {
  const found = new Set<string>();
  const entries = await readdir(path.join(root, folder), { withFileTypes: true });
  for (const entry of entries) {
    const inner = path.join(folder, entry.name);
    found.add(inner);
    if (entry.isDirectory() && !closed.has(entry.name))
      for (const deeper of await listed(root, inner)) found.add(deeper);
  }
  return found;
}

const closed = new Set(['.git', 'node_modules']);

/** The topmost files and folders that were not there before. */
async function madeSince(root: string, before: ReadonlySet<string>, folder = '.'): Promise<string[]> {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true });
  const lists = entries.map(async (entry) => {
    const inner = path.join(folder, entry.name);
    if (!before.has(inner)) return [inner];
    return entry.isDirectory() && !closed.has(entry.name) ? madeSince(root, before, inner) : [];
  });
  return (await Promise.all(lists)).flat();
}

type Place = { root: string; kept: string; caches: Caches };

async function keep(
  { root, kept, caches }: Place,
  made: readonly string[],
  { log }: InstallPlace,
): Promise<void> {
  if (await namesItsFolder(root, made)) {
    log.info({ install: path.basename(kept) }, 'An install names its own folder, so it is not kept');
    return;
  }
  const building = path.join(caches.installs, `.${path.basename(kept)}.${randomUUID()}`);
  try {
    await mkdir(building, { recursive: true });
    for (const inner of made) await copyTree(path.join(root, inner), path.join(building, inner));
    await rename(building, kept);
  } catch (error) {
    log.warn({ install: path.basename(kept), error: String(error) }, 'An install could not be kept');
    await rm(building, { recursive: true, force: true });
  }
}

/** A Python environment does, and a worktree has another name each time. */
async function namesItsFolder(root: string, made: readonly string[]): Promise<boolean> {
  if (made.length === 0) return false;
  const args = ['-rqF', '-e', root, '--', ...made];
  const found = await run('grep', args, { cwd: root, env: {}, timeoutMs: 5 * 60_000 });
  // 1: nothing was found. Anything else, an error included, is no promise.
  return found.exitCode !== 1;
}

/** Into folders that are there, what is not; nothing that is there is replaced. */
async function copyInner(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (!(await exists(target))) await copyTree(source, target);
    else if (entry.isDirectory()) await copyInner(source, target);
  }
}

/** A copy and no link: a check may write what an install has made. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true });
  await cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}
