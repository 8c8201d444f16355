// Whether a change is still what it was: files of its own that checks left behind do not count.

import { parseDiff } from './unified-diff.ts';

/** Takes two diffs against one base; only files of the first are compared. */
export function sameChange(before: string, now: string): boolean {
  const files = parseDiff(before);
  const paths = new Set(files.map((file) => file.path));
  return JSON.stringify(files) === JSON.stringify(parseDiff(now).filter((file) => paths.has(file.path)));
}
