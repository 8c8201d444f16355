// Turns something that happened into signed deliveries for the apps that subscribed and may know.
// Builds no payloads of its own beyond what every delivery carries.

import { createHmac, randomUUID } from 'node:crypto';
import type { Json } from '../answers.ts';
import type { Account, App, Installation, Repo } from '../records.ts';
import { nodeId, renderAccount } from '../render/accounts.ts';
import { renderEventRepository } from '../render/repository.ts';
import { installationsOf, type State } from '../state.ts';

const permissionFor: Record<string, readonly string[]> = {
  issues: ['issues'],
  issue_comment: ['issues', 'pull_requests'],
  pull_request: ['pull_requests'],
  pull_request_review: ['pull_requests'],
  push: ['contents'],
  create: ['contents'],
  delete: ['contents'],
  check_run: ['checks'],
  check_suite: ['checks'],
  status: ['statuses'],
};

export type Happening = {
  event: string;
  action?: string;
  sender: Account;
  payload: Json;
  /** Tells this app only, as GitHub does with a requested check suite. */
  onlyTo?: App;
};

/** Delivers to every installation that covers the repository and whose app subscribed with the permission. */
export function emit(state: State, repo: Repo, happening: Happening): void {
  for (const installation of installationsOf(state, repo)) {
    const { app } = installation;
    if (happening.onlyTo && happening.onlyTo !== app) continue;
    if (!app.events.includes(happening.event)) continue;
    if (!permissionFor[happening.event]?.some((permission) => app.permissions[permission])) continue;
    deliver(state, installation, {
      ...happening,
      repo,
      payload: {
        repository: renderEventRepository(state, repo),
        ...happening.payload,
        ...organization(state, repo),
      },
    });
  }
}

function organization(state: State, repo: Repo): Json {
  const { owner } = repo;
  if (owner.type !== 'Organization') return {};
  const url = `${state.url}/orgs/${owner.login}`;
  return {
    organization: {
      login: owner.login,
      id: owner.id,
      node_id: nodeId('O', owner.id),
      url,
      repos_url: `${url}/repos`,
      events_url: `${url}/events`,
      hooks_url: `${url}/hooks`,
      issues_url: `${url}/issues`,
      members_url: `${url}/members{/member}`,
      public_members_url: `${url}/public_members{/member}`,
      avatar_url: `${state.url}/avatars/${owner.id}`,
      description: null,
    },
  };
}

/** Installation events go to the app whatever it subscribed to. */
export function emitInstallation(state: State, installation: Installation, happening: Happening): void {
  deliver(state, installation, happening);
}

function deliver(state: State, installation: Installation, happening: Happening & { repo?: Repo }): void {
  const { app } = installation;
  if (!app.webhookUrl) return;
  const payload = JSON.stringify({
    ...(happening.action && { action: happening.action }),
    ...happening.payload,
    sender: renderAccount(state, happening.sender),
    ...(!happening.payload['installation'] && {
      installation: {
        id: installation.id,
        node_id: nodeId('MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9u', installation.id),
      },
    }),
  });
  const guid = randomUUID();
  state.deliveries.enqueue({
    guid,
    event: happening.event,
    action: happening.action ?? null,
    appSlug: app.slug,
    installationId: installation.id,
    repositoryId: happening.repo?.id ?? null,
    url: app.webhookUrl,
    payload,
    requestHeaders: headers({ app, event: happening.event, guid, payload }),
  });
}

function headers(input: { app: App; event: string; guid: string; payload: string }): Record<string, string> {
  const { app, event, guid, payload } = input;
  const hmac = (kind: string) => createHmac(kind, app.webhookSecret).update(payload).digest('hex');
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/f0e1d2c',
    'x-github-delivery': guid,
    'x-github-event': event,
    'x-github-hook-id': `${app.id}`,
    'x-github-hook-installation-target-id': `${app.id}`,
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature': `sha1=${hmac('sha1')}`,
    'x-hub-signature-256': `sha256=${hmac('sha256')}`,
  };
}
