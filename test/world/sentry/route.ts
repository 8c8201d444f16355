// One route: method, path, scopes, limit and handler; and how a path finds it.
// Must not hold a handler; the routes-*.ts files do.

import type { Reply } from './reply.ts';
import type { Token, World } from './state.ts';

export type Call = {
  world: World;
  token: Token;
  params: Record<string, string>;
  query: URLSearchParams;
  path: string;
  body: unknown;
};

export type Route = {
  method: string;
  /** Below `/api/0`; `:name` stands for one segment. */
  path: string;
  /** Any one of them is enough. */
  scopes: readonly string[];
  /** Requests in how many seconds, where Sentry is known to limit it (reference sentry.md, 4.2). */
  limit?: { requests: number; seconds: number };
  handle: (call: Call) => Reply;
};

/** The parameters when the path fits; null when it does not. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const segment = given[index] ?? '';
    if (part.startsWith(':') && segment !== '') params[part.slice(1)] = decodeURIComponent(segment);
    else if (part !== segment) return null;
  }
  return params;
}
