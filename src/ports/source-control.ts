// Reading a repository at a commit, and changing it in a worktree.
// Nothing here may name an SDK, a path of an API or a vendor's word.

import type { Hunk } from '../domain/locate/hunk.ts';
import type { RepoRef } from '../domain/problem.ts';
import type { GitAccess } from './code-host.ts';

export type TextMatch = { path: string; line: number; text: string };

/** Reading a repository at a commit. Paths are repository-relative with forward slashes. */
export interface Repository {
  /** The commit a branch, tag or abbreviated id names; null when there is none. */
  resolveRevision(revision: string): Promise<string | null>;
  /** Every file (no links, no submodules) at that commit, sorted. */
  listFiles(commit: string): Promise<readonly string[]>;
  /** The file as text; null when absent, binary or over 2 MiB. */
  readText(commit: string, path: string): Promise<string | null>;
  /** Lines that contain exactly this text, at most `limit`. */
  searchText(commit: string, text: string, limit: number): Promise<TextMatch[]>;
  /** How it came to be as it is; absent where only files are known. */
  readonly history?: History;
  /** What builds left beside the commits; only on a person's own machine. */
  readonly buildOutput?: BuildOutput;
  /** A new linked worktree, detached at that commit, replacing one of the same name. */
  openWorktree(name: string, commit: string): Promise<Worktree>;
  /** Removes the worktree and its local branch when they are there. */
  removeWorktree(name: string): Promise<void>;
}

/** Bundles and source maps in a working directory. Paths are relative to its root, with forward slashes. */
export interface BuildOutput {
  /** The files there are, shallow ones first, a bounded number. */
  listFiles(): Promise<readonly string[]>;
  /** One of the listed files; null when it is gone or too large. */
  readText(path: string): Promise<string | null>;
  /** The beginning and the end of one of the listed files. */
  readEnds(path: string): Promise<string | null>;
}

export type Tag = { name: string; commit: string };

/** What became of a file between two commits; null path: deleted. */
export type FileChange = { path: string | null; hunks: readonly Hunk[] };

export type BlamedLine = {
  line: number;
  commit: string;
  /** The author's name and the time, in milliseconds. Hostile text. */
  author: string;
  at: number;
  summary: string;
};

/** How a repository came to be as it is. Paths and commits as in Repository. */
export interface History {
  /** Every tag with the commit it names. */
  listTags(): Promise<readonly Tag[]>;
  /** The newest commit on the first-parent line of `head` that is not younger than `at`; null when all are. */
  commitBefore(head: string, at: number): Promise<string | null>;
  /** What became of the file that stands at `path` in `from`, renames followed. */
  changeOf(from: string, to: string, path: string): Promise<FileChange>;
  /** Who wrote those lines of the file last; empty when the file or the lines are not there. */
  blame(commit: string, path: string, lines: { from: number; to: number }): Promise<BlamedLine[]>;
  /** Lines that match a POSIX extended regular expression, at most `limit`, in files that end so (all when empty). */
  searchPattern(
    commit: string,
    pattern: string,
    options: { limit: number; endings: readonly string[] },
  ): Promise<TextMatch[]>;
}

export type Change = { path: string; kind: 'added' | 'modified' | 'deleted' | 'other' };

export type CommitRequest = {
  branch: string;
  paths: readonly string[];
  message: string;
  author: { name: string; email: string };
};

/** What differs from the base, untracked files included, ignored ones not: as a list and as a unified diff. */
export type Work = { changes: Change[]; diff: string };

export interface Worktree {
  /** Absolute folder. */
  readonly dir: string;
  readonly base: string;
  /** Both of one moment; cheaper than asking twice. */
  work(): Promise<Work>;
  changes(): Promise<Change[]>;
  diff(): Promise<string>;
  /** Back to the base commit, every other change discarded. */
  reset(): Promise<void>;
  /** Writes that file, or removes it (null). Throws Bug for a path that leads out of the worktree or is a link. */
  put(path: string, text: string | null): Promise<void>;
  /**
   * Runs `work` at the base with only the changes to `kept` paths in place, then puts every change back as it was;
   * what `work` itself changed is discarded.
   */
  atBase<T>(kept: readonly string[], work: () => Promise<T>): Promise<T>;
  /**
   * Stages exactly these paths by name, verifies that the staged list equals them, commits once on
   * that branch with the base as parent. Throws Bug when the staged list differs.
   */
  commit(request: CommitRequest): Promise<string>;
  /**
   * Pushes that branch's commit; overwrites the remote branch only while it stands at `expected`
   * (null: only when absent). Throws Refusal with the host's own words when a rule refuses it,
   * Later when the host cannot be reached.
   */
  push(branch: string, access: GitAccess, expected: string | null): Promise<void>;
  /** The commit the remote branch stands at; null when absent. */
  readRemote(branch: string, access: GitAccess): Promise<string | null>;
}

export interface SourceControl {
  /** The repository's bare mirror, fetched now. Throws Later when the host cannot be reached. */
  fetchMirror(repo: RepoRef, access: GitAccess): Promise<Repository>;
  /** The mirror as it lies there, without the network; null when there is none yet. */
  openMirror(repo: RepoRef): Promise<Repository | null>;
}
