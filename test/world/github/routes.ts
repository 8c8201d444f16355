// The table of everything the stand-in serves over the API, most specific first.

import { ok, type Ask, type Handler, type Route } from './answers.ts';
import { appRoutes } from './routes/apps.ts';
import { branchRoutes } from './routes/branches.ts';
import { checkRoutes } from './routes/checks.ts';
import { commentRoutes } from './routes/comments.ts';
import { graphqlRoutes } from './routes/graphql.ts';
import { issueRoutes } from './routes/issues.ts';
import { labelRoutes } from './routes/labels.ts';
import { mergeRoutes } from './routes/merge.ts';
import { pullRoutes } from './routes/pulls.ts';
import { reactionRoutes } from './routes/reactions.ts';
import { commitRoutes, refRoutes } from './routes/refs.ts';
import { repositoryRoutes } from './routes/repositories.ts';
import { reviewRoutes } from './routes/reviews.ts';
import { statusRoutes } from './routes/statuses.ts';
import { userRoutes } from './routes/users.ts';

const metaRoutes: readonly Route[] = [
  ['GET', '/meta', () => ok({ verifiable_password_authentication: false, hooks: ['127.0.0.1/32'] })],
];

export const routes: readonly Route[] = [
  ...metaRoutes,
  ...graphqlRoutes,
  ...appRoutes,
  ...userRoutes,
  ...reactionRoutes,
  ...commentRoutes,
  ...labelRoutes,
  ...issueRoutes,
  ...mergeRoutes,
  ...reviewRoutes,
  ...pullRoutes,
  ...checkRoutes,
  ...statusRoutes,
  ...refRoutes,
  ...branchRoutes,
  ...repositoryRoutes,
  ...commitRoutes,
];

type Compiled = { method: string; pattern: string; match: RegExp; handle: Handler };

/** `:name` stands for one segment, `:name+` for the rest with its slashes, `/:name*` for a rest that may be missing. */
const compiled: readonly Compiled[] = routes.map(([method, pattern, handle]) => {
  const source = pattern
    .replace(/\/:(\w+)\*/g, '(?:/(?<$1>.*))?')
    .replace(/:(\w+)\+/g, '(?<$1>.+)')
    .replace(/:(\w+)/g, '(?<$1>[^/]+)');
  return { method, pattern, match: new RegExp(`^${source}$`), handle };
});

export type Found = { handle: Handler; pattern: string; params: Ask['params'] };

/** The route for this method and path; null when nothing is served there. */
export function findRoute(method: string, path: string): Found | null {
  for (const route of compiled) {
    if (route.method !== method) continue;
    const match = route.match.exec(path);
    if (!match) continue;
    const params = Object.entries<string | undefined>(match.groups ?? {}).map(([name, value]) => [
      name,
      decodeURIComponent(value ?? ''),
    ]);
    return {
      handle: route.handle,
      pattern: route.pattern,
      params: Object.fromEntries(params) as Ask['params'],
    };
  }
  return null;
}
