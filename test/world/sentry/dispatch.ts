// Finds the route of a REST call, checks token and scope, and lets it answer (reference sentry.md, 2.0 and 3).
// Must not touch sockets; server.ts does.

import { forbidden, Refused, unauthorized, type Reply } from './reply.ts';
import { matchPath, type Route } from './route.ts';
import { eventRoutes } from './routes-events.ts';
import { issuePartRoutes } from './routes-issue-parts.ts';
import { issueRoutes } from './routes-issues.ts';
import { organizationRoutes } from './routes-organization.ts';
import type { Token, World } from './state.ts';

const routes: readonly Route[] = [...issueRoutes, ...issuePartRoutes, ...eventRoutes, ...organizationRoutes];

export type RestRequest = {
  method: string;
  /** `/api/0/…`, without the query. */
  path: string;
  query: URLSearchParams;
  authorization: string | undefined;
  body: unknown;
};

export type Found = { route: Route; params: Record<string, string> };

/** Undefined when no route has this path and method. */
export function findRoute(request: RestRequest): Found | undefined {
  const below = request.path.slice('/api/0'.length);
  for (const route of routes) {
    const params = route.method === request.method ? matchPath(route.path, below) : null;
    if (params) return { route, params };
  }
  return undefined;
}

/** Answers a call whose route was found. */
export function dispatch(world: World, request: RestRequest, found: Found): Reply {
  try {
    const token = authenticate(world, request.authorization);
    if (!found.route.scopes.some((scope) => token.scopes.has(scope))) throw forbidden();
    const { query, path, body } = request;
    return found.route.handle({ world, token, params: found.params, query, path, body });
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

function authenticate(world: World, header: string | undefined): Token {
  if (header === undefined) throw unauthorized('Authentication credentials were not provided.');
  const [scheme, value, ...rest] = header.split(' ');
  if (scheme?.toLowerCase() !== 'bearer') throw unauthorized('Authentication credentials were not provided.');
  if (!value) throw unauthorized('Invalid token header. No credentials provided.');
  if (rest.length > 0) throw unauthorized('Invalid token header. Token string should not contain spaces.');
  const token = world.tokens.get(value);
  if (!token || token.revoked) throw unauthorized('Invalid token');
  return token;
}

/** For paths no route has: the slash that is missing, the routes that are gone, the methods that are not there. */
export function answerUnrouted(request: RestRequest): Reply {
  if (!request.path.endsWith('/')) return answerWithoutSlash(request);
  const unscoped = /^\/api\/0\/issues\/([^/]+)\//.exec(request.path);
  if (unscoped) return goneForGood(request.path);
  const below = request.path.slice('/api/0'.length);
  const known = routes.filter((route) => matchPath(route.path, below));
  if (known.length === 0) return { status: 404 };
  return { status: 405, body: { detail: `Method "${request.method}" not allowed.` } };
}

/** Reading is redirected; a change without the slash is lost. */
function answerWithoutSlash(request: RestRequest): Reply {
  const query = request.query.size > 0 ? `?${request.query.toString()}` : '';
  if (request.method === 'GET') return { status: 301, headers: { Location: `${request.path}/${query}` } };
  return { status: 404, body: { info: 'Route not found, did you forget a trailing slash?' } };
}

function goneForGood(path: string): Reply {
  return {
    status: 410,
    body: { message: 'This API no longer exists.' },
    headers: {
      'X-Sentry-Deprecation-Date': '2026-05-01T00:00:00+00:00',
      'X-Sentry-Replacement-Endpoint': path.replace(
        '/api/0/issues/',
        '/api/0/organizations/{organization_id_or_slug}/issues/',
      ),
    },
  };
}
