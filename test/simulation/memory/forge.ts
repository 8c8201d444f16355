// The state behind the in-memory code host and git server, and what people and CI do to it.
// It keeps records that the promises are checked on; it must not know Suture's jobs.

import { createHash } from 'node:crypto';
import type { BodyVersion } from '../../../src/domain/triage/edit-history.ts';
import { repoName, type RepoRef } from '../../../src/domain/problem.ts';
import type { RequiredCheck } from '../../../src/domain/pull/verdict.ts';
import type {
  CheckRun,
  CommitStatus,
  Happening,
  HostComment,
  HostIssue,
  Person,
  PullRequest,
  Reaction,
  Role,
} from '../../../src/ports.ts';

export type Files = ReadonlyMap<string, string>;

export type Commit = {
  sha: string;
  parents: readonly string[];
  files: Files;
  message: string;
  author: string;
};

export type ForgeRepo = {
  ref: RepoRef;
  /** False: nobody let the app in. */
  installed: boolean;
  archived: boolean;
  token: string;
  branches: Map<string, string>;
  commits: Map<string, Commit>;
  roles: Map<string, Role>;
  labels: Set<string>;
  issues: Map<number, HostIssue>;
  /** Every body an issue has had, oldest first. */
  versions: Map<number, BodyVersion[]>;
  pulls: Map<number, PullRequest>;
  comments: Map<number, HostComment & { issue: number }>;
  /** As `versions`, by the comment's id. */
  commentVersions: Map<number, BodyVersion[]>;
  reactions: Map<number, Set<Reaction>>;
  /** What reviews say, by their id. */
  reviews: Map<number, string>;
  runs: Map<string, CheckRun[]>;
  statuses: Map<string, CommitStatus[]>;
  /** What the rules of each branch ask for. */
  required: Map<string, RequiredCheck[]>;
  /** What runs say about themselves, by their id. */
  outputs: Map<number, string>;
  /** False: this repository has no drafts. */
  drafts: boolean;
  /**
   * What the last two looks at a commit's checks showed: two pull requests may have the same head, and be looked at side
   * by side.
   */
  lastChecks: Map<string, { runs: CheckRun[]; statuses: CommitStatus[] }[]>;
};

export type Forge = {
  now: () => number;
  emit: (happening: Happening) => void;
  repos: ForgeRepo[];
  /** Counts changes: whoever checks the records looks only when it has moved. */
  revision: number;
  nextNumber: number;
  salt: number;
};

export const self = { login: 'suture[bot]', email: '1+suture[bot]@users.noreply.example' };
export const base = 'main';

/** Commits are named differently in every forge: what is kept about one of them must not help in another. */
let salt = 0;

export function newForge(now: () => number, emit: (happening: Happening) => void): Forge {
  salt += 1;
  return { now, emit, repos: [], revision: 0, nextNumber: 1, salt };
}

/** A repository with one commit on its default branch. */
export function addRepo(
  forge: Forge,
  ref: RepoRef,
  options: { files: Record<string, string>; installed: boolean },
): ForgeRepo {
  const repo: ForgeRepo = {
    ref,
    installed: options.installed,
    archived: false,
    token: `ghs_${createHash('sha256').update(repoName(ref)).digest('hex').slice(0, 24)}`,
    branches: new Map(),
    commits: new Map(),
    roles: new Map(),
    labels: new Set(),
    issues: new Map(),
    versions: new Map(),
    pulls: new Map(),
    comments: new Map(),
    commentVersions: new Map(),
    reactions: new Map(),
    reviews: new Map(),
    runs: new Map(),
    statuses: new Map(),
    required: new Map(),
    outputs: new Map(),
    drafts: true,
    lastChecks: new Map(),
  };
  forge.repos.push(repo);
  const first = addCommit(forge, repo, {
    parents: [],
    files: new Map(Object.entries(options.files)),
    message: 'first\n',
    author: 'ada <ada@example.org>',
  });
  repo.branches.set(base, first.sha);
  return repo;
}

export function addCommit(forge: Forge, repo: ForgeRepo, commit: Omit<Commit, 'sha'>): Commit {
  const text = JSON.stringify([
    forge.salt,
    repoName(repo.ref),
    commit.parents,
    [...commit.files],
    commit.message,
  ]);
  const made = { ...commit, sha: createHash('sha1').update(text).digest('hex') };
  repo.commits.set(made.sha, made);
  return made;
}

/** Moves a branch, and the head of every open pull request from it. */
export function moveBranch(
  forge: Forge,
  repo: ForgeRepo,
  move: { branch: string; sha: string | null },
): void {
  const { branch, sha } = move;
  if (sha === null) repo.branches.delete(branch);
  else repo.branches.set(branch, sha);
  forge.revision += 1;
  for (const pull of repo.pulls.values()) {
    if (pull.branch !== branch || pull.state !== 'open') continue;
    if (sha === null) changePull(forge, repo, { ...pull, state: 'closed', closedAt: forge.now() });
    else changePull(forge, repo, { ...pull, headSha: sha });
  }
}

/** Puts a commit on top of a branch (or of the default branch, when it is new) from elsewhere. */
export function pushFrom(
  forge: Forge,
  repo: ForgeRepo,
  push: { branch: string; files: Record<string, string>; by: string },
): string {
  const parent = repo.branches.get(push.branch) ?? repo.branches.get(base) ?? '';
  const files = new Map([...(repo.commits.get(parent)?.files ?? []), ...Object.entries(push.files)]);
  const author = `${push.by} <${push.by}@example.org>`;
  const commit = addCommit(forge, repo, { parents: [parent], files, message: 'by hand\n', author });
  moveBranch(forge, repo, { branch: push.branch, sha: commit.sha });
  return commit.sha;
}

export function changePull(forge: Forge, repo: ForgeRepo, pull: PullRequest): void {
  repo.pulls.set(pull.number, pull);
  forge.revision += 1;
  forge.emit({ kind: 'pull-moved', repo: repo.ref, number: pull.number, branch: pull.branch });
}

/** Whether a pull request merges: both sides changed one file differently since they parted. */
export function conflictsOf(repo: ForgeRepo, pull: PullRequest): boolean {
  const into = repo.commits.get(repo.branches.get(pull.base) ?? '');
  const head = repo.commits.get(pull.headSha);
  const parted = into && head && mergeBase(repo, into, head);
  if (!parted) return false;
  return [...head.files].some(([path, text]) => {
    const [before, now] = [parted.files.get(path), into.files.get(path)];
    return text !== before && now !== before && now !== text;
  });
}

function mergeBase(repo: ForgeRepo, left: Commit, right: Commit): Commit | null {
  const known = new Set(ancestors(repo, left).map(({ sha }) => sha));
  return ancestors(repo, right).find(({ sha }) => known.has(sha)) ?? null;
}

/** The commit and all before it, nearest first. */
function ancestors(repo: ForgeRepo, commit: Commit): Commit[] {
  const found = new Map([[commit.sha, commit]]);
  for (const one of found.values())
    for (const parent of one.parents) {
      const before = repo.commits.get(parent);
      if (before) found.set(parent, before);
    }
  return [...found.values()];
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** Merges an open pull request: a new commit on the base, whatever the method. */
export function mergePull(
  forge: Forge,
  repo: ForgeRepo,
  merge: { number: number; by: string; method: MergeMethod },
): void {
  const pull = repo.pulls.get(merge.number);
  const head = pull && repo.commits.get(pull.headSha);
  if (pull?.state !== 'open' || !head || pull.draft || conflictsOf(repo, pull)) return;
  const into = repo.branches.get(pull.base) ?? '';
  const parents = merge.method === 'merge' ? [into, pull.headSha] : [into];
  const files = new Map([...(repo.commits.get(into)?.files ?? []), ...head.files]);
  const message = `${merge.method} ${pull.number} at ${forge.now()}\n`;
  const commit = addCommit(forge, repo, { parents, files, message, author: head.author });
  repo.branches.set(pull.base, commit.sha);
  const at = forge.now();
  changePull(forge, repo, {
    ...pull,
    state: 'merged',
    mergeSha: commit.sha,
    mergedAt: at,
    closedAt: at,
    mergedBy: merge.by,
  });
}

export function editIssue(
  forge: Forge,
  repo: ForgeRepo,
  edit: { number: number; editor: Person; change: Partial<Pick<HostIssue, 'title' | 'body' | 'state'>> },
): HostIssue | null {
  const issue = repo.issues.get(edit.number);
  if (!issue) return null;
  const changed = { ...issue, ...edit.change };
  repo.issues.set(issue.number, changed);
  forge.revision += 1;
  const place = { repo: repo.ref, issue: issue.number };
  if (changed.body !== issue.body) {
    keepVersion(forge, repo, { number: issue.number, editor: edit.editor, body: changed.body });
    const bodies = { bodyBefore: issue.body, bodyAfter: changed.body };
    forge.emit({ kind: 'body-edited', ...place, editor: edit.editor, ...bodies, at: forge.now() });
  }
  if (changed.state !== issue.state)
    forge.emit({ kind: 'issue-changed', ...place, change: changed.state === 'open' ? 'reopened' : 'closed' });
  return changed;
}

export function keepVersion(
  forge: Forge,
  repo: ForgeRepo,
  version: { number: number; editor: Person; body: string },
): void {
  const { number, editor, body } = version;
  repo.versions.set(number, [...(repo.versions.get(number) ?? []), { editor, body, at: forge.now() }]);
}

export function addComment(
  forge: Forge,
  repo: ForgeRepo,
  said: { issue: number; author: Person; body: string },
): HostComment {
  const id = (forge.nextNumber += 1);
  const url = `${webUrl(repo)}/issues/${said.issue}#issuecomment-${id}`;
  const comment = { id, body: said.body, author: said.author, url };
  repo.comments.set(id, { ...comment, issue: said.issue });
  repo.commentVersions.set(id, [{ editor: said.author, body: said.body, at: forge.now() }]);
  forge.revision += 1;
  forge.emit({
    kind: 'commented',
    repo: repo.ref,
    issue: said.issue,
    onPullRequest: repo.pulls.has(said.issue),
    comment: id,
    author: said.author,
    body: said.body,
    at: forge.now(),
  });
  return comment;
}

/** False when it is not there. */
export function editComment(
  forge: Forge,
  repo: ForgeRepo,
  edit: { id: number; editor: Person; body: string },
): boolean {
  const said = repo.comments.get(edit.id);
  if (!said) return false;
  repo.comments.set(edit.id, { ...said, body: edit.body });
  const versions = repo.commentVersions.get(edit.id) ?? [];
  repo.commentVersions.set(edit.id, [...versions, { editor: edit.editor, body: edit.body, at: forge.now() }]);
  forge.revision += 1;
  forge.emit({
    kind: 'comment-edited',
    repo: repo.ref,
    issue: said.issue,
    onPullRequest: repo.pulls.has(said.issue),
    comment: edit.id,
    author: said.author,
    editor: edit.editor,
    bodyBefore: said.body,
    bodyAfter: edit.body,
    at: forge.now(),
  });
  return true;
}

/** CI's word on a commit; the latest of a name counts. Null while it runs. */
export function reportRun(
  forge: Forge,
  repo: ForgeRepo,
  report: { sha: string; name: string; conclusion: string | null; output?: string },
): number {
  const { sha, name, conclusion, output = '' } = report;
  const id = (forge.nextNumber += 1);
  const status = conclusion === null ? 'in_progress' : 'completed';
  const times = { startedAt: forge.now(), completedAt: conclusion === null ? null : forge.now() };
  const run: CheckRun = { id, name, status, conclusion, app: null, suite: 1, url: null, ...times };
  repo.runs.set(sha, [...(repo.runs.get(sha) ?? []), run]);
  repo.outputs.set(id, output);
  forge.revision += 1;
  forge.emit({ kind: 'checks-moved', repo: repo.ref, sha: report.sha });
  return id;
}

export function reportStatus(
  forge: Forge,
  repo: ForgeRepo,
  report: { sha: string; status: CommitStatus },
): void {
  repo.statuses.set(report.sha, [...(repo.statuses.get(report.sha) ?? []), report.status]);
  forge.revision += 1;
  forge.emit({ kind: 'checks-moved', repo: repo.ref, sha: report.sha });
}

export function checksOf(repo: ForgeRepo, sha: string): { runs: CheckRun[]; statuses: CommitStatus[] } {
  const runs = new Map((repo.runs.get(sha) ?? []).map((run) => [run.name, run]));
  const statuses = new Map((repo.statuses.get(sha) ?? []).map((status) => [status.context, status]));
  return { runs: [...runs.values()], statuses: [...statuses.values()] };
}

export function webUrl(repo: ForgeRepo): string {
  return `https://forge.example/${repoName(repo.ref)}`;
}
