// Looks at a process and everything below it, as the kernel shows them. Linux only.
// It must not end anything.

import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Resolves when the first process of a sandbox has ended: the kernel lets it end only after everything else in
 * its process space has (pid_namespaces(7)).
 */
export async function whenGone(first: number | null): Promise<void> {
  if (first === null) return;
  for (let pause = 1; isAlive(first); pause = Math.min(pause * 2, 50)) await wait(pause);
}

function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
