// How GitHub says that it was asked too often, and when it may be asked again. It must not wait.

import { z } from 'zod';
import { Later } from '../domain/failure.ts';

type Headers = Readonly<Record<string, unknown>>;

const SECOND = 1_000;
/** GitHub's own advice when it tells no time (reference github.md, 5). */
const UNTOLD_LIMIT_MS = 60 * SECOND;
const LONGEST_WAIT_MS = 3_600 * SECOND;

/** As the throttling plugin throws it: GraphQL answers 200 when its limit is used up, too. */
export const graphqlLimit = z.object({
  response: z.object({
    headers: z.record(z.string(), z.unknown()),
    data: z.object({
      errors: z
        .array(z.object({ type: z.string().optional() }))
        .refine((errors) => errors.some(({ type }) => type === 'RATE_LIMITED')),
    }),
  }),
});

/** Whether a 403 with these headers and these words is about a limit. */
export function isLimit(headers: Headers, message: string): boolean {
  if (headers['retry-after'] !== undefined || String(headers['x-ratelimit-remaining']) === '0') return true;
  return /\b(rate limit|abuse detection)/i.test(message);
}

/** `doing`: what has to wait, for the sentence. A second at least, an hour at most. */
export function limited(headers: Headers, doing: string): Later {
  const wait = Math.min(Math.max(toldWait(headers), SECOND), LONGEST_WAIT_MS);
  const seconds = Math.ceil(wait / SECOND);
  return new Later(`GitHub asks Suture to wait ${seconds} seconds before it may ${doing}.`, wait);
}

/** Against GitHub's own clock where it says its time, so that a wrong clock here does no harm. */
function toldWait(headers: Headers): number {
  const retryAfter = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isFinite(retryAfter)) return retryAfter * SECOND;
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  if (String(headers['x-ratelimit-remaining']) !== '0' || !Number.isFinite(reset)) return UNTOLD_LIMIT_MS;
  const told = Date.parse(String(headers['date']));
  return reset * SECOND - (Number.isNaN(told) ? Date.now() : told) + SECOND;
}
