// One bare mirror per repository: its branches and tags as they are on the host, and nothing else.
// It must not store an address or a token: both come with each call.

import { access as canAccess, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Bug, Later } from '../domain/failure.ts';
import type { GitAccess, Log } from '../ports.ts';
import { checkedUrl } from './access.ts';
import { git, gitText, type Place } from './git.ts';
import { remoteFailure } from './remote.ts';

/** True when a complete mirror lies there: it gets its name only after its first fetch. */
export async function mirrorExists(dir: string): Promise<boolean> {
  return canAccess(dir).then(
    () => true,
    () => false,
  );
}

/**
 * Brings the mirror in that folder up to date, or makes it. A damaged one is set aside and made anew.
 * Throws Later when the host cannot be reached, Refusal when it does not let us in. Callers see to it
 * that only one runs per folder.
 */
export async function updateMirror(dir: string, access: GitAccess, log: Log): Promise<void> {
  if (!(await mirrorExists(dir))) return await makeMirror(dir, access);
  await removeStaleLocks(dir);
  const damage = await fetchInto(dir, access);
  if (damage === null) return;
  log.warn({ mirror: dir, said: damage }, 'A mirror is damaged and is made anew');
  const aside = path.join(path.dirname(dir), `.${path.basename(dir)}.damaged`);
  await rm(aside, { recursive: true, force: true });
  await rename(dir, aside);
  await makeMirror(dir, access);
}

/** Packs the mirror and drops what nothing needs. Slow; for quiet hours. */
export async function maintainMirror(dir: string): Promise<void> {
  await gitText({ gitDir: dir }, ['gc', '--quiet', '--prune=1.day.ago']);
}

async function makeMirror(dir: string, access: GitAccess): Promise<void> {
  const parent = path.dirname(dir);
  const building = path.join(parent, `.${path.basename(dir)}.new`);
  await mkdir(parent, { recursive: true });
  await rm(building, { recursive: true, force: true });
  await initBare(building);
  const trouble = await fetchInto(building, access);
  if (trouble !== null) throw new Bug(`The mirror ${dir} could not be made. git says: ${trouble}`);
  await rename(building, dir);
}

/**
 * Makes an empty bare repository. Its own HEAD names a branch that no host has, so that nobody takes
 * it for the default branch.
 */
export async function initBare(dir: string, objectFormat = 'sha1'): Promise<Place> {
  await mkdir(dir, { recursive: true });
  const format = `--object-format=${objectFormat}`;
  await gitText({ gitDir: dir }, ['init', '--bare', format, '--initial-branch=suture-none']);
  // Installed packages are never a change, also where a repository forgot to ignore them.
  await mkdir(path.join(dir, 'info'), { recursive: true });
  await writeFile(path.join(dir, 'info/exclude'), 'node_modules\nnode_modules.suture\n');
  return { gitDir: dir };
}

/** Null when it went well, git's words when the trouble is here; throws when the trouble is the host. */
async function fetchInto(dir: string, access: GitAccess): Promise<string | null> {
  const url = checkedUrl(access);
  const args = ['fetch', '--prune', '--force', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'];
  const refs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
  const result = await git({ gitDir: dir }, [...args, '--progress', '--', url.href, ...refs], { access });
  if (result.exitCode === 0) return null;
  const what = `Fetching ${url.host}${url.pathname}`;
  const failure = localTrouble(what, result.stderr) ?? remoteFailure(what, result.stderr);
  if (failure) throw failure;
  return result.stderr;
}

/** What passes or needs a person on this machine; making the mirror anew would not help. */
function localTrouble(what: string, stderr: string): Later | null {
  const reason =
    /unable to create '.*\.lock': File exists|no space left|disk quota|read-only file system/i.exec(
      stderr,
    )?.[0];
  return reason === undefined ? null : new Later(`${what} failed on this machine: ${reason}.`, 60_000);
}

/**
 * Deletes lock files that a killed process left in our mirror. Only those older than this process:
 * a younger one belongs to a git that we have started ourselves and that still runs.
 */
async function removeStaleLocks(dir: string): Promise<void> {
  for (const file of await lockFiles(dir)) {
    const found = await stat(file).catch(() => null);
    if (found && found.mtimeMs < performance.timeOrigin) await rm(file, { force: true });
  }
}

async function lockFiles(dir: string): Promise<string[]> {
  const top = await readdir(dir, { withFileTypes: true });
  const refs = await readdir(path.join(dir, 'refs'), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return [...top, ...refs]
    .filter((entry) => entry.isFile() && entry.name.endsWith('.lock'))
    .map((entry) => path.join(entry.parentPath, entry.name));
}
