// What a webhook says happened, understood but not believed.
// Nothing here may name an SDK, a path of an API or a vendor's word.

import type { RepoRef } from '../domain/problem.ts';
import type { Person } from './code-host.ts';
import type { JobData } from './queue.ts';

/** A hint that a problem moved; nothing in it is believed but which problem to read. */
export type ProblemHint = {
  project: { id: string | null; slug: string | null; org: string | null };
  problemId: string;
};

/** What a webhook says happened, as a hint: the reader asks for the truth before it acts. */
export type Happening =
  | {
      kind: 'body-edited';
      repo: RepoRef;
      issue: number;
      /** Who edited, not who wrote it first. */
      editor: Person;
      bodyBefore: string;
      bodyAfter: string;
      at: number;
    }
  | {
      kind: 'commented';
      repo: RepoRef;
      issue: number;
      onPullRequest: boolean;
      comment: number;
      author: Person;
      body: string;
      at: number;
    }
  | {
      kind: 'comment-edited';
      repo: RepoRef;
      issue: number;
      onPullRequest: boolean;
      comment: number;
      /** Who wrote it first. */
      author: Person;
      /** Who edited it. */
      editor: Person;
      bodyBefore: string;
      bodyAfter: string;
      at: number;
    }
  /** A person's review asks for a change. */
  | { kind: 'changes-requested'; repo: RepoRef; number: number; review: number; by: Person; at: number }
  | {
      kind: 'issue-changed';
      repo: RepoRef;
      issue: number;
      change: 'closed' | 'reopened' | 'deleted' | 'transferred' | 'labelled';
    }
  | { kind: 'pull-moved'; repo: RepoRef; number: number; branch: string }
  | { kind: 'checks-moved'; repo: RepoRef; sha: string }
  /** Installed, removed, suspended or granted more; empty when the host names no repository. */
  | { kind: 'installation-changed'; repos: RepoRef[] }
  /** From the alert source: a problem may have changed. */
  | ({ kind: 'problem-moved' } & ProblemHint);

/** Understands verified deliveries. Unknown events give nothing. Throws Refusal on a body it cannot read. */
export interface Deliveries {
  read(delivery: JobData['receive-delivery']): Promise<Happening[]>;
}
