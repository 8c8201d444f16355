// Fetches what crates, Go modules and Python projects need, once per lock file. Nothing of a package is run.
// A program that is missing here is no failure yet: the check that needs it says so.

import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Refusal } from '../../domain/failure.ts';
import { code } from '../../domain/untrusted.ts';
import { readWithin } from '../../run/read-within.ts';
import { type Caches, cachesOf } from '../kept/caches.ts';
import { type Install, type InstallPlace, runInstall } from './run-install.ts';
import { exists, foldersWith } from '../project.ts';
import { pythonInstalls } from '../python/install.ts';
import { standIn } from '../rust-toolchain.ts';
import { takeCargoSettings } from './registries.ts';
import { forgiving, isWanted } from './wanted.ts';

/** What is to be fetched for one folder, and the files that decide whether it was already. */
export type Fetch = {
  manager: Install['managers'][number];
  folder: string;
  files: readonly string[];
  /** Run before, without a network. */
  local?: readonly (readonly string[])[];
  commands: readonly (readonly string[])[];
};

type Finder = (root: string, caches: Caches) => Promise<Fetch[]>;

const finders: readonly Finder[] = [crateFetches, moduleFetches, pythonInstalls];

/** As installAll. */
export async function installOthers(
  root: string,
  paths: readonly string[],
  place: InstallPlace,
): Promise<string[]> {
  const caches = cachesOf(place.ground.dataDir, root);
  const notes: string[] = [];
  for (const find of finders)
    for (const fetch of await find(root, caches)) {
      const fetching = () => fetchOnce(root, fetch, { caches, place }).then(() => notesOn(root, fetch));
      notes.push(...(await forgiving(isWanted(fetch, paths), fetching)));
    }
  return notes;
}

async function fetchOnce(
  root: string,
  fetch: Fetch,
  { caches, place }: { caches: Caches; place: InstallPlace },
): Promise<void> {
  const mark = path.join(caches.folder, 'fetched', keyOf(root, fetch));
  if (await exists(mark)) return;
  if (fetch.manager === 'cargo') await prepareCargo(caches);
  try {
    const at = { root, folder: fetch.folder, caches };
    for (const [program = '', ...args] of fetch.local ?? [])
      await runInstall({ managers: [], program, args, ...at }, place);
    for (const [program = '', ...args] of fetch.commands)
      await runInstall({ managers: [fetch.manager], program, args, ...at }, place);
  } catch (error) {
    if (!(error instanceof Refusal && error.message.startsWith('The program '))) throw error;
    place.log.warn({ folder: fetch.folder, reason: error.message }, 'Nothing was fetched for a folder');
    return;
  }
  await mkdir(path.dirname(mark), { recursive: true });
  await writeFile(mark, '');
}

/** What a careful reader wants to know of how it is compiled. */
function notesOn(root: string, { manager, folder }: Fetch): string[] {
  const other = manager === 'cargo' ? standIn(root, folder) : null;
  return other
    ? [
        `${code(other.file, 120)} asks for Rust ${other.wanted}, which is not installed here; it is compiled with ${code(other.name, 60)}.`,
      ]
    : [];
}

async function prepareCargo({ forInstalls }: Caches): Promise<void> {
  const home = forInstalls['CARGO_HOME'] ?? '';
  await mkdir(home, { recursive: true });
  await takeCargoSettings(home);
}

function keyOf(root: string, { manager, folder, files, local, commands }: Fetch): string {
  const hash = createHash('sha256').update(JSON.stringify([manager, folder, local, commands]));
  for (const file of files) hash.update(readWithin(root, path.join(root, folder, file)) ?? '').update('\0');
  return hash.digest('hex').slice(0, 32);
}

async function crateFetches(root: string): Promise<Fetch[]> {
  const folders = await foldersWith(root, [], (folder) => exists(path.join(root, folder, 'Cargo.toml')));
  return Promise.all(
    folders.map(async (folder) => {
      const locked = await exists(path.join(root, folder, 'Cargo.lock'));
      const files = ['Cargo.toml', 'Cargo.lock', 'rust-toolchain', 'rust-toolchain.toml'];
      const command = locked ? ['cargo', 'fetch', '--locked'] : ['cargo', 'fetch'];
      return { manager: 'cargo' as const, folder, files, commands: [command] };
    }),
  );
}

/** A vendor folder is what Go uses then. */
async function moduleFetches(root: string): Promise<Fetch[]> {
  const folders = await foldersWith(root, [], (folder) => exists(path.join(root, folder, 'go.mod')));
  const fetches = folders.map(async (folder) => {
    if (await exists(path.join(root, folder, 'vendor/modules.txt'))) return [];
    const commands = [['go', 'mod', 'download']];
    return [{ manager: 'go' as const, folder, files: ['go.mod', 'go.sum'], commands }];
  });
  return (await Promise.all(fetches)).flat();
}
