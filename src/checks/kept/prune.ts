// Takes away what was kept for fixes that nobody makes any more: by age first, then by size, the longest unused first.
// It must not touch what a program may be using, and it says what it took.

import { randomUUID } from 'node:crypto';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../../ports.ts';
import { run } from '../../run.ts';
import { isInUse, usedMark } from './cache-use.ts';

export type PruneRules = {
  /** Unused for longer goes. */
  maxAgeMs: number;
  /** Of everything together; what is in use may be more. */
  maxBytes: number;
  /** Another process of ours may be at work in what was used this lately. */
  restMs: number;
  now: number;
};

/** What goes as a whole: one install, one environment, or one tool's cache of one repository. */
type Part = { place: string; repository: string; name: string; usedAt: number; bytes: number };

/** Folders of which each entry is a part of its own, with its own time of use. */
const collections = new Set(['installs', 'python', 'baselines']);
/** Without these what was fetched for a lock file is not there any more, whatever `fetched` says. */
const fetchedInto = new Set(['cargo', 'go-mod', 'python', 'yarn-global']);
const removed = '.removed-';

/** Takes the folder of all caches. Gives the names of what it took. */
export async function pruneCaches(caches: string, rules: PruneRules, log: Log): Promise<string[]> {
  const parts = await partsIn(caches, log);
  const free = parts.filter((part) => rules.now - part.usedAt > rules.restMs && !isInUse(part.repository));
  const old = free.filter((part) => rules.now - part.usedAt > rules.maxAgeMs);
  let bytes = sumOf(parts) - sumOf(old);
  const gone = [...old];
  for (const part of free.toSorted((one, other) => one.usedAt - other.usedAt)) {
    if (bytes <= rules.maxBytes) break;
    if (old.includes(part)) continue;
    gone.push(part);
    bytes -= part.bytes;
  }
  const taken: Part[] = [];
  for (const part of gone) if (await remove(part, log)) taken.push(part);
  const names = taken.map(nameOf);
  const told = {
    count: taken.length,
    megabytes: megabytes(sumOf(taken)),
    left: megabytes(sumOf(parts) - sumOf(taken)),
  };
  if (taken.length > 0)
    log.info({ ...told, removed: names.slice(0, 50) }, 'Caches that nobody used were removed');
  return names;
}

function nameOf({ repository, name }: Part): string {
  return path.join(path.basename(repository), name);
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

function sumOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

async function partsIn(caches: string, log: Log): Promise<Part[]> {
  const parts: Part[] = [];
  for (const name of await foldersIn(caches)) {
    const repository = path.join(caches, name);
    const used = (await timeOf(path.join(repository, usedMark))) ?? (await timeOf(repository)) ?? 0;
    for (const inner of await foldersIn(repository)) {
      if (inner.startsWith(removed)) await rm(path.join(repository, inner), { recursive: true, force: true });
      else if (inner !== 'fetched') parts.push(...(await partsOf(repository, inner, used)));
    }
  }
  const sizes = await sizesOf(
    parts.map(({ place }) => place),
    caches,
  );
  if (sizes === null) log.warn({ caches }, 'The size of the caches could not be found out; only age counts');
  return parts.map((part) => ({ ...part, bytes: sizes?.get(part.place) ?? 0 }));
}

async function partsOf(repository: string, name: string, used: number): Promise<Part[]> {
  const place = path.join(repository, name);
  if (!collections.has(name)) return [{ place, repository, name, usedAt: used, bytes: 0 }];
  const entries = await readdir(place);
  return Promise.all(
    entries.map(async (entry) => ({
      place: path.join(place, entry),
      repository,
      name: path.join(name, entry),
      usedAt: (await timeOf(path.join(place, entry))) ?? 0,
      bytes: 0,
    })),
  );
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

async function timeOf(place: string): Promise<number | null> {
  return (await lstat(place).catch(() => null))?.mtimeMs ?? null;
}

/** Hard links within one are counted once, as the disk does; null when `du` cannot tell. */
async function sizesOf(places: readonly string[], folder: string): Promise<Map<string, number> | null> {
  if (places.length === 0) return new Map();
  const input = places.map((place) => `${place}\0`).join('');
  const options = { cwd: folder, env: {}, timeoutMs: 10 * 60_000, maxOutputBytes: 64 * 1024 * 1024, input };
  const told = await run('du', ['-s', '-k', '-0', '--files0-from=-'], options).catch(() => null);
  if (told === null || told.timedOut || told.truncated) return null;
  const lines = told.stdout.split('\0').flatMap((line) => {
    const [, kilobytes, place] = /^(\d+)\t([^]+)$/.exec(line) ?? [];
    return place === undefined ? [] : [[place, Number(kilobytes) * 1024] as const];
  });
  return new Map(lines);
}

/** First out of sight, so that nobody finds half of it. False when it stays. */
async function remove(part: Part, log: Log): Promise<boolean> {
  const { place, repository, name } = part;
  // Since it was looked for, work may have begun.
  if (isInUse(repository)) return false;
  const [first = ''] = name.split(path.sep);
  const away = path.join(repository, `${removed}${randomUUID()}`);
  try {
    if (fetchedInto.has(first)) await rm(path.join(repository, 'fetched'), { recursive: true, force: true });
    await rename(place, away);
    await rm(away, { recursive: true, force: true });
    return true;
  } catch (error) {
    log.warn({ cache: nameOf(part), error: String(error) }, 'A cache could not be removed');
    return false;
  }
}
