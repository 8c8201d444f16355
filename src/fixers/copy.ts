// The folder that an agent or a command gets to work in: a copy of the worktree that shares nothing with it, without
// what programs obey at start. What it leaves there is carried over file by file; nothing else gets back.

import { constants } from 'node:fs';
import {
  copyFile,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { isObeyedAtStart } from '../domain/proof/path-rules.ts';

export type Copy = {
  dir: string;
  /** Folders outside the copy that links in it lead to: installed packages, to be read only. */
  linked: readonly string[];
  /** Makes the worktree, which stands at its base, look like the copy. */
  carry(): Promise<Carried>;
};

export type Carried = {
  files: string[];
  /** What was not carried over, finished sentences. When there is one, nothing was. */
  problems: string[];
};

type Known = Map<string, string>;
type Opened = { from: string; to: string; linked: string[] };

/** Copies the worktree `from` to `to`, which is made. */
export async function openCopy(from: string, to: string): Promise<Copy> {
  const opened: Opened = { from: await realpath(from), to, linked: [] };
  await copyFolder(opened, '');
  opened.to = await realpath(to);
  const known: Known = new Map();
  for (const file of await listFiles(opened, '')) known.set(file, await stateOf(path.join(to, file)));
  return { dir: opened.to, linked: opened.linked, carry: () => carry(opened, known) };
}

/** Installed, not written: linked instead of copied. */
const installed = new Set(['node_modules', '.venv', 'venv', 'target']);

function isLeftOut(file: string): boolean {
  return isObeyedAtStart(file) || isObeyedAtStart(`${file}/any`);
}

async function copyFolder(opened: Opened, folder: string): Promise<void> {
  await mkdir(path.join(opened.to, folder), { recursive: true });
  for (const entry of await readdir(path.join(opened.from, folder), { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    const source = path.join(opened.from, file);
    const target = path.join(opened.to, file);
    if (isLeftOut(file)) continue;
    if (entry.isDirectory() && installed.has(entry.name) && (await isInstalled(source))) {
      opened.linked.push(source);
      await symlink(source, target);
    } else if (entry.isDirectory()) await copyFolder(opened, file);
    else if (entry.isFile()) await copyFile(source, target, constants.COPYFILE_FICLONE);
    else if (entry.isSymbolicLink() && (await staysInside(opened.from, source)))
      await symlink(await readlink(source), target);
  }
}

/** A folder of that name may also be source code; packages and caches say what they are. */
async function isInstalled(folder: string): Promise<boolean> {
  if (path.basename(folder) === 'node_modules') return true;
  const marks = ['CACHEDIR.TAG', 'pyvenv.cfg'].map((name) => lstat(path.join(folder, name)));
  return (await Promise.allSettled(marks)).some(({ status }) => status === 'fulfilled');
}

async function staysInside(root: string, link: string): Promise<boolean> {
  const target = await readlink(link);
  const real = await realpath(link).catch(() => null);
  return !path.isAbsolute(target) && real !== null && real.startsWith(root + path.sep);
}

/** Files and links of the copy; what is linked from outside is not looked into. */
async function listFiles({ to, linked, from }: Opened, folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(path.join(to, folder), { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (linked.includes(path.join(from, file))) continue;
    if (entry.isDirectory()) files.push(...(await listFiles({ to, linked, from }, file)));
    else files.push(file);
  }
  return files;
}

/** Changes whenever the file does: nobody can set the time of the last change of state. */
async function stateOf(file: string): Promise<string> {
  const { ino, size, ctimeNs, mode } = await lstat(file, { bigint: true });
  return [ino, size, ctimeNs, mode].join(' ');
}

const mostFiles = 200;
const largest = 1024 * 1024;

/** 1. what differs from the worktree  2. may all of it go over  3. write it. */
async function carry(opened: Opened, known: Known): Promise<Carried> {
  const changes = await findChanges(opened, known);
  const found = await Promise.all(changes.map((change) => problemOf(opened, change)));
  const problems = found.filter((problem) => problem !== null);
  if (changes.length > mostFiles) problems.push(`It touched ${changes.length} files.`);
  if (problems.length > 0) return { files: [], problems: problems.slice(0, 10) };
  for (const { file, content } of changes) {
    const target = path.join(opened.from, file);
    if (content === null) await rm(target, { force: true });
    else {
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, content);
    }
  }
  return { files: changes.map(({ file }) => file), problems };
}

/** Null content: the file is gone. `odd`: neither text of a bearable size nor anything else that may go over. */
type FileChange = { file: string; content: Uint8Array | null; odd: string | null };

async function findChanges(opened: Opened, known: Known): Promise<FileChange[]> {
  const there = await listFiles(opened, '');
  const gone = [...known.keys()].filter((file) => !there.includes(file));
  const changes: FileChange[] = gone.map((file) => ({ file, content: null, odd: null }));
  for (const file of there) {
    const copied = path.join(opened.to, file);
    if (known.get(file) === (await stateOf(copied))) continue;
    const content = await readPlain(copied);
    if (typeof content === 'string') {
      changes.push({ file, content: null, odd: content });
      continue;
    }
    const before = await readFile(path.join(opened.from, file)).catch(() => null);
    if (before === null || !before.equals(content)) changes.push({ file, content, odd: null });
  }
  return changes;
}

/**
 * The file's content, or what is odd about it. Whoever works in the copy may still run and put a link in its place
 * at any moment, so what was opened must be what lies there afterwards, reached through no link.
 */
async function readPlain(file: string): Promise<Buffer | string> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const opened = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => null);
  if (opened === null) return 'is no ordinary file';
  try {
    const found = await opened.stat();
    if (!found.isFile()) return 'is no ordinary file';
    if (found.size > largest) return `is larger than ${largest} bytes`;
    const content = await opened.readFile();
    const after = await lstat(file);
    const isSame = after.ino === found.ino && after.dev === found.dev && (await realpath(file)) === file;
    return isSame ? content : 'changed while it was read';
  } catch {
    return 'changed while it was read';
  } finally {
    await opened.close();
  }
}

async function problemOf({ from }: Opened, { file, odd }: FileChange): Promise<string | null> {
  const name = `\`${file.replaceAll(/[`\p{Cc}]/gu, ' ')}\``;
  if (odd !== null) return `${name} ${odd}.`;
  if (isObeyedAtStart(file))
    return `${name} is obeyed by programs as soon as they start, so no fixer may make it.`;
  // Through a link of the worktree a file would land elsewhere.
  const parent = await nearestReal(path.dirname(path.join(from, file)));
  const target = await lstat(path.join(from, file)).catch(() => null);
  const isPlain = target === null || target.isFile();
  return parent === null || !isPlain ? `${name} is reached through a link.` : null;
}

/** The nearest folder that is there, when the way to it leads through no link; else null. */
async function nearestReal(folder: string): Promise<string | null> {
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined) return nearestReal(path.dirname(folder));
  return real === folder ? real : null;
}
