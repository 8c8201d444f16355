// Counts calls in fixed windows as Sentry's limiter does (reference sentry.md, 4.2) and prints its headers.
// Must not wait.

import type { Reply } from './reply.ts';
import type { Route } from './route.ts';

type Limit = { requests: number; seconds: number };
type Window = { start: number; used: number };

/** The server's own default, for routes without a limit of their own. */
const defaultLimit: Limit = { requests: 999, seconds: 1 };

export class Limiter {
  readonly #windows = new Map<string, Window>();

  /** The headers after one more call, and whether it was one too many. */
  count(route: Route, caller: string, now: number): { headers: Record<string, string>; exceeded: boolean } {
    const limit = route.limit ?? defaultLimit;
    const key = `${caller} ${route.method} ${route.path}`;
    const start = Math.floor(now / 1000 / limit.seconds) * limit.seconds;
    const known = this.#windows.get(key);
    const used = (known?.start === start ? known.used : 0) + 1;
    this.#windows.set(key, { start, used });
    return { headers: limitHeaders(limit, start, used), exceeded: used > limit.requests };
  }
}

function limitHeaders(limit: Limit, start: number, used: number): Record<string, string> {
  return {
    'X-Sentry-Rate-Limit-Limit': String(limit.requests),
    'X-Sentry-Rate-Limit-Remaining': String(Math.max(0, limit.requests - used)),
    'X-Sentry-Rate-Limit-Reset': String(start + limit.seconds),
    'X-Sentry-Rate-Limit-ConcurrentLimit': '25',
    'X-Sentry-Rate-Limit-ConcurrentRemaining': '24',
  };
}

/** A bare JSON string, and no `Retry-After`. */
export function tooMany(route: Route): Reply {
  const { requests, seconds } = route.limit ?? defaultLimit;
  return {
    status: 429,
    body: `You are attempting to use this endpoint too frequently. Limit is ${requests} requests in ${seconds} seconds`,
  };
}
