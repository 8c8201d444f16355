// Every job there is, and how one is sent.
// Nothing here may name an SDK, a path of an API or a vendor's word.

import type { RepoRef } from '../domain/problem.ts';
import type { Person } from './code-host.ts';

/** Every job there is, and what it carries. Names are verbs; a file of jobs/ each. */
export type JobData = {
  /** A verified webhook delivery, raw, waiting to be understood. */
  'receive-delivery': { from: 'github' | 'sentry'; event: string; delivery: string; body: string };
  fetch: { bindingId: string };
  'fetch-problem': { bindingId: string; problemId: string };
  refresh: { bindingId: string };
  'read-ticks': {
    repo: RepoRef;
    issue: number;
    editor: Person;
    bodyBefore: string;
    bodyAfter: string;
    at: number;
  };
  'read-comment': {
    repo: RepoRef;
    issue: number;
    onPullRequest: boolean;
    comment: number;
    author: Person;
    body: string;
    /** What it said before, when it was edited: only what is new runs. */
    bodyBefore: string | null;
    at: number;
  };
  /** A box in a comment of ours was ticked. */
  'read-confirmation': {
    repo: RepoRef;
    issue: number;
    comment: number;
    editor: Person;
    bodyBefore: string;
    bodyAfter: string;
    at: number;
  };
  /** Looks at the newest events of what waits, for the folds. */
  inspect: { bindingId: string };
  /** Archives one problem at the source, on one person's word. */
  archive: { bindingId: string; problemId: string; by: string; reason: string; at: number };
  /** A review that asks for a change was written on a pull request. */
  'read-review': { repo: RepoRef; number: number; review: number; by: Person; at: number };
  fix: { fixId: string };
  /** Another attempt on the branch of an open pull request. */
  rework: { fixId: string };
  /** `mark`: the host's mark of its pull request, read before this was sent. */
  settle: { fixId: string; mark?: string | undefined };
  /** Writes the one comment about how a batch (the id of its first fix) ended. */
  'sum-up': { bindingId: string; batch: string };
  /** Looks whether a resolved problem stays gone. */
  watch: { fixId: string };
  /** Brings every fix of the binding that is not at its end to the truth. */
  reconcile: { bindingId: string };
  /** Asks the code host for what it could not deliver since then. */
  redeliver: { since: number };
};

export type JobName = keyof JobData;

export type Job<N extends JobName = JobName> = {
  [K in N]: {
    name: K;
    data: JobData[K];
    /** The same id again, however late, is a no-op. Any text. */
    id?: string;
    /** At most one job of this name and key waits (one more may run). */
    key?: string;
    /** Jobs of this name and group run one after the other, across processes. */
    group?: string;
    /** Not before this long from now. */
    afterMs?: number;
  };
}[N];

/** What a handler learns about its run. */
export type JobRun = { attempt: number; lastAttempt: boolean; signal: AbortSignal };

export type JobHandlers = { [N in JobName]: (data: JobData[N], run: JobRun) => Promise<void> };

export interface Queue {
  /** Durable when it resolves; many calls at once share one write. */
  send(jobs: readonly Job[]): Promise<void>;
}
