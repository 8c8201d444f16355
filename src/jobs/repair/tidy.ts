// Formats what a change touched as the project's own formatter would, and nothing else.

import { parseDiff } from '../../domain/proof/unified-diff.ts';
import type { Work } from '../../ports.ts';
import type { Needs, Turn } from './result.ts';

/**
 * Gives what then stands in the worktree. A change of more files than policy allows is left as it is: it will not pass.
 * `tidied`: the diff that an earlier call gave; what has not changed since is not formatted again.
 */
export async function tidy(
  { checks }: Needs,
  { worktree, limits }: Pick<Turn, 'worktree' | 'limits'>,
  tidied = '',
): Promise<Work> {
  const work = await worktree.work();
  const files = parseDiff(work.diff).filter((file) => !file.isDeleted && !file.isBinary);
  if (files.length > limits.files) return work;
  const done = new Set(parseDiff(tidied).map((file) => JSON.stringify(file)));
  let isFormatted = false;
  for (const file of files) {
    if (done.has(JSON.stringify(file))) continue;
    const added = file.hunks.flat().filter((line) => line.kind === 'added');
    const lines = added.map((line) => line.line);
    const text = lines.length === 0 ? null : await checks.format(file.path, lines, worktree.dir);
    if (text === null) continue;
    isFormatted = true;
    await worktree.put(file.path, text);
  }
  return isFormatted ? worktree.work() : work;
}
