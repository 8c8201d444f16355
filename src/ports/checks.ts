// The target repository's own checks.
// Nothing here may name an SDK, a path of an API or a vendor's word.

export type CheckKind = 'types' | 'tests';

export type Check = {
  /** Shown to people: `tsc --noEmit`. */
  name: string;
  kind: CheckKind;
  /** Program and arguments, run in `dir`. */
  command: readonly string[];
  /** Repository-relative folder, `.` for the root. */
  dir: string;
};

export type CheckResult = {
  check: Check;
  passed: boolean;
  timedOut: boolean;
  /**
   * One stable name per failure, without line numbers, so that before and after can be compared:
   * `src/a.ts TS2532 Object is possibly undefined.` or `cart > totals an empty cart`.
   * Empty when it passed or when the output names none.
   */
  failures: readonly string[];
  /** The end of the output, cleaned of secrets, at most 8,000 characters. */
  output: string;
  ms: number;
  /** A line for people: `0 errors`, `12 passed, 1 failed`. */
  summary: string;
};

export interface Checks {
  /** The checks this repository has for these changed paths (all when empty), cheapest first. */
  find(dir: string, paths: readonly string[]): Promise<Check[]>;
  /** Installs what the checks need; does nothing when there is nothing to install. Throws Refusal with the reason. */
  install(dir: string): Promise<void>;
  run(check: Check, dir: string): Promise<CheckResult>;
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
