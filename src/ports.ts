// The short interfaces the core needs, in the core's words. Rooms implement them; jobs call them.
// Nothing here may name an SDK, a path of an API or a vendor's word.

import type { BodyVersion } from './domain/edit-history.ts';
import type { CrashEvent } from './domain/crash-event.ts';
import type { Diagnosis } from './domain/diagnosis.ts';
import type { PathMapping } from './domain/locate/find-path.ts';
import type { Location } from './domain/location.ts';
import type { Finding } from './domain/finding.ts';
import type { Hunk } from './domain/locate/hunk.ts';
import type { OriginalPlace } from './domain/locate/source-map.ts';
import type { Fix } from './domain/fix.ts';
import type { FixDescription } from './domain/fix-description.ts';
import type { Signer } from './domain/marker.ts';
import type { Binding, Problem, ProjectRef, RepoRef } from './domain/problem.ts';
import type { TextDocument } from './domain/read-settings.ts';
import type { KnownSettings } from './domain/settings.ts';
import type { Skip } from './domain/triage-view.ts';

// ---------------------------------------------------------------- time and words

/** Milliseconds since 1970. */
export type Clock = { now(): number };

export type Log = {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
  child(fields: Record<string, unknown>): Log;
};

// ---------------------------------------------------------------- alert source (Sentry)

/** What the smoke test found; `problem` is a finished sentence with what to do next. */
export type AccessReport = { ok: true; projectId: string } | { ok: false; problem: string };

/** `later` covers releases that are not out yet; `now` reopens on any later event. */
export type ResolveHow = 'in-next-release' | 'now';

export type ResolveOutcome = { done: true } | { done: false; why: 'no-release' };

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
  /** Hides one problem until it escalates. Reads first: one that is not unresolved is left alone. */
  archive(project: ProjectRef, problemId: string): Promise<void>;
}

// ---------------------------------------------------------------- code host (GitHub)

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
};

export type CheckRun = {
  name: string;
  /** `queued`, `in_progress`, `completed`, … */
  status: string;
  /** Only when completed. */
  conclusion: string | null;
  url: string | null;
};

export type CommitStatus = {
  context: string;
  state: 'error' | 'failure' | 'pending' | 'success';
  url: string | null;
};

export type CommitChecks = { runs: CheckRun[]; statuses: CommitStatus[] };

/** An https address without credentials, and a short-lived token narrowed to this repository. */
export type GitAccess = { url: string; token: string };

export type HostRepository = { defaultBranch: string; archived: boolean; webUrl: string };

export type NewPullRequest = { title: string; body: string; branch: string; base: string };

export type Reaction = '+1' | 'eyes' | 'rocket' | 'confused';

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
  comment(repo: RepoRef, number: number, body: string): Promise<HostComment>;
  updateComment(repo: RepoRef, commentId: number, body: string): Promise<void>;
  react(repo: RepoRef, commentId: number, reaction: Reaction): Promise<void>;
  /** What a review says, its remarks on lines included, oldest first; null when it is gone. */
  readReview(repo: RepoRef, number: number, review: number): Promise<string | null>;
  /** Every pull request (open, merged, closed) from a branch of this repository that starts so, newest first. */
  findPullRequests(repo: RepoRef, branchPrefix: string): Promise<PullRequest[]>;
  readPullRequest(repo: RepoRef, number: number): Promise<PullRequest | null>;
  openPullRequest(repo: RepoRef, pull: NewPullRequest): Promise<PullRequest>;
  readChecks(repo: RepoRef, sha: string): Promise<CommitChecks>;
  /** Deletes it when it is there. */
  deleteBranch(repo: RepoRef, branch: string): Promise<void>;
  gitAccess(repo: RepoRef): Promise<GitAccess>;
}

export type { Signer } from './domain/marker.ts';
// ---------------------------------------------------------------- source control (git)

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
  /** A new linked worktree, detached at that commit, replacing one of the same name. */
  openWorktree(name: string, commit: string): Promise<Worktree>;
  /** Removes the worktree and its local branch when they are there. */
  removeWorktree(name: string): Promise<void>;
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

export interface Worktree {
  /** Absolute folder. */
  readonly dir: string;
  readonly base: string;
  /** What differs from the base, untracked files included, ignored ones not. */
  changes(): Promise<Change[]>;
  /** Unified diff against the base, untracked files included. */
  diff(): Promise<string>;
  /** Back to the base commit, every other change discarded. */
  reset(): Promise<void>;
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

// ---------------------------------------------------------------- syntax

/** The function that encloses a line. */
export type EnclosingFunction = { name: string | null; startLine: number; endLine: number };

export interface Syntax {
  /** Every function of that name in the text, in order; empty for languages we do not parse. */
  functionsNamed(path: string, text: string, name: string): EnclosingFunction[];
  /** Null at top level, for languages we do not parse, and for text that does not parse. */
  enclosingFunction(path: string, text: string, line: number): EnclosingFunction | null;
}

// ---------------------------------------------------------------- documents

/** Settings files people write. */
export interface Documents {
  /** Never throws: what is no proper document is in its errors. */
  readYaml(text: string): TextDocument;
}

export type { OriginalPlace };

export interface SourceMaps {
  /** Where a 1-based place of a built file stands in the source; null when the map is none or does not say. */
  originalPlace(map: string, at: { line: number; column: number }): OriginalPlace | null;
}

// ---------------------------------------------------------------- checks

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

// ---------------------------------------------------------------- fixers

export type FixTask = {
  problem: { shortId: string; title: string };
  event: CrashEvent;
  location: Location;
  diagnosis: Diagnosis;
  /** What a person added with `/sentry retry`; hostile text. */
  hint: string | null;
  /** The failed step's output, when this is another try; null on the first. */
  previousFailure: string | null;
};

export type { FixDescription } from './domain/fix-description.ts';

export type FixerResult =
  | { outcome: 'changed'; description: FixDescription }
  | { outcome: 'refused'; tried: { what: string; why: string }[] };

/** Writes a change into a worktree. It gets a folder and a task, never a token, and never commits. */
export interface Fixer {
  readonly name: string;
  fix(task: FixTask, dir: string): Promise<FixerResult>;
}

// ---------------------------------------------------------------- rows and queue

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
  settle: { fixId: string };
  /** Brings every fix of the binding that is not at its end to the truth. */
  reconcile: { bindingId: string };
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
  /** The binding whose triage issue this is. */
  findIssue(repo: string, number: number): Promise<StoredIssue | null>;

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

  /** False when another live fix (domain/fix.ts, isLive) of the same problem exists (promise 2): nothing is written then. */
  createFix(fix: Fix): Promise<boolean>;
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

// ---------------------------------------------------------------- deliveries

/** Understands verified deliveries. Unknown events give nothing. Throws Refusal on a body it cannot read. */
export interface Deliveries {
  read(delivery: JobData['receive-delivery']): Promise<Happening[]>;
}

// ---------------------------------------------------------------- all of it

/** What main.ts joins. A job names the ones it needs with Pick. */
export type Ports = {
  source: AlertSource;
  host: CodeHost;
  git: SourceControl;
  syntax: Syntax;
  documents: Documents;
  sourceMaps: SourceMaps;
  checks: Checks;
  fixers: readonly Fixer[];
  store: Store;
  deliveries: Deliveries;
  signer: Signer;
  clock: Clock;
  log: Log;
  bindings: readonly Binding[];
};
