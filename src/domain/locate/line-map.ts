// Carries a line of a file at one commit to where it stands at another, through the hunks between them.
// It must not soften: a line that was changed is not carried.

import type { Hunk } from './hunk.ts';

export type CarriedLine =
  | { line: number; how: 'same' | 'moved' }
  | { line: null; how: 'changed' | 'deleted' };

/** `line` is 1-based. Hunks come in order and without context lines. */
export function carryLine(line: number, hunks: readonly Hunk[]): CarriedLine {
  let shift = 0;
  for (const { fromLine, fromCount, toCount } of hunks) {
    // A pure insertion stands behind `fromLine`; every other hunk begins at it.
    const before = fromCount === 0 ? line <= fromLine : line < fromLine;
    if (before) break;
    if (fromCount > 0 && line < fromLine + fromCount)
      return { line: null, how: toCount === 0 ? 'deleted' : 'changed' };
    shift += toCount - fromCount;
  }
  return { line: line + shift, how: shift === 0 ? 'same' : 'moved' };
}
