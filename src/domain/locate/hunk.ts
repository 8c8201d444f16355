// One changed stretch of a file between two commits. It must not carry text.

/** Lines `fromLine … fromLine + fromCount - 1` became `toLine … toLine + toCount - 1`; a count may be 0. */
export type Hunk = { fromLine: number; fromCount: number; toLine: number; toCount: number };
