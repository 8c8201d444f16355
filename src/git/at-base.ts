// Sets the changes of a worktree aside for a while, and puts them back byte for byte.
// It must not use the stash, which all worktrees of a repository share.

import { chmod, lstat, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Bug } from '../domain/failure.ts';
import type { Worktree } from '../ports.ts';

/** Content and mode of one changed file; null content: it was deleted. */
type Saved = { path: string; content: Buffer | null; mode: number };

type Needs = Pick<Worktree, 'dir' | 'work' | 'diff' | 'reset'>;

/** Throws Bug when a change is none of plain files, or when it could not be put back as it was. */
export async function atBase<T>(
  worktree: Needs,
  kept: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const { changes, diff: before } = await worktree.work();
  const odd = changes.find(({ kind }) => kind === 'other');
  if (odd) throw new Bug(`${odd.path} is no change of a plain file, so it cannot be set aside.`);
  const saved = await Promise.all(changes.map((change) => save(worktree.dir, change.path)));
  await worktree.reset();
  let result: T;
  try {
    for (const one of saved.filter((file) => kept.includes(file.path))) await restore(worktree.dir, one);
    result = await work();
  } finally {
    await worktree.reset();
    for (const one of saved) await restore(worktree.dir, one);
  }
  if ((await worktree.diff()) !== before) throw new Bug('A change could not be put back as it was.');
  return result;
}

async function save(dir: string, file: string): Promise<Saved> {
  const place = path.join(dir, file);
  const found = await lstat(place).catch(() => null);
  return found?.isFile()
    ? { path: file, content: await readFile(place), mode: found.mode & 0o777 }
    : { path: file, content: null, mode: 0 };
}

async function restore(dir: string, { path: file, content, mode }: Saved): Promise<void> {
  const place = await placeWithin(dir, file);
  if (content === null) return rm(place, { force: true });
  await writeFile(place, content);
  await chmod(place, mode);
}

/** Writes or removes one text file. */
export async function putFile(dir: string, file: string, text: string | null): Promise<void> {
  const place = await placeWithin(dir, file);
  await (text === null ? rm(place, { force: true }) : writeFile(place, text));
}

/** The absolute file, its folder made. Throws Bug when it leads out of the folder or is a link. */
async function placeWithin(dir: string, file: string): Promise<string> {
  const place = path.resolve(dir, file);
  const outside = new Bug(`${file} leads out of the worktree, so it is not written.`);
  if (!place.startsWith(dir + path.sep) || path.relative(dir, place).split(path.sep)[0] === '.git')
    throw outside;
  await mkdir(path.dirname(place), { recursive: true });
  const folder = await realpath(path.dirname(place));
  if (folder !== path.dirname(place)) throw outside;
  const found = await lstat(place).catch(() => null);
  if (found && !found.isFile()) throw new Bug(`${file} is no plain file, so it is not written.`);
  return place;
}
