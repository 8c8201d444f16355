// Probot's Octokit with our manners: paced writes, no blind repetition, no sleeping, no following to other places.
// It must not know what is asked for, nor what a failure means to us.

import type { OctokitOptions } from '@octokit/core/types';
import Bottleneck from 'bottleneck';
import { ProbotOctokit } from 'probot';
import { Garbled, Moved } from './failures.ts';

/** GitHub asks for three times the pause where people are notified (reference github.md, 1.8). */
const NOTIFYING = 3;
/** GitHub itself gives up on a request after ten seconds. */
const TIME_LIMIT_MS = 20_000;
const TOKEN_LIFE_MS = 55 * 60_000;
const READ_RETRIES = 1;

/** Where the app authentication keeps installation tokens; ours, so that a refused one can be dropped. */
export type TokenCache = {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  forget(): void;
};

export type Manners = { writePauseMs: number; userAgent: string; tokens: TokenCache };

/**
 * The class Probot builds every client from. A read that failed at the server or on the way is repeated once after a
 * second; a write never, for it may have been carried out. A rate limit comes back at once as an error.
 * It is a function of the given options because Probot adds its own throttle settings later (github.md, 1.8).
 */
export function createOctokitClass(manners: Manners): typeof ProbotOctokit {
  const throttle = {
    enabled: true,
    write: pace(manners.writePauseMs),
    notifications: pace(manners.writePauseMs * NOTIFYING),
    onRateLimit: () => false,
    onSecondaryRateLimit: () => false,
  };
  return ProbotOctokit.plugin(beSober).defaults((given: OctokitOptions) => ({
    ...given,
    userAgent: manners.userAgent,
    retry: { retries: READ_RETRIES },
    throttle: { ...given.throttle, ...throttle },
    auth: { ...given.auth, cache: manners.tokens },
  }));
}

function pace(pause: number): Bottleneck.Group {
  return new Bottleneck.Group({ maxConcurrent: 1, minTime: pause });
}

type Hooked = Pick<ProbotOctokit, 'hook'>;

function beSober(octokit: Hooked): Record<string, never> {
  octokit.hook.before('request', (options) => {
    // A copy: every request of a client shares this object. And never a number above zero, for then the retry
    // plugin repeats refusals such as 404, too.
    options.request = { ...options.request, ...(options.method === 'GET' ? {} : { retries: 0 }) };
  });
  octokit.hook.after('request', ({ status, data }, { url }) => {
    // Where a log lies is all that GitHub answers when asked for it.
    if (status === 302 && url.endsWith('/logs')) return;
    if (status >= 300) throw new Moved();
    // A body that breaks off is given as text, an empty one as an empty list: both would read as "there is none".
    if (status !== 204 && typeof data === 'string') throw new Garbled();
  });
  return {};
}

/** The built-in fetch with a time limit for the whole answer, no redirects, and an end when `closing` aborts. */
export function createFetch(closing: AbortSignal): typeof fetch {
  return (input, init) =>
    fetch(input, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(TIME_LIMIT_MS)]),
    });
}

/** Tokens live an hour; ours are forgotten a little before. */
export function createTokenCache(): TokenCache {
  const kept = new Map<string, { value: string; until: number }>();
  return {
    get(key) {
      const found = kept.get(key);
      return found !== undefined && found.until > Date.now() ? found.value : undefined;
    },
    set: (key, value) => void kept.set(key, { value, until: Date.now() + TOKEN_LIFE_MS }),
    forget: () => kept.clear(),
  };
}
