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
