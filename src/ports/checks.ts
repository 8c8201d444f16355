// The target repository's own checks.
// Nothing here may name an SDK, a path of an API or a vendor's word.

import type { CheckOutcome } from '../domain/proof/compare-checks.ts';
import type { TestOutcome } from '../domain/proof/reproduction.ts';

/** `own`: whatever the repository has named itself. */
export type CheckKind = 'types' | 'tests' | 'own';

/** What the repository itself wants to have run before a check; an earlier one holds while these files stay the same. */
export type OwnInstall = { command: readonly string[]; cache: readonly string[] };

export type Check = {
  /** Shown to people: `tsc --noEmit`. */
  name: string;
  kind: CheckKind;
  /** Program and arguments, run in `dir`. */
  command: readonly string[];
  /** Repository-relative folder, `.` for the root. */
  dir: string;
  /** Variables that the repository sets for it. */
  env?: Readonly<Record<string, string>>;
  /** In place of what the lock files ask for. */
  install?: OwnInstall;
  /** Parts of it that may say something at the base where it says nothing. */
  parts?: readonly Check[];
};

export type CheckResult = CheckOutcome & {
  check: Check;
  ms: number;
  /** A line for people: `0 errors`, `12 passed, 1 failed`. */
  summary: string;
  /** It comes from an earlier run at the same commit. */
  remembered?: boolean;
  /**
   * It was cut after the short time that all tests get where those of some files alone can be run; `remembered`: at an
   * earlier commit, and not run at this one.
   */
  slow?: boolean;
};

/** The same check for some files only; `none`: no test reaches them; null: nobody can say. */
export type Related = Check | 'none' | null;

/** What runs single tests of a repository. */
export type TestRunner = 'node:test' | 'vitest' | 'jest' | 'cargo';

/** One run of one test file. */
export type TestRun = {
  /** Every test that the runner told of; empty when it told of none. */
  tests: readonly TestOutcome[];
  timedOut: boolean;
  /** The end of the output, cleaned of secrets. */
  output: string;
};

/** What an install is for: checks that say what they need, and the files that are about to change. */
export type Wanted = { given?: readonly Check[]; paths?: readonly string[] };

/** What runs a program takes a signal: when it aborts, the program is ended, and the signal's reason is thrown. */
export interface Checks {
  /** The checks this repository has for these changed paths (all when empty), cheapest first. */
  find(dir: string, paths: readonly string[]): Promise<Check[]>;
  /**
   * Installs what the checks need: what the lock files ask for where one of them says nothing of its own, or where none
   * is given. Does nothing when there is nothing to install. Gives finished sentences that people should know of.
   * Throws Refusal with the reason; what none of the paths (all when empty) is written for may fail, and is such a sentence.
   */
  install(dir: string, wanted?: Wanted, stop?: AbortSignal): Promise<string[]>;
  run(check: Check, dir: string, stop?: AbortSignal): Promise<CheckResult>;
  /**
   * The same at a commit that stands there unchanged; an earlier result of it may be given, unless a fresh one is asked
   * for. Where `related` has an answer, all tests get a short time only, unless the whole time is asked for.
   */
  runAtBase(
    check: Check,
    dir: string,
    at: { commit: string; fresh: boolean; whole?: boolean },
    stop?: AbortSignal,
  ): Promise<CheckResult>;
  /** The tests of that check which reach these files, directly or through others, as the checkout now stands. */
  related(check: Check, paths: readonly string[], dir: string, stop?: AbortSignal): Promise<Related>;
  /**
   * The text of the file with those lines (1-based) as the project's own formatter would write them; null when that
   * changes nothing, or when the project has no formatter that runs here.
   */
  format(path: string, lines: readonly number[], dir: string): Promise<string | null>;
  /** What runs a test that stands at this path; null when no runner that we know does. */
  runnerOf(path: string, dir: string): Promise<TestRunner | null>;
  /** Runs the tests of this file alone, with what each failed with. Throws Refusal when its runner is missing. */
  runOne(path: string, dir: string, stop?: AbortSignal): Promise<TestRun>;
}

/** `found`: one stable text per error and warning, without line numbers; `why`: a finished sentence. */
export type Diagnostics = { ran: true; found: readonly string[] } | { ran: false; why: string };

/** The target's own compiler and formatter, for fixers that choose by trying. Neither changes the checkout. */
export interface Toolchain {
  /** What the compiler says of the crate that holds the path (repository-relative), its tests included. */
  diagnose(dir: string, path: string): Promise<Diagnostics>;
  /** The text as the project's formatter writes that file; null when there is none or it cannot read the text. */
  format(dir: string, path: string, text: string): Promise<string | null>;
}
