// What an app asks about itself: installations, tokens, its repositories, its webhook deliveries.

import { z } from 'zod';
import {
  created,
  empty,
  listed,
  notFound,
  ok,
  paginate,
  read,
  refusal,
  time,
  type Answer,
  type Ask,
  type Json,
  type Route,
} from '../answers.ts';
import { makeInstallationToken, type InstallationActor } from '../auth.ts';
import type { App, Installation, Permissions, Repo } from '../records.ts';
import { renderApp, renderInstallation } from '../render/accounts.ts';
import { renderRepository } from '../render/repository.ts';
import { findRepo, type State } from '../state.ts';
import type { Delivery } from '../webhooks/deliveries.ts';

const tokenLifeMs = 3_600_000;

/** The app behind a JSON web token; other tokens are refused as GitHub words it. */
function asApp(ask: Ask): App {
  if (ask.actor.kind === 'app') return ask.actor.app;
  throw refusal(401, 'A JSON web token could not be decoded');
}

function asInstallation(ask: Ask): InstallationActor {
  if (ask.actor.kind === 'installation') return ask.actor;
  throw refusal(ask.actor.kind === 'nobody' ? 401 : 403, 'Resource not accessible by integration');
}

const installationsOfApp = (state: State, app: App): Installation[] =>
  [...state.installations.values()].filter((one) => one.app === app);

function readApp(ask: Ask): Answer {
  const app = asApp(ask);
  return ok({
    ...renderApp(ask.state, app),
    client_id: `Iv23li${app.id}`,
    installations_count: installationsOfApp(ask.state, app).length,
  });
}

function listInstallations(ask: Ask): Promise<Answer> {
  const all = installationsOfApp(ask.state, asApp(ask));
  return listed(ask, all, (one) => renderInstallation(ask.state, one));
}

function openInstallation(ask: Ask): Installation {
  const app = asApp(ask);
  const installation = ask.state.installations.get(Number(ask.params['id']));
  if (installation?.app !== app) throw notFound();
  return installation;
}

function repoInstallation(ask: Ask): Answer {
  const app = asApp(ask);
  const repo = findRepo(ask.state, `${ask.params['owner']}/${ask.params['repo']}`);
  const found = installationsOfApp(ask.state, app).find((one) => repo && one.repos.includes(repo));
  if (!found) throw notFound();
  return ok(renderInstallation(ask.state, found));
}

const tokenRequest = z.object({
  repositories: z.array(z.string()).max(500).optional(),
  repository_ids: z.array(z.number()).max(500).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write'])).optional(),
});

function createToken(ask: Ask): Answer {
  const installation = openInstallation(ask);
  const input = read(ask, tokenRequest, 'Installation');
  const permissions = narrowPermissions(installation.app, input.permissions);
  const repos = narrowRepos(installation, input);
  const expiresAt = ask.state.now() + tokenLifeMs;
  const token = makeInstallationToken(ask.state, {
    kind: 'installation',
    installation,
    permissions,
    repoIds: repos && repos.map((repo) => repo.id),
    expiresAt,
  });
  return created({
    token,
    expires_at: time(expiresAt),
    permissions: { metadata: 'read', ...permissions },
    repository_selection: 'selected',
    ...(repos && { repositories: repos.map((repo) => renderRepository(ask.state, repo)) }),
  });
}

/** What was asked for, when the app has it all; 422 when it asks for more. */
function narrowPermissions(app: App, asked: Permissions | undefined): Permissions {
  if (!asked) return app.permissions;
  for (const [name, level] of Object.entries(asked)) {
    const has = name === 'metadata' ? 'read' : app.permissions[name];
    if (!has || (level === 'write' && has === 'read')) {
      throw refusal(422, 'The permissions requested are not granted to this installation.');
    }
  }
  return asked;
}

function narrowRepos(
  installation: Installation,
  asked: { repositories?: string[] | undefined; repository_ids?: number[] | undefined },
): Repo[] | null {
  const { repositories, repository_ids: ids } = asked;
  if (!repositories && !ids) return null;
  const find = (match: (repo: Repo) => boolean): Repo => {
    const repo = installation.repos.find(match);
    if (repo) return repo;
    throw refusal(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  };
  return [
    ...(repositories ?? []).map((name) => find((repo) => repo.name.toLowerCase() === name.toLowerCase())),
    ...(ids ?? []).map((id) => find((repo) => repo.id === id)),
  ];
}

function revokeToken(ask: Ask): Answer {
  asInstallation(ask);
  ask.state.tokens.delete(ask.token);
  return empty();
}

function installationRepositories(ask: Ask): Answer {
  const { installation, repoIds } = asInstallation(ask);
  const visible = installation.repos.filter((repo) => repoIds.has(repo.id));
  const { items, headers } = paginate(ask, visible);
  const repositories = items.map((repo) => renderRepository(ask.state, repo));
  return {
    status: 200,
    headers,
    body: { total_count: visible.length, repository_selection: 'selected', repositories },
  };
}

const renderDelivery = (delivery: Delivery): Json => ({
  id: delivery.id,
  guid: delivery.guid,
  delivered_at: time(delivery.deliveredAt),
  redelivery: delivery.redelivery,
  duration: delivery.durationSeconds,
  status: delivery.status,
  status_code: delivery.statusCode,
  event: delivery.event,
  action: delivery.action,
  installation_id: delivery.installationId,
  repository_id: delivery.repositoryId,
  throttled_at: null,
});

const finished = (ask: Ask, app: App): Delivery[] =>
  ask.state.deliveries
    .all()
    .filter((one) => one.appSlug === app.slug && one.status !== 'pending')
    .toReversed();

/** Newest first, by cursor and not by page; `status=failure` means answers of 400 and above only. */
function listDeliveries(ask: Ask): Answer {
  const all = finished(ask, asApp(ask));
  const wanted = ask.query.get('status');
  const cursor = Number(ask.query.get('cursor') ?? Infinity) || Infinity;
  const size = Math.min(100, Number(ask.query.get('per_page') ?? 30) || 30);
  const matching = all
    .filter((one) => !wanted || (wanted === 'success' ? one.status === 'OK' : one.statusCode >= 400))
    .filter((one) => one.id < cursor);
  const items = matching.slice(0, size);
  const last = items.at(-1);
  const query = new URLSearchParams(ask.query);
  if (last) query.set('cursor', `${last.id}`);
  const link = `<${ask.state.url}${ask.path}?${query.toString()}>; rel="next"`;
  return {
    status: 200,
    headers: matching.length > size ? { link } : {},
    body: items.map(renderDelivery),
  };
}

function openDelivery(ask: Ask): Delivery {
  const app = asApp(ask);
  const delivery = finished(ask, app).find((one) => one.id === Number(ask.params['id']));
  if (!delivery) throw notFound();
  return delivery;
}

function readDelivery(ask: Ask): Answer {
  const delivery = openDelivery(ask);
  return ok({
    ...renderDelivery(delivery),
    url: delivery.url,
    request: { headers: delivery.requestHeaders, payload: JSON.parse(delivery.payload) as unknown },
    response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
  });
}

function redeliver(ask: Ask): Answer {
  ask.state.deliveries.startRedelivery(openDelivery(ask));
  return { status: 202, body: {} };
}

export const appRoutes: readonly Route[] = [
  ['GET', '/app', readApp],
  ['GET', '/app/installations', listInstallations],
  ['GET', '/app/installations/:id', (ask) => ok(renderInstallation(ask.state, openInstallation(ask)))],
  ['POST', '/app/installations/:id/access_tokens', createToken],
  ['GET', '/repos/:owner/:repo/installation', repoInstallation],
  ['DELETE', '/installation/token', revokeToken],
  ['GET', '/installation/repositories', installationRepositories],
  ['GET', '/app/hook/deliveries', listDeliveries],
  ['GET', '/app/hook/deliveries/:id', readDelivery],
  ['POST', '/app/hook/deliveries/:id/attempts', redeliver],
];
