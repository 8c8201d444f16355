// What climbing the ladder takes and gives. It must not climb.

import type { Attempt } from '../../domain/record/attempt.ts';
import type { GivenCheck } from '../../domain/proof/given-checks.ts';
import type { LadderStep } from '../../domain/fix.ts';
import type { Ahead } from './look-ahead.ts';
import type { CheckResult, FixDescription, Fixer, FixTask, Ports, TestFile, Worktree } from '../../ports.ts';

export type RepairInput = {
  task: FixTask;
  worktree: Worktree;
  protectedPaths: readonly string[];
  /** The checks that the repository names itself; none, and they are found. */
  checks?: readonly GivenCheck[];
  /** How large the change may be. */
  limits: { files: number; lines: number };
  /** Told before each step, so that people see what runs. */
  progress: (step: string) => Promise<void>;
  /** Aborted when nobody wants the change any more. */
  signal?: AbortSignal;
};

export type Fixed = {
  outcome: 'fixed';
  description: FixDescription;
  files: string[];
  diff: string;
  reproduced: boolean;
  /** The test that shows the crash, when it is not part of the change. */
  evidence: TestFile | null;
};

/** `told`: everything that a fixer said about it, where that is more than the reason. */
type Unfixed = { outcome: 'refused' | 'failed'; reason: string; told?: string };

export type RepairResult = {
  ladder: LadderStep[];
  fixer: string | null;
  /** One for each fixer that was asked, in order. */
  attempts: Attempt[];
} & (Fixed | Unfixed);

/** What the steps need. */
export type Needs = Pick<Ports, 'checks' | 'fixers' | 'reproducer'>;

/** One fixer's turn: the checks at the base, and the rows of the proof so far. */
export type Turn = RepairInput & {
  fixer: Fixer;
  baseline: readonly CheckResult[];
  ahead: Ahead;
  ladder: readonly LadderStep[];
};
