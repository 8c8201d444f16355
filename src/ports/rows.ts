// What is stored.
// Nothing here may name an SDK, a path of an API or a vendor's word.

import type { Finding } from '../domain/triage/finding.ts';
import type { Fix } from '../domain/fix.ts';
import type { Run } from '../domain/ledger/ledger.ts';
import type { Problem } from '../domain/problem.ts';
import type { KnownSettings } from '../domain/settings.ts';
import type { Skip } from '../domain/triage/triage-view.ts';
import type { Job } from './queue.ts';

export type StoredProblem = { problem: Problem; /** When a list or a read last showed it. */ readAt: number };

export type StoredIssue = {
  bindingId: string;
  number: number;
  url: string;
  /** The last body the host confirmed. */
  body: string;
  /** Boxes (ticks.ts, boxKey) whose tick did not count: they are emptied at the next write. */
  untick: string[];
  /** The ids of the problems in the table as last written: what its numbers mean. */
  shown: string[];
  /** Boxes that stand ticked though nobody told us, and since when; `asked` once the host could not say who. */
  unheard: { box: string; since: number; asked: boolean }[];
  /** The time of the newest version of the body whose ticks were looked at. */
  versionsReadTo: number;
  writtenAt: number;
  /** Our comments whose box still waits for a person to confirm. */
  asking: { issue: number; comment: number; since: number }[];
};

export type BindingState = {
  bindingId: string;
  paused: string | null;
  projectId: string | null;
  checkedAt: number;
  /** When the list of problems was read last; null before the first time: then nothing can be approved yet. */
  listedAt: number | null;
};

/** Reading and writing rows; inside `transaction` all of it, jobs included, happens or none. */
export interface Rows {
  /** Inserts or replaces by problem id. */
  saveProblems(bindingId: string, problems: readonly Problem[], readAt: number): Promise<void>;
  readProblems(bindingId: string): Promise<StoredProblem[]>;
  removeProblems(bindingId: string, problemIds: readonly string[]): Promise<void>;

  /** Changes what we know of the binding's triage issue under a lock; null leaves it as it is. */
  updateIssue(bindingId: string, change: (known: StoredIssue | null) => StoredIssue | null): Promise<void>;
  readIssue(bindingId: string): Promise<StoredIssue | null>;

  /** Changes the run ledger of a repository (`owner/name`) under a lock, and gives it as it is then. */
  updateLedger(repo: string, change: (runs: readonly Run[]) => readonly Run[]): Promise<readonly Run[]>;
  readLedger(repo: string): Promise<readonly Run[]>;

  saveFinding(bindingId: string, finding: Finding): Promise<void>;
  readFindings(bindingId: string): Promise<Finding[]>;
  saveSkip(bindingId: string, skip: Skip): Promise<void>;
  /** Does nothing when there is none. */
  removeSkip(bindingId: string, problemId: string): Promise<void>;
  readSkips(bindingId: string): Promise<Skip[]>;
  saveSettings(known: KnownSettings): Promise<void>;
  readSettings(bindingId: string): Promise<KnownSettings | null>;

  saveBindingState(state: BindingState): Promise<void>;
  readBindingState(bindingId: string): Promise<BindingState | null>;

  /** True the first time this key is claimed, false ever after. */
  claim(key: string, at: number): Promise<boolean>;

  /** Which repository (the host's own number) this name meant when it was first seen; null before. */
  readIdentity(repo: string): Promise<number | null>;
  /** The first word stays. */
  keepIdentity(repo: string, id: number): Promise<void>;

  /** False when another live fix (domain/fix.ts, isLive) of the same problem exists (promise 2): nothing is written then. */
  createFix(fix: Fix): Promise<boolean>;
  /**
   * Takes a root (domain/crash/root.ts) for a live fix, unless another live fix of the binding has it. Gives the id of the
   * one that has it then; null when this fix is gone or no longer live. However many claim at once, one gets it.
   */
  claimRoot(fixId: string, root: string): Promise<string | null>;
  /** Changes a fix under a row lock, so that two jobs cannot lose each other's facts. Null when it is gone. */
  updateFix(fixId: string, change: (fix: Fix) => Fix): Promise<Fix | null>;
  readFix(fixId: string): Promise<Fix | null>;
  /** Every attempt of the binding, oldest first. */
  readFixes(bindingId: string): Promise<Fix[]>;

  send(jobs: readonly Job[]): Promise<void>;
}

export interface Store extends Rows {
  transaction<T>(work: (rows: Rows) => Promise<T>): Promise<T>;
}
