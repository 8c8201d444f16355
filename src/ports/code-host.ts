// Where the code, its issues and its pull requests live, in the core's words.
// Nothing here may name an SDK, a path of an API or a vendor's word.

import type { BodyVersion } from '../domain/triage/edit-history.ts';
import type { Run } from '../domain/pull/latest-runs.ts';
import type { RepoRef } from '../domain/problem.ts';
import type { Reviewers } from '../domain/pull/reviewers.ts';
import type { RequiredCheck } from '../domain/pull/verdict.ts';

export type Role = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';

export type Person = { login: string; kind: 'human' | 'bot' | 'other' };

export type HostIssue = {
  number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  url: string;
  author: Person;
  labels: string[];
};

export type HostComment = { id: number; body: string; author: Person; url: string };

export type PullRequest = {
  number: number;
  url: string;
  title: string;
  body: string;
  state: 'open' | 'merged' | 'closed';
  author: Person;
  branch: string;
  base: string;
  /** False for a branch of a fork: never ours. */
  sameRepo: boolean;
  headSha: string;
  /** Only once merged: before, the host's field means a test merge (reference github.md, 4.2). */
  mergeSha: string | null;
  mergedAt: number | null;
  closedAt: number | null;
  /** Who merged, when the host says. */
  mergedBy: string | null;
  draft: boolean;
  /** True when it does not merge with its base; null while the host does not know, and in lists. */
  conflicts: boolean | null;
  /** Who is asked for a review and has not given one. */
  reviewers: string[];
};

export type OpenPull = { number: number; url: string; author: string; headSha: string; files: string[] };

/** `status` is `queued`, `in_progress`, `completed`, …; a conclusion comes only when completed. */
export type CheckRun = Run & { url: string | null };

export type CommitStatus = {
  context: string;
  state: 'error' | 'failure' | 'pending' | 'success';
  /** The app that set it, as far as the host shows. */
  appId: number | null;
  url: string | null;
};

export type CommitChecks = { runs: CheckRun[]; statuses: CommitStatus[] };

/** An https address without credentials, and a short-lived token narrowed to this repository. */
export type GitAccess = { url: string; token: string };

export type HostRepository = { defaultBranch: string; archived: boolean; webUrl: string };

/** `draft` is a wish: a host that has no drafts there opens an ordinary one. */
export type NewPullRequest = { title: string; body: string; branch: string; base: string; draft: boolean };

export type Reaction = '+1' | 'eyes' | 'rocket' | 'confused';

export interface CodeHost {
  /** Throws Refusal (with what to do) when the app is not installed there. */
  readRepository(repo: RepoRef): Promise<HostRepository>;
  /** Who we are on the host: `suture[bot]`. */
  readSelf(): Promise<{ login: string; email: string }>;
  /** Asked of the host for that person now; `none` for strangers. */
  readRole(repo: RepoRef, login: string): Promise<Role>;
  listIssues(repo: RepoRef, label: string, state: 'open' | 'closed' | 'all'): Promise<HostIssue[]>;
  readIssue(repo: RepoRef, number: number): Promise<HostIssue | null>;
  createIssue(repo: RepoRef, issue: { title: string; body: string; labels: string[] }): Promise<HostIssue>;
  /** Returns the issue as stored: the host may refuse an oversized body silently. */
  updateIssue(
    repo: RepoRef,
    number: number,
    change: { title?: string; body?: string; state?: 'open' | 'closed' },
  ): Promise<HostIssue>;
  /**
   * The last versions of an issue's body (at most 100), oldest first, with who made each; null when the host cannot
   * tell. The first one is the body as it was opened.
   */
  readBodyVersions(repo: RepoRef, number: number): Promise<BodyVersion[] | null>;
  /** A text file of the default branch; null when it is not there, no text, or over 1 MB. */
  readFile(repo: RepoRef, path: string): Promise<string | null>;
  ensureLabel(repo: RepoRef, label: { name: string; color: string; description: string }): Promise<void>;
  listComments(repo: RepoRef, number: number): Promise<HostComment[]>;
  /** Null when it is gone. */
  readComment(repo: RepoRef, commentId: number): Promise<HostComment | null>;
  /** As `readBodyVersions`, of a comment. */
  readCommentVersions(repo: RepoRef, commentId: number): Promise<BodyVersion[] | null>;
  comment(repo: RepoRef, number: number, body: string): Promise<HostComment>;
  updateComment(repo: RepoRef, commentId: number, body: string): Promise<void>;
  react(repo: RepoRef, commentId: number, reaction: Reaction): Promise<void>;
  /** What a review says, its remarks on lines included, oldest first; null when it is gone. */
  readReview(repo: RepoRef, number: number, review: number): Promise<string | null>;
  /** Every pull request (open, merged, closed) from a branch of this repository that starts so, newest first. */
  findPullRequests(repo: RepoRef, branchPrefix: string): Promise<PullRequest[]>;
  /**
   * The open pull requests of anybody, forks included, with the files they change; at most the hundred that moved
   * last. Files are read again only when the head has moved.
   */
  listOpenPulls(repo: RepoRef): Promise<OpenPull[]>;
  readPullRequest(repo: RepoRef, number: number): Promise<PullRequest | null>;
  /**
   * A mark for each of these pull requests, asked for many at a time: while it stays the same, `readPullRequest`, the
   * `readChecks` of its head and the `readRequiredChecks` of its base tell nothing new. None for one that is not open,
   * and for one of which the host does not know, or does not show, everything. Throws where it cannot be asked.
   */
  readPullMarks(repo: RepoRef, numbers: readonly number[]): Promise<ReadonlyMap<number, string>>;
  openPullRequest(repo: RepoRef, pull: NewPullRequest): Promise<PullRequest>;
  /** Offers a draft for review; does nothing to one that is no draft. */
  markReady(repo: RepoRef, number: number): Promise<void>;
  /** Asks for reviews; gives those the host let us ask. Somebody it refuses is left out. */
  askForReview(repo: RepoRef, number: number, who: Reviewers): Promise<string[]>;
  /** The account behind a commit's author; null when the host knows none. */
  readAuthor(repo: RepoRef, sha: string): Promise<Person | null>;
  /** The commit a branch stands at; null when it is not there. */
  readBranchHead(repo: RepoRef, branch: string): Promise<string | null>;
  /** What a run of a check says about its failure, and the end of its log where that may be read. Hostile text. */
  readRunOutput(repo: RepoRef, run: number): Promise<string | null>;
  readChecks(repo: RepoRef, sha: string): Promise<CommitChecks>;
  /**
   * The checks that the rules of a branch ask for, as far as we may know them; empty when none is named, or when a
   * rule asks for something without a name. May be some minutes old.
   */
  readRequiredChecks(repo: RepoRef, branch: string): Promise<RequiredCheck[]>;
  /** Deletes it while it stands at that commit and no pull request is open from it: else somebody still needs it. */
  deleteBranch(repo: RepoRef, branch: string, commit: string): Promise<void>;
  gitAccess(repo: RepoRef): Promise<GitAccess>;
}
