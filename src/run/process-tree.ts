// Looks at a process and everything below it, as the kernel shows them. Linux only.
// It must not end anything.

import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

export type TreeUse = { processes: number; memoryBytes: number; cpuSeconds: number };

/** The kernel counts time in these; it has told every program 100 since before this was written (proc(5)). */
const ticksPerSecond = 100;

/**
 * Resolves when the first process of a sandbox has ended: the kernel lets it end only after everything else in
 * its process space has (pid_namespaces(7)).
 */
export async function whenGone(first: number | null): Promise<void> {
  if (first === null) return;
  for (let pause = 1; isAlive(first); pause = Math.min(pause * 2, 50)) await wait(pause);
}

function isAlive(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  return stat !== '' && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
}

/** The process and all below it, breadth first, at most so many. */
export function treeOf(first: number, most: number): number[] {
  const found = [first];
  for (let at = 0; at < found.length && found.length <= most; at += 1)
    for (const thread of list(`/proc/${found[at]}/task`))
      found.push(...numbersIn(read(`/proc/${found[at]}/task/${thread}/children`)));
  return found;
}

/** What they use together: memory of their own or shared by writing, and time, that of ended children included. */
export function useOf(pids: readonly number[]): TreeUse {
  const use = { processes: pids.length, memoryBytes: 0, cpuSeconds: 0 };
  for (const pid of pids) {
    const status = read(`/proc/${pid}/status`);
    for (const kind of ['RssAnon', 'RssShmem'])
      use.memoryBytes += Number(new RegExp(`^${kind}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
    const stat = read(`/proc/${pid}/stat`);
    // The fields after the name, which may hold anything: utime, stime, cutime, cstime are 14 to 17 (proc(5)).
    const times = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 15);
    use.cpuSeconds += times.reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;
  }
  return use;
}

/** Bytes of files that have no name any more and are still held open. */
export function namelessBytes(pids: readonly number[]): number {
  const seen = new Set<string>();
  let bytes = 0;
  for (const file of pids.flatMap((pid) =>
    list(`/proc/${pid}/fd`).map((name) => `/proc/${pid}/fd/${name}`),
  )) {
    const stat = deletedFile(file);
    if (!stat || seen.has(`${stat.dev}:${stat.ino}`)) continue;
    seen.add(`${stat.dev}:${stat.ino}`);
    bytes += stat.blocks * 512;
  }
  return bytes;
}

function deletedFile(file: string) {
  try {
    if (!readlinkSync(file).endsWith(' (deleted)')) return null;
    const stat = statSync(file);
    return stat.isFile() && stat.nlink === 0 ? stat : null;
  } catch {
    return null;
  }
}

/** Processes come and go while we look: what is gone counts nothing. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function numbersIn(text: string): number[] {
  return text.split(' ').filter(Boolean).map(Number);
}
