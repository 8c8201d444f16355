// Reads what has changed in a worktree. Every git that is started costs more than what it does, so one look gives all.
// It must not change the worktree or what is staged there.

import { copyFile, lstat, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Change, Work } from '../ports.ts';
import { gitText, splitNul } from './git.ts';

/** A worktree's git folder and files, and the commit it started from. */
export type WorktreePlace = { gitDir: string; workTree: string; base: string };

const plain = ['--no-renames', '--no-ext-diff', '--no-textconv', '--no-color'];

/** What differs from the base, untracked files included, as a list and as a unified diff of the same moment. */
export async function readWork(place: WorktreePlace): Promise<Work> {
  // Mostly nothing is untracked, so that one does not wait for the other.
  const [untracked, tracked] = await Promise.all([listUntracked(place), readDiff(place, {})]);
  const files = untracked.filter((file) => !file.endsWith('/'));
  const { entries, diff } =
    files.length === 0 ? tracked : await withUntracked(place, files, (env) => readDiff(place, env));
  const changes = new Map(entries.map(([entry, file]) => [file, kindOfEntry(entry)]));
  for (const file of untracked) {
    const kind = await kindOfUntracked(place, file, changes.get(withoutSlash(file)));
    if (kind !== null) changes.set(withoutSlash(file), kind);
  }
  const sorted = [...changes].map(([name, kind]) => ({ path: name, kind }));
  return { changes: sorted.toSorted((a, b) => (a.path < b.path ? -1 : 1)), diff };
}

async function readDiff(
  place: WorktreePlace,
  env: Readonly<Record<string, string>>,
): Promise<{ entries: Entry[]; diff: string }> {
  const text = await gitText(place, ['diff', '--raw', '--patch', ...plain, place.base, '--'], { env });
  const split = splitRaw(text);
  // Names that git would have to quote are asked for as they are.
  const isQuoted = split.entries.some(([, file]) => file.startsWith('"'));
  return isQuoted ? { ...split, entries: await readRaw(place, env) } : split;
}

/** True when nothing differs from the base and nothing is staged; ignored files do not count. */
export async function isAtBase(place: WorktreePlace): Promise<boolean> {
  const told = await gitText(place, [
    'status',
    '--porcelain=v2',
    '--branch',
    '--untracked-files=normal',
    '--no-renames',
    '-z',
  ]);
  const [head, ...rest] = splitNul(told).filter((line) => !/^# branch\.(?!oid )/.test(line));
  return head === `# branch.oid ${place.base}` && rest.length === 0;
}

/** What git says of a file after the colon, and its name. */
type Entry = [entry: string, file: string];

/** The lines that begin with a colon, and the patch after the empty one. */
function splitRaw(text: string): { entries: Entry[]; diff: string } {
  const raw = /^(?::.*\n)*/.exec(text)?.[0] ?? '';
  const entries = raw.split('\n').flatMap((line): Entry[] => {
    const [entry = '', file] = line.split('\t');
    return file === undefined ? [] : [[entry.slice(1), file]];
  });
  return { entries, diff: text.slice(raw.length).replace(/^\n/, '') };
}

async function readRaw(place: WorktreePlace, env: Readonly<Record<string, string>>): Promise<Entry[]> {
  const parts = splitNul(await gitText(place, ['diff', '--raw', '-z', ...plain, place.base, '--'], { env }));
  return parts.flatMap((entry, index): Entry[] =>
    index % 2 === 0 ? [[entry.slice(1), parts[index + 1] ?? '']] : [],
  );
}

/** In a copy of the index that knows of them, so that what is staged stays as it is. */
async function withUntracked<T>(
  place: WorktreePlace,
  files: readonly string[],
  work: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const index = path.join(place.gitDir, `index.diff-${process.pid}-${(copies += 1)}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await copyFile(path.join(place.gitDir, 'index'), index);
    const add = ['add', '--intent-to-add', '--pathspec-from-file=-', '--pathspec-file-nul'];
    await gitText(place, add, { env, input: files.join('\0') });
    return await work(env);
  } finally {
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
  }
}

let copies = 0;

/** `<old mode> <new mode> <old id> <new id> <status>` */
function kindOfEntry(entry: string): Change['kind'] {
  const [before, after, , , status] = entry.split(' ');
  const isPlain = [before, after].every((mode) => mode === '000000' || mode?.startsWith('100'));
  if (!isPlain) return 'other';
  if (status === 'A') return 'added';
  if (status === 'D') return 'deleted';
  return status === 'M' && before === after ? 'modified' : 'other';
}

/** A repository inside the worktree is listed as a folder with a slash; null where the diff has said it already. */
async function kindOfUntracked(
  place: WorktreePlace,
  file: string,
  told: Change['kind'] | undefined,
): Promise<Change['kind'] | null> {
  const found = await lstat(path.join(place.workTree, file)).catch(() => null);
  if (!found?.isFile()) return 'other';
  return told === undefined ? null : told;
}

function withoutSlash(file: string): string {
  return file.endsWith('/') ? file.slice(0, -1) : file;
}

async function listUntracked(place: WorktreePlace): Promise<string[]> {
  return splitNul(await gitText(place, ['ls-files', '--others', '--exclude-standard', '-z']));
}
