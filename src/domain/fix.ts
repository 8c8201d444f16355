// One attempt at one problem: its facts. It must not say what follows from them; stage.ts does.

import type { Attempt } from './record/attempt.ts';
import { newLife, type LifeFacts } from './pull/life-facts.ts';
import type { Joiner } from './crash/root.ts';
import type { FailedCheck, Verdict } from './pull/verdict.ts';
import type { Watch } from './watch.ts';

export type Approval = {
  by: string;
  at: number;
  via: 'tick' | 'command';
  /** Words for the fixer; hostile text. */
  hint: string | null;
  /** The fixer that the person asked for; the usual order without. */
  fixer?: string | null;
};

/** One row of the proof: what was tried and how it went. */
export type LadderStep = {
  step: string;
  result: 'passed' | 'failed' | 'skipped';
  detail: string;
  /** What the step printed when it failed, trimmed and without secrets; hostile text. */
  output?: string | undefined;
};

export type Ending =
  | { kind: 'refused'; reason: string; at: number }
  | { kind: 'to-archive'; reason: string; at: number }
  | { kind: 'failed'; reason: string; at: number }
  | { kind: 'withdrawn'; reason: string; at: number }
  | { kind: 'archived'; reason: string; at: number };

export type Proposal = {
  branch: string;
  commit: string;
  /** What stood on the remote branch before and was ours to replace; null when there was nothing. */
  replaces: string | null;
  base: string;
  files: string[];
  strategy: string;
};

export type PullFacts = {
  number: number;
  url: string;
  state: 'open' | 'merged' | 'closed';
  headSha: string;
  mergeSha: string | null;
  mergedAt: number | null;
  closedAt: number | null;
  verdict: Verdict;
  /** The branch it goes to; empty when not known. */
  base: string;
  draft: boolean;
  /** True when the host says that it does not merge. */
  conflicts: boolean;
  /** What makes the verdict red. */
  failed: FailedCheck[];
};

export type Resolution = {
  at: number;
  /** `already`: not by us. `gone`: there is nothing left to resolve. */
  how: 'in-next-release' | 'in-commit' | 'now' | 'already' | 'gone';
  /** Why it was not done as asked. */
  note: string | null;
};

/** Why another attempt is made, and for whom: a person's word, or red checks or conflicts on the approver's. */
export type Rework = {
  by: string;
  at: number;
  cause: 'person' | 'checks' | 'conflicts';
  /** The person's words, or what failed. Hostile text. */
  hint: string;
  commit: string | null;
  /** The fixer that the person asked for; the usual order without. */
  fixer?: string | null;
};

/** Whether the wish that is known now is still that one: a person may have asked for something else meanwhile. */
export function sameWish(known: Rework | null, taken: Rework | null): boolean {
  return known?.at === taken?.at && known?.by === taken?.by && known?.cause === taken?.cause;
}

export type FixFacts = {
  approval: Approval;
  /** The run of the fix job that works on it now: one that was taken over must not go on. Null before the first. */
  run: string | null;
  /** The step that runs now, for people; null while nothing runs. */
  progress: { step: string; since: number } | null;
  diagnosis: string[];
  /** `src/a.ts:88`, once located. */
  place: string | null;
  ladder: LadderStep[];
  /** The class of the crash (`TypeError`); null when it has none or was not read yet. */
  crash: string | null;
  /** Whose turns it was, and how each went. */
  attempts: Attempt[];
  ending: Ending | null;
  proposal: Proposal | null;
  pull: PullFacts | null;
  /** Another attempt on the same branch; `commit` once it was made. */
  rework: Rework | null;
  /** When the pull request was opened. */
  proposedAt: number | null;
  resolution: Resolution | null;
  /** The source is asked to resolve, or was, and the answer is not noted yet. */
  resolving: boolean;
  announced: boolean;
  cleanedUp: boolean;
  life: LifeFacts;
  /** What makes its problem one bug with another's (root.ts); null until it was located. */
  root: string | null;
  /** The fix with the same root whose pull request this one joined. */
  joined: { fixId: string; shortId: string } | null;
  /** Fixes that joined this one. */
  joiners: Joiner[];
  /** Whether it stays gone; null before the first look. */
  watch: Watch | null;
  /** The batch it was approved in (batch.ts): the id of its first fix; null for one that nobody works on. */
  batch: string | null;
  /** Why it waits before it is worked on, a clause safe to publish: somebody else works on the same file. */
  held: { why: string; since: number } | null;
  /** Who said that it goes on all the same. */
  anyway: { by: string; at: number } | null;
  /** Why the source does not let us resolve, a finished sentence; it is tried again. */
  heldUp: string | null;
  /** Whether the note at the source was seen to. */
  noted: boolean;
};

export type Fix = {
  id: string;
  bindingId: string;
  problemId: string;
  shortId: string;
  title: string;
  permalink: string;
  attempt: number;
  facts: FixFacts;
};

/** One of each run's own: an earlier run that was given up may still write to the one it had. */
export function worktreeName(fixId: string, run: string): string {
  return `${fixId}.${run.slice(0, 8)}`;
}

/** Facts of a fresh approval. */
export function approvedFacts(approval: Approval): FixFacts {
  return {
    approval,
    run: null,
    progress: null,
    diagnosis: [],
    place: null,
    ladder: [],
    crash: null,
    attempts: [],
    ending: null,
    proposal: null,
    pull: null,
    rework: null,
    proposedAt: null,
    resolution: null,
    resolving: false,
    announced: false,
    cleanedUp: false,
    life: newLife,
    root: null,
    joined: null,
    joiners: [],
    watch: null,
    batch: null,
    held: null,
    anyway: null,
    heldUp: null,
    noted: false,
  };
}
