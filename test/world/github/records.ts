// What the stand-in remembers: plain records, one shape per thing GitHub keeps.
// No behaviour here, and nothing about HTTP.

import type { AppKey } from './keys.ts';

export type Level = 'read' | 'write';
export type Permissions = Record<string, Level>;

export const roles = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Role = (typeof roles)[number];

export const reactionContents = [
  '+1',
  '-1',
  'laugh',
  'confused',
  'heart',
  'hooray',
  'rocket',
  'eyes',
] as const;
type ReactionContent = (typeof reactionContents)[number];

export type Account = {
  id: number;
  login: string;
  type: 'User' | 'Bot' | 'Organization';
  createdAt: number;
};

export type App = {
  id: number;
  slug: string;
  owner: Account;
  /** The account that app-made issues and comments belong to: `slug[bot]`. */
  bot: Account;
  permissions: Permissions;
  events: string[];
  key: AppKey;
  webhookUrl: string | null;
  webhookSecret: string;
  createdAt: number;
};

export type Installation = {
  id: number;
  app: App;
  account: Account;
  repos: Repo[];
  createdAt: number;
  updatedAt: number;
};

export type Token =
  | { kind: 'personal'; account: Account }
  | {
      kind: 'installation';
      installation: Installation;
      permissions: Permissions;
      /** Null: whatever the installation has at the time of asking. */
      repoIds: readonly number[] | null;
      expiresAt: number;
    };

export type Label = {
  id: number;
  name: string;
  color: string;
  description: string | null;
};

export type Reaction = { id: number; account: Account; content: ReactionContent; createdAt: number };

export type Comment = {
  id: number;
  issue: Issue;
  author: Account;
  viaApp: App | null;
  body: string;
  reactions: Reaction[];
  /** As those of an issue. */
  edits: Edit[];
  createdAt: number;
  updatedAt: number;
};

export type Edit = { editor: Account; at: number; body: string };

export type Issue = {
  id: number;
  number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'not_planned' | 'duplicate' | 'reopened' | null;
  author: Account;
  viaApp: App | null;
  labels: Label[];
  assignees: Account[];
  lock: { reason: LockReason | null } | null;
  reactions: Reaction[];
  /** Oldest first, the first version included; empty while nobody edited. */
  edits: Edit[];
  /** Set when this number is a pull request. */
  pull: Pull | null;
  createdAt: number;
  updatedAt: number;
  closedAt: number | null;
  closedBy: Account | null;
};

type LockReason = 'resolved' | 'off-topic' | 'too heated' | 'spam';

export type Pull = {
  id: number;
  base: string;
  baseSha: string;
  head: string;
  headSha: string;
  draft: boolean;
  reviewers: Account[];
  reviews: Review[];
  merged: { at: number; by: Account; sha: string } | null;
  /** GitHub's own trial merge of this head into this base; the sha is null on conflicts. */
  trial: { baseSha: string; headSha: string; sha: string | null } | null;
  stats: { commits: number; additions: number; deletions: number; files: number };
};

export type Review = {
  id: number;
  author: Account;
  body: string;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
  commitSha: string;
  submittedAt: number;
  comments: ReviewComment[];
};

export type ReviewComment = {
  id: number;
  path: string;
  line: number;
  hunk: string;
  body: string;
  createdAt: number;
};

/** From that app only, unless it is null. */
export type RequiredCheck = { name: string; appId: number | null };

/** Classic protection of one branch; `told`: the branch itself says what is required. */
export type Protection = { branch: string; requiredChecks: RequiredCheck[]; told: boolean };

export type BranchRule = {
  id: number;
  pattern: string;
  requirePullRequest: boolean;
  blockCreation: boolean;
  requiredChecks: RequiredCheck[];
  /** A workflow file that must pass; it names no check. */
  requiredWorkflow: string | null;
  message: string | null;
};

export type CommitStatus = {
  id: number;
  sha: string;
  context: string;
  state: 'error' | 'failure' | 'pending' | 'success';
  description: string | null;
  targetUrl: string | null;
  creator: Account;
  /** The app that set it; null when a person did. */
  appId: number | null;
  createdAt: number;
};

export type Conclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'action_required';

export type CheckSuite = {
  id: number;
  app: App;
  branch: string | null;
  sha: string;
  before: string | null;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  createdAt: number;
  updatedAt: number;
};

export type CheckRun = {
  id: number;
  suite: CheckSuite;
  name: string;
  externalId: string;
  detailsUrl: string | null;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  startedAt: number;
  completedAt: number | null;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: Annotation[];
  /** Of an Actions job; null for every other run. */
  log: string | null;
};

export type Annotation = {
  path: string;
  start_line: number;
  end_line: number;
  annotation_level: 'notice' | 'warning' | 'failure';
  message: string;
};

export type Repo = {
  id: number;
  owner: Account;
  name: string;
  private: boolean;
  /** Private repositories of free plans have no drafts. */
  drafts: boolean;
  defaultBranch: string;
  /** The bare repository on disk. */
  dir: string;
  roles: Map<string, Role>;
  issues: Map<number, Issue>;
  /** Numbers of issues somebody deleted: they answer 410. */
  deletedIssues: Set<number>;
  comments: Map<number, Comment>;
  labels: Map<string, Label>;
  rules: BranchRule[];
  protections: Protection[];
  statuses: CommitStatus[];
  suites: CheckSuite[];
  runs: CheckRun[];
  createdAt: number;
  updatedAt: number;
  pushedAt: number;
};
