// Accounts, apps and installations in GitHub's JSON.
// Reads records only.

import { time, type Json } from '../answers.ts';
import type { Account, App, Installation } from '../records.ts';
import type { State } from '../state.ts';

export const nodeId = (kind: string, id: number): string =>
  `${kind}_${Buffer.from(`${id}`).toString('base64url')}`;

const userPaths = {
  followers_url: 'followers',
  following_url: 'following{/other_user}',
  gists_url: 'gists{/gist_id}',
  starred_url: 'starred{/owner}{/repo}',
  subscriptions_url: 'subscriptions',
  organizations_url: 'orgs',
  repos_url: 'repos',
  events_url: 'events{/privacy}',
  received_events_url: 'received_events',
};

export function renderAccount(state: State, account: Account): Json {
  const url = `${state.url}/users/${encodeURIComponent(account.login)}`;
  const isBot = account.type === 'Bot';
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(isBot ? 'BOT' : 'U', account.id),
    avatar_url: `${state.url}/avatars/${account.id}`,
    gravatar_id: '',
    url,
    html_url: isBot
      ? `${state.url}/apps/${account.login.replace('[bot]', '')}`
      : `${state.url}/${account.login}`,
    ...Object.fromEntries(Object.entries(userPaths).map(([key, path]) => [key, `${url}/${path}`])),
    type: account.type,
    site_admin: false,
  };
}

export const renderAccountOrNull = (state: State, account: Account | null): Json | null =>
  account && renderAccount(state, account);

/** What `GET /users/{login}` tells anybody. */
export function renderProfile(state: State, account: Account): Json {
  return {
    ...renderAccount(state, account),
    name: account.type === 'Bot' ? null : account.login,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: [...state.repos.values()].filter((repo) => repo.owner === account && !repo.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: time(account.createdAt),
    updated_at: time(account.createdAt),
  };
}

export function renderApp(state: State, app: App): Json {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: renderAccount(state, app.owner),
    name: app.slug,
    description: '',
    external_url: `${state.url}/apps/${app.slug}/home`,
    html_url: `${state.url}/apps/${app.slug}`,
    created_at: time(app.createdAt),
    updated_at: time(app.createdAt),
    permissions: { metadata: 'read', ...app.permissions },
    events: app.events,
  };
}

export const renderAppOrNull = (state: State, app: App | null): Json | null => app && renderApp(state, app);

export function renderInstallation(state: State, installation: Installation): Json {
  const { app, account } = installation;
  return {
    id: installation.id,
    account: renderAccount(state, account),
    repository_selection: 'selected',
    access_tokens_url: `${state.url}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${state.url}/installation/repositories`,
    html_url: `${state.url}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: { metadata: 'read', ...app.permissions },
    events: app.events,
    created_at: time(installation.createdAt),
    updated_at: time(installation.updatedAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}
