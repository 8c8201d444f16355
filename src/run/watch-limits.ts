// Watches what a sandbox uses up, all its processes together, and says when it is too much.
// It must not end anything itself, and a limit is a matter of seconds, not of bytes.

import { statfsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { namelessBytes, treeOf, useOf } from './process-tree.ts';
import type { Confinement } from './sandbox.ts';

const mebibyte = 1024 * 1024;
const everyMs = 200;
/** An empty file takes room, too. */
const bytesPerFile = 4096;

type Watched = Pick<Confinement, 'writable' | 'limits'> & {
  /** The sandbox's first process, once it is known. */
  first: () => number | null;
};

/** Calls back once, with a finished sentence, when a limit is passed. Returns how to stop watching. */
export function watchLimits(watched: Watched, tooMuch: (sentence: string) => void): () => void {
  const disks = watched.writable.map(freeRoom);
  const began = Date.now();
  const state = { stopped: false };
  const look = async (): Promise<void> => {
    const first = watched.first();
    const sentence =
      first === null ? null : (overUse(watched, first) ?? (await overDisk(watched, { first, disks, began })));
    if (state.stopped) return;
    if (sentence !== null) tooMuch(sentence);
    else timer = setTimeout(() => void look(), everyMs);
  };
  let timer = setTimeout(() => void look(), everyMs);
  return () => {
    state.stopped = true;
    clearTimeout(timer);
  };
}

function overUse({ limits }: Watched, first: number): string | null {
  const pids = treeOf(first, limits.processes);
  if (pids.length > limits.processes) return `It had more than ${limits.processes} processes.`;
  const use = useOf(pids);
  if (use.memoryBytes > limits.memoryMb * mebibyte)
    return `It used more than ${limits.memoryMb} MB of memory.`;
  if (use.cpuSeconds > limits.cpuSeconds)
    return `It used more than ${limits.cpuSeconds} seconds of processor time.`;
  return null;
}

type Room = { folder: string; bytes: number; files: number };
type Since = { first: number; disks: readonly Room[]; began: number };

/** Others write to the same disk: that much less room is a reason to look, and what it wrote itself decides. */
async function overDisk({ limits }: Watched, { first, disks, began }: Since): Promise<string | null> {
  const most = limits.diskMb * mebibyte;
  const fell = disks.map(lessRoom);
  if (Math.max(0, ...fell) <= most) return null;
  const said = `It wrote more than ${limits.diskMb} MB.`;
  // Nobody can account for that much, and a full disk stops everything else here.
  if (Math.max(...fell) > 4 * most) return said;
  let bytes = namelessBytes(treeOf(first, limits.processes));
  for (const { folder } of disks) bytes += await writtenSince(folder, began);
  return bytes > most ? said : null;
}

function freeRoom(folder: string): Room {
  const { bavail, bsize, ffree } = statfsSync(folder);
  return { folder, bytes: bavail * bsize, files: ffree };
}

function lessRoom(before: Room): number {
  const now = freeRoom(before.folder);
  return Math.max(before.bytes - now.bytes, (before.files - now.files) * bytesPerFile);
}

/** Of files changed since then; the time of a change cannot be set back by the one who made it. */
async function writtenSince(folder: string, began: number): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    const stat = await lstat(path.join(entry.parentPath, entry.name)).catch(() => null);
    if (stat && stat.ctimeMs >= began - 1000) bytes += Math.max(stat.blocks * 512, bytesPerFile);
  }
  return bytes;
}
