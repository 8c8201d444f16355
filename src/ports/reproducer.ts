// What writes a test that shows a crash.
// Nothing here may name an SDK, a path of an API or a vendor's word.

import type { TestRunner } from './checks.ts';
import type { FixTask } from './fixers.ts';

export type TestFile = { /** Repository-relative. */ path: string; text: string };

/** A call that may crash the way the event tells. */
export type DraftedCall = {
  /** Its test in `scout`. */
  test: string;
  /** The file as it would stand in the repository, with the strictest assertion first. */
  finals: readonly TestFile[];
};

export type Draft = {
  /** A file of its own with a test for every call; it never stays. */
  scout: TestFile;
  /** Simplest first, at least one. */
  calls: readonly DraftedCall[];
  /** What stands at the path of `finals` now; null for a new file. */
  before: string | null;
  /** The name of the test in `finals`. */
  name: string;
  /** Whether the repository's layout says that it belongs there, so that it is committed with the fix. */
  keep: boolean;
};

/** Writes tests, and runs and keeps none. No text of the event goes into them. */
export interface Reproducer {
  /** Where a test of the suspect would stand, so that its runner can be asked for; null when nothing can be written. */
  placeOf(task: FixTask, dir: string): Promise<string | null>;
  /** Tests for the code as it stands in `dir`, at the base; or why there can be none, as a clause. */
  draft(task: FixTask, dir: string, runner: TestRunner): Promise<Draft | { why: string }>;
}
