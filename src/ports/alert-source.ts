// Where problems come from, in the core's words.
// Nothing here may name an SDK, a path of an API or a vendor's word.

import type { CrashEvent } from '../domain/crash/crash-event.ts';
import type { PathMapping } from '../domain/locate/find-path.ts';
import type { Problem, ProjectRef, RepoRef } from '../domain/problem.ts';

/** What the smoke test found; `problem` is a finished sentence with what to do next. */
export type AccessReport = { ok: true; projectId: string } | { ok: false; problem: string };

/**
 * `in-next-release` covers releases that are not out yet; a commit covers those without it, where the source knows it;
 * `now` reopens on any later event.
 */
export type ResolveHow = 'in-next-release' | 'now' | { commit: string; repo: RepoRef };

/** `forbidden` comes with a finished sentence: what the token lacks and who can give it. */
export type ResolveOutcome =
  | { done: true }
  | { done: false; why: 'no-release' | 'unknown-repository' | 'unknown-commit' }
  | { done: false; why: 'forbidden'; sentence: string };

/** What became of a note: `refused` when the token may not write one, or the source has none. */
export type NoteOutcome = 'written' | 'there' | 'refused';

export interface AlertSource {
  /** Reads, never writes. Throws Later when the source is down or slow; a bad token is a report. */
  checkAccess(project: ProjectRef): Promise<AccessReport>;
  /**
   * All unresolved problems seen in the last `days`, most frequent first, every page, no doubles. `narrow` is a
   * further condition in the source's own search words, empty for none.
   */
  readUnresolved(project: ProjectRef, wanted: { days: number; narrow: string }): Promise<Problem[]>;
  /** The problem as it is now; null when it is gone or belongs to another project. */
  readProblem(project: ProjectRef, problemId: string): Promise<Problem | null>;
  /** The newest event; null when none is kept any more. */
  readLatestEvent(project: ProjectRef, problemId: string): Promise<CrashEvent | null>;
  /** What people told the source about paths of stacks in this repository; none when the token may not read it. */
  readPathMappings(project: ProjectRef, repo: RepoRef): Promise<PathMapping[]>;
  /** Resolves one problem, never several. Reads first: a resolved one is left alone and is `done`. */
  resolve(project: ProjectRef, problemId: string, how: ResolveHow): Promise<ResolveOutcome>;
  /**
   * Puts a note on one problem, once: one that contains `key` already is `there`. What the token may not do is an
   * outcome, not a failure.
   */
  note(project: ProjectRef, problemId: string, note: { text: string; key: string }): Promise<NoteOutcome>;
  /** True when a note with this text in it stands on the problem; false also when notes cannot be read. */
  hasNote(project: ProjectRef, problemId: string, key: string): Promise<boolean>;
  /** The newest release of the project; null when it has none or the token may not read it. */
  readRelease(project: ProjectRef): Promise<string | null>;
  /** Hides one problem until it escalates. Reads first: one that is not unresolved is left alone. */
  archive(project: ProjectRef, problemId: string): Promise<void>;
}
