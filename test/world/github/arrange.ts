// How a test sets the scene without HTTP: people, repositories, roles, apps, installations, rules.
// Everything else happens over HTTP, as it does on GitHub.

import { join } from 'node:path';
import { makeBareRepository } from './git/repository.ts';
import { keyNumber } from './keys.ts';
import { makePersonalToken } from './auth.ts';
import type { Installation, Permissions, Repo, RequiredCheck, Role } from './records.ts';
import { renderAccount, renderInstallation } from './render/accounts.ts';
import { renderNamedRepository } from './render/repository.ts';
import { ensureAccount, findAccount, theRepo, type State } from './state.ts';
import { renameRepository } from './renames.ts';
import { emitInstallation } from './webhooks/emit.ts';

export type NewRepository = {
  owner: string;
  name: string;
  private?: boolean;
  defaultBranch?: string;
  fromDirectory?: string;
};

type NewApp = {
  slug: string;
  permissions: Permissions;
  events: string[];
  webhookUrl?: string;
  webhookSecret: string;
};

/** A name stands for that check of any app. */
export type NewRequiredCheck = string | RequiredCheck;

export type NewRule = {
  requirePullRequest?: boolean;
  blockCreation?: boolean;
  requiredChecks?: NewRequiredCheck[];
  requiredWorkflow?: string;
  message?: string;
};

const asRequired = (check: NewRequiredCheck): RequiredCheck =>
  typeof check === 'string' ? { name: check, appId: null } : check;

/** The arranging half of the world. */
export function arrange(state: State) {
  return {
    addUser(login: string) {
      const account = ensureAccount(state, login, 'User');
      return { login: account.login, token: makePersonalToken(state, account) };
    },
    addRepository: (input: NewRepository) => addRepository(state, input),
    setRole(repo: string, login: string, role: Role) {
      if (!findAccount(state, login)) throw new Error(`There is no person ${login}: call addUser first.`);
      theRepo(state, repo).roles.set(login.toLowerCase(), role);
    },
    addApp: (input: NewApp) => addApp(state, input),
    setWebhookUrl(slug: string, url: string) {
      theApp(state, slug).webhookUrl = url;
    },
    install: (slug: string, owner: string, repos: string[]) => install(state, { slug, owner, repos }),
    uninstall: (id: number) => uninstall(state, id),
    withdraw: (id: number, repos: string[]) => withdraw(state, id, repos),
    renameRepository: (from: string, to: string) => renameRepository(state, from, to),
    protectBranch(repo: string, pattern: string, rule: NewRule) {
      theRepo(state, repo).rules.push({
        id: state.nextId(),
        pattern,
        requirePullRequest: rule.requirePullRequest ?? false,
        blockCreation: rule.blockCreation ?? false,
        requiredChecks: (rule.requiredChecks ?? []).map(asRequired),
        requiredWorkflow: rule.requiredWorkflow ?? null,
        message: rule.message ?? null,
      });
    },
    allowDrafts(repo: string, allowed: boolean) {
      theRepo(state, repo).drafts = allowed;
    },
    /** As Actions keeps what a job printed. */
    setJobLog(repo: string, run: number, log: string) {
      const found = theRepo(state, repo).runs.find(({ id }) => id === run);
      if (!found) throw new Error(`There is no run ${run}.`);
      found.log = log;
    },
    protectClassically(
      repo: string,
      branch: string,
      rule: { requiredChecks: NewRequiredCheck[]; told?: boolean },
    ) {
      const requiredChecks = rule.requiredChecks.map(asRequired);
      theRepo(state, repo).protections.push({ branch, requiredChecks, told: rule.told ?? true });
    },
  };
}

async function addRepository(state: State, input: NewRepository): Promise<void> {
  const owner = ensureAccount(state, input.owner, 'Organization');
  const key = `${owner.login}/${input.name}`.toLowerCase();
  if (state.repos.has(key)) throw new Error(`There is already a repository ${owner.login}/${input.name}.`);
  const at = state.now();
  const repo: Repo = {
    id: state.nextId(),
    owner,
    name: input.name,
    private: input.private ?? false,
    drafts: true,
    defaultBranch: input.defaultBranch ?? 'main',
    dir: join(state.folder, owner.login, `${input.name}.git`),
    roles: new Map(),
    issues: new Map(),
    deletedIssues: new Set(),
    comments: new Map(),
    labels: new Map(),
    rules: [],
    protections: [],
    statuses: [],
    suites: [],
    runs: [],
    createdAt: at,
    updatedAt: at,
    pushedAt: at,
  };
  const { dir, defaultBranch } = repo;
  await makeBareRepository({ dir, branch: defaultBranch, fromDirectory: input.fromDirectory });
  state.repos.set(key, repo);
}

function theApp(state: State, slug: string) {
  const app = state.apps.get(slug);
  if (!app) throw new Error(`There is no app ${slug}: call addApp first.`);
  return app;
}

function addApp(state: State, input: NewApp) {
  const key = keyNumber(state.apps.size);
  const app = {
    id: state.nextId(),
    slug: input.slug,
    owner: ensureAccount(state, `${input.slug}-makers`, 'Organization'),
    bot: ensureAccount(state, `${input.slug}[bot]`, 'Bot'),
    permissions: input.permissions,
    events: input.events,
    key,
    webhookUrl: input.webhookUrl ?? null,
    webhookSecret: input.webhookSecret,
    createdAt: state.now(),
  };
  state.apps.set(app.slug, app);
  return { appId: app.id, privateKey: key.privateKey, slug: app.slug };
}

function install(state: State, input: { slug: string; owner: string; repos: string[] }): number {
  const app = theApp(state, input.slug);
  const account = ensureAccount(state, input.owner, 'Organization');
  const repos = input.repos.map((name) =>
    theRepo(state, name.includes('/') ? name : `${input.owner}/${name}`),
  );
  const before = [...state.installations.values()].find((one) => one.app === app && one.account === account);
  if (before) return addToInstallation(state, before, repos);
  const at = state.now();
  const installation = { id: state.nextId(), app, account, repos, createdAt: at, updatedAt: at };
  state.installations.set(installation.id, installation);
  tellInstallation(state, installation, 'created');
  return installation.id;
}

function tellInstallation(state: State, installation: Installation, action: 'created' | 'deleted'): void {
  emitInstallation(state, installation, {
    event: 'installation',
    action,
    sender: installation.account,
    payload: {
      installation: renderInstallation(state, installation),
      repositories: installation.repos.map((repo) => renderNamedRepository(state, repo)),
      requester: null,
    },
  });
}

function addToInstallation(state: State, installation: Installation, repos: readonly Repo[]): number {
  const added = repos.filter((repo) => !installation.repos.includes(repo));
  installation.repos.push(...added);
  tellRepositories(state, installation, { added, removed: [] });
  return installation.id;
}

/** Takes repositories out of an installation that stays. */
function withdraw(state: State, id: number, names: readonly string[]): void {
  const installation = theInstallation(state, id);
  const removed = names.map((name) => theRepo(state, name));
  installation.repos = installation.repos.filter((repo) => !removed.includes(repo));
  tellRepositories(state, installation, { added: [], removed });
}

function tellRepositories(
  state: State,
  installation: Installation,
  changed: { added: readonly Repo[]; removed: readonly Repo[] },
): void {
  installation.updatedAt = state.now();
  const names = (repos: readonly Repo[]) => repos.map((repo) => renderNamedRepository(state, repo));
  emitInstallation(state, installation, {
    event: 'installation_repositories',
    action: changed.added.length > 0 ? 'added' : 'removed',
    sender: installation.account,
    payload: {
      installation: renderInstallation(state, installation),
      repository_selection: 'selected',
      repositories_added: names(changed.added),
      repositories_removed: names(changed.removed),
      requester: renderAccount(state, installation.account),
    },
  });
}

function theInstallation(state: State, id: number): Installation {
  const installation = state.installations.get(id);
  if (!installation) throw new Error(`There is no installation ${id}.`);
  return installation;
}

/** Its tokens die with it. */
function uninstall(state: State, id: number): void {
  const installation = theInstallation(state, id);
  state.installations.delete(id);
  for (const [value, token] of state.tokens) {
    if (token.kind === 'installation' && token.installation === installation) state.tokens.delete(value);
  }
  tellInstallation(state, installation, 'deleted');
}
