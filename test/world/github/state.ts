// The memory of one stand-in: accounts, repositories, apps, installations and tokens, found by name.
// Knows no HTTP and decides nothing about rights.

import type { Account, App, Comment, Installation, Issue, Repo, Role, Token } from './records.ts';
import type { DeliveryQueue } from './webhooks/deliveries.ts';

export type State = {
  /** Base of the API, of web addresses and of clone addresses. */
  url: string;
  /** The temporary folder that holds the bare repositories. */
  folder: string;
  now(): number;
  nextId(): number;
  accounts: Map<string, Account>;
  repos: Map<string, Repo>;
  /** By names that nothing has any more. */
  redirects: Map<string, Repo>;
  apps: Map<string, App>;
  installations: Map<number, Installation>;
  tokens: Map<string, Token>;
  deliveries: DeliveryQueue;
};

/** An empty world. `now` gives milliseconds since 1970. */
export function createState(input: {
  folder: string;
  now(): number;
  deliveries: DeliveryQueue;
  nextId(): number;
}): State {
  return {
    ...input,
    url: '',
    accounts: new Map(),
    repos: new Map(),
    redirects: new Map(),
    apps: new Map(),
    installations: new Map(),
    tokens: new Map(),
  };
}

/** The account of that login, made now when there is none. */
export function ensureAccount(state: State, login: string, type: Account['type']): Account {
  const found = state.accounts.get(login.toLowerCase());
  if (found) return found;
  const account: Account = { id: state.nextId(), login, type, createdAt: state.now() };
  state.accounts.set(login.toLowerCase(), account);
  return account;
}

export function findAccount(state: State, login: string): Account | null {
  return state.accounts.get(login.toLowerCase()) ?? null;
}

export function findRepo(state: State, fullName: string): Repo | null {
  return state.repos.get(fullName.toLowerCase()) ?? null;
}

/** The repository of that full name. Throws when the test names one that was never added. */
export function theRepo(state: State, fullName: string): Repo {
  const repo = findRepo(state, fullName);
  if (!repo) throw new Error(`There is no repository ${fullName}: call addRepository first.`);
  return repo;
}

export const fullName = (repo: Repo): string => `${repo.owner.login}/${repo.name}`;

/** The person's role there; on a public repository everybody may read. */
export function roleOf(repo: Repo, account: Account): Role {
  if (repo.owner.id === account.id) return 'admin';
  return repo.roles.get(account.login.toLowerCase()) ?? 'none';
}

/** The installation of that app that covers the repository. */
export function installationsOf(state: State, repo: Repo): Installation[] {
  return [...state.installations.values()].filter((one) => one.repos.includes(repo));
}

export function commentsOf(repo: Repo, issue: Issue): Comment[] {
  return [...repo.comments.values()].filter((one) => one.issue === issue);
}

/** Issues and pull requests draw from one series of numbers. */
export function nextNumber(repo: Repo): number {
  return repo.issues.size + repo.deletedIssues.size + 1;
}
