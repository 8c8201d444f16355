// Keeps a second Suture out of the same folder: a file with the owner's process id beside the database.
// It must not outlive its owner: a lock whose process is gone is taken over.

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Bug, Refusal } from '../domain/failure.ts';

type Owner = { pid: number; started: string | null };

const held = new Set<string>();

/** Takes the lock of a data folder. Throws Refusal while a living process (this one included) holds it. */
export function lockFolder(dataDir: string): { release: () => void } {
  const file = path.join(path.resolve(dataDir), 'suture.lock');
  if (held.has(file)) throw inUse(process.pid, dataDir);
  for (let round = 0; round < 5; round += 1) {
    if (tryWrite(file)) {
      held.add(file);
      return { release: () => release(file) };
    }
    const owner = readOwner(file);
    if (owner && isAlive(owner)) throw inUse(owner.pid, dataDir);
    removeStale(file, owner);
  }
  throw new Bug(`The lock ${file} changes hands all the time; another process keeps taking it.`);
}

function inUse(pid: number, dataDir: string): Refusal {
  return new Refusal(
    `Another Suture (pid ${pid}) uses DATA_DIR ${dataDir}. Stop it first, or give this one its own DATA_DIR ` +
      '(several processes on one database need Postgres: set DATABASE_URL).',
  );
}

function tryWrite(file: string): boolean {
  try {
    const owner: Owner = { pid: process.pid, started: startOf(process.pid) };
    writeFileSync(file, JSON.stringify(owner), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function readOwner(file: string): Owner | null {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof read !== 'object' || read === null || !('pid' in read) || typeof read.pid !== 'number')
      return null;
    return {
      pid: read.pid,
      started: 'started' in read && typeof read.started === 'string' ? read.started : null,
    };
  } catch {
    return null;
  }
}

/** Process ids are used again (in a container ours is the dead one's): the start time tells them apart on Linux. */
function isAlive(owner: Owner): boolean {
  if (owner.pid === process.pid) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  const started = startOf(owner.pid);
  return owner.started === null || started === null || started === owner.started;
}

/** Ticks since boot, field 22 of /proc/<pid>/stat (proc(5)); null where there is no /proc. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Renamed before it is removed, so that two starters cannot both remove the lock the first of them just took. */
function removeStale(file: string, stale: Owner | null): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const taken = readOwner(aside);
  if (taken?.pid === stale?.pid && taken?.started === stale?.started) rmSync(aside);
  else renameSync(aside, file);
}

function release(file: string): void {
  held.delete(file);
  rmSync(file, { force: true });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null;
}
