// A repository in GitHub's JSON: the short form of lists, the whole of `GET /repos`, and the form of webhooks.
// Reads records only.

import { time, type Json } from '../answers.ts';
import { atLeast } from '../rights.ts';
import type { Repo, Role } from '../records.ts';
import { fullName, type State } from '../state.ts';
import { nodeId, renderAccount } from './accounts.ts';

const paths = {
  archive_url: '{archive_format}{/ref}',
  assignees_url: 'assignees{/user}',
  blobs_url: 'git/blobs{/sha}',
  branches_url: 'branches{/branch}',
  collaborators_url: 'collaborators{/collaborator}',
  comments_url: 'comments{/number}',
  commits_url: 'commits{/sha}',
  compare_url: 'compare/{base}...{head}',
  contents_url: 'contents/{+path}',
  contributors_url: 'contributors',
  deployments_url: 'deployments',
  downloads_url: 'downloads',
  events_url: 'events',
  forks_url: 'forks',
  git_commits_url: 'git/commits{/sha}',
  git_refs_url: 'git/refs{/sha}',
  git_tags_url: 'git/tags{/sha}',
  hooks_url: 'hooks',
  issue_comment_url: 'issues/comments{/number}',
  issue_events_url: 'issues/events{/number}',
  issues_url: 'issues{/number}',
  keys_url: 'keys{/key_id}',
  labels_url: 'labels{/name}',
  languages_url: 'languages',
  merges_url: 'merges',
  milestones_url: 'milestones{/number}',
  notifications_url: 'notifications{?since,all,participating}',
  pulls_url: 'pulls{/number}',
  releases_url: 'releases{/id}',
  stargazers_url: 'stargazers',
  statuses_url: 'statuses/{sha}',
  subscribers_url: 'subscribers',
  subscription_url: 'subscription',
  tags_url: 'tags',
  teams_url: 'teams',
  trees_url: 'git/trees{/sha}',
};

export const repoUrl = (state: State, repo: Repo): string => `${state.url}/repos/${fullName(repo)}`;
export const webUrl = (state: State, repo: Repo): string => `${state.url}/${fullName(repo)}`;

/** The form of lists, suites and combined statuses. */
export function renderMinimalRepository(state: State, repo: Repo): Json {
  const url = repoUrl(state, repo);
  return {
    id: repo.id,
    node_id: nodeId('R', repo.id),
    name: repo.name,
    full_name: fullName(repo),
    private: repo.private,
    owner: renderAccount(state, repo.owner),
    html_url: webUrl(state, repo),
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(Object.entries(paths).map(([key, path]) => [key, `${url}/${path}`])),
  };
}

/** The short form of installation events. */
export function renderNamedRepository(state: State, repo: Repo): Json {
  const { id, node_id, name, full_name } = renderMinimalRepository(state, repo);
  return { id, node_id, name, full_name, private: repo.private };
}

/** The whole, as webhooks and pull requests carry it. */
export function renderRepository(state: State, repo: Repo): Json {
  const open = [...repo.issues.values()].filter((issue) => issue.state === 'open').length;
  const web = webUrl(state, repo);
  return {
    ...renderMinimalRepository(state, repo),
    git_url: `git://${web.replace(/^https?:\/\//, '')}.git`,
    ssh_url: `git@${new URL(web).hostname}:${fullName(repo)}.git`,
    clone_url: `${web}.git`,
    svn_url: web,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: repo.defaultBranch,
    size: 0,
    ...counts(open),
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: false,
    disabled: false,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repo.private ? 'private' : 'public',
    created_at: time(repo.createdAt),
    updated_at: time(repo.updatedAt),
    pushed_at: time(repo.pushedAt),
  };
}

/** As the repository of an event. */
export const renderEventRepository = (state: State, repo: Repo): Json => ({
  ...renderRepository(state, repo),
  custom_properties: {},
});

/** In pushes two times are numbers, and two old names of other fields are still there. */
export const renderPushRepository = (state: State, repo: Repo): Json => ({
  ...renderEventRepository(state, repo),
  created_at: Math.floor(repo.createdAt / 1000),
  pushed_at: Math.floor(repo.pushedAt / 1000),
  stargazers: 0,
  master_branch: repo.defaultBranch,
});

const counts = (open: number): Json => ({
  forks: 0,
  forks_count: 0,
  watchers: 0,
  watchers_count: 0,
  stargazers_count: 0,
  open_issues: open,
  open_issues_count: open,
});

/** `GET /repos/{owner}/{repo}`, with what the asker may do there. */
export function renderFullRepository(state: State, repo: Repo, role: Role | null): Json {
  return {
    ...renderRepository(state, repo),
    subscribers_count: 0,
    network_count: 0,
    ...(role && { permissions: renderPermissions(role) }),
  };
}

export const renderPermissions = (role: Role): Json => ({
  admin: atLeast(role, 'admin'),
  maintain: atLeast(role, 'maintain'),
  push: atLeast(role, 'write'),
  triage: atLeast(role, 'triage'),
  pull: atLeast(role, 'read'),
});
