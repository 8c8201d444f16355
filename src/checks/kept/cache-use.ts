// Knows which repositories' caches are in use by a program now, and when each was last. It must not remove any.

import { utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The file whose time tells, in the folder of a repository's caches. */
export const usedMark = 'used';

const users = new Map<string, number>();

/** True while work that was begun here goes on. */
export function isInUse(folder: string): boolean {
  return (users.get(folder) ?? 0) > 0;
}

/** Takes the folder of a repository's caches, which exists, and work that uses it. */
export async function whileUsing<T>(folder: string, work: () => Promise<T>): Promise<T> {
  users.set(folder, (users.get(folder) ?? 0) + 1);
  try {
    await mark(folder);
    return await work();
  } finally {
    await mark(folder);
    users.set(folder, (users.get(folder) ?? 1) - 1);
  }
}

async function mark(folder: string): Promise<void> {
  const file = path.join(folder, usedMark);
  await utimes(file, new Date(), new Date()).catch(() => writeFile(file, ''));
}
