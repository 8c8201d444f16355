// What writes a change.
// Nothing here may name an SDK, a path of an API or a vendor's word.

import type { CrashEvent } from '../domain/crash/crash-event.ts';
import type { EarlierAttempt } from '../domain/record/earlier.ts';
import type { Diagnosis } from '../domain/crash/diagnosis.ts';
import type { FixDescription } from '../domain/pull/fix-description.ts';
import type { Location } from '../domain/crash/location.ts';
import type { Budget, Spent } from '../domain/agent/spending.ts';

export type FixTask = {
  problem: { shortId: string; title: string };
  event: CrashEvent;
  location: Location;
  diagnosis: Diagnosis;
  /** What a person added with `/sentry retry`; hostile text. */
  hint: string | null;
  /** What was tried at this problem before and did not hold, oldest first; absent when nothing was. */
  earlier?: readonly EarlierAttempt[];
  /** The failed step's output, when this is another try; null on the first. */
  previousFailure: string | null;
};

/** `spent`: what models cost for this answer, when any was asked. */
export type FixerResult = { spent?: Spent } & ({ outcome: 'changed'; description: FixDescription } | Refused);

/** `why`: a finished sentence for each thing that was tried. */
export type Refused = { outcome: 'refused'; tried: { what: string; why: string }[] };

/** What holds for all tries at one task. */
export type FixerWork = {
  /** Told what is done right now, finished words safe to publish; seldom enough for an issue to follow. */
  progress: (step: string) => Promise<void>;
  /** Aborted when nobody wants the change any more. */
  signal: AbortSignal;
  /** What the change is held to afterwards. */
  rules: {
    limits: { files: number; lines: number };
    protectedPaths: readonly string[];
    checks: readonly string[];
  };
};

/** The tries at one task; each sees what the one before it learned. */
export interface FixerTries {
  /** Another change in the folder, which stands at the base again. Takes the failed step's output; null first. */
  attempt(previousFailure: string | null): Promise<FixerResult>;
  /** Ends whatever runs. Safe to call twice. */
  close(): Promise<void>;
}

/** One try's answer, worked out while the folder stood at its base. */
export type Foreseen = {
  result: FixerResult;
  /** Writes the change of `result` into the folder. False, with nothing written, when the code is not what it was. */
  write(): Promise<boolean>;
};

/** Writes a change into a worktree. It gets a folder and a task, never a token, and never commits. */
export interface Fixer {
  readonly name: string;
  /** Whether it reads what a person adds to a retry. */
  readonly readsHints?: boolean;
  /** What it may use up; absent where that is nothing worth a word. */
  budget?(): Promise<Budget>;
  /**
   * What can be said before anything is installed or run: the refusal that `fix` would give. Null when it has to be
   * tried.
   */
  decline?(task: FixTask, dir: string): Promise<Refused | null>;
  /** One try that remembers nothing. */
  fix(task: FixTask, dir: string): Promise<FixerResult>;
  /**
   * The same try without touching the folder, for fixers that can work it out while checks run there: those may leave
   * files behind. Null when it cannot for this task.
   */
  foresee?(task: FixTask, dir: string): Promise<Foreseen | null>;
  /** For fixers that remember between tries; the others are asked by `fix` each time. */
  open?(task: FixTask, dir: string, work: FixerWork): Promise<FixerTries>;
}
