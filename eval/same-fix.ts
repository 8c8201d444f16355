// Whether a change is the one that people made: word for word, but for white space and closing marks.
// It must not take a likeness for it: what is not the same is left to tests and to people.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Repository, Worktree } from '../src/ports.ts';
import type { LocateCase } from './locate-case.ts';

type Place = {
  repository: Repository;
  worktree: Worktree;
  /** What was changed. */ files: readonly string[];
};

/** Takes the worktree with the change. False as well where the clone lacks the commit of the people's own fix. */
export async function isSameFix(one: LocateCase, { repository, worktree, files }: Place): Promise<boolean> {
  if (!one.fixCommit || one.truth.files.some((file) => !files.includes(file))) return false;
  for (const file of files) {
    const theirs = await repository.readText(one.fixCommit, file).catch(() => null);
    if (theirs === null) return false;
    if (bare(await readFile(path.join(worktree.dir, file), 'utf8')) !== bare(theirs)) return false;
  }
  return true;
}

function bare(text: string): string {
  return text.replace(/\s+/g, '').replace(/[;,]+(?=[)}\]]|$)/g, '');
}
