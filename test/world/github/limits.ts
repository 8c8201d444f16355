// Rate limits: counts each credential's requests in an hour, and refuses as GitHub does when a test says so.

import { Refused, refusal, type Answer } from './answers.ts';
import type { Actor } from './auth.ts';

const perHour = 5_000;
const hourMs = 3_600_000;

type Bucket = { limit: number; used: number; resetAt: number };
type Imposed = { remaining: number; resetAt: number; secondary: boolean };

export class Limits {
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();
  readonly #imposed = new Map<string, Imposed>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** From now on the app's installation tokens have this many requests left until the reset. */
  impose(input: { appSlug: string; remaining: number; resetInSeconds: number; secondary?: boolean }): void {
    const resetAt = this.#now() + input.resetInSeconds * 1000;
    this.#imposed.set(input.appSlug, {
      remaining: input.remaining,
      resetAt,
      secondary: input.secondary ?? false,
    });
  }

  /** Counts one request. Throws 403 when nothing is left. */
  take(key: string, actor: Actor): void {
    this.#takeImposed(actor);
    const bucket = this.#bucket(key);
    if (bucket.used >= bucket.limit) throw this.#exhausted(actor);
    bucket.used += 1;
  }

  /** Gives one back: an answer 304 is free. */
  refund(key: string): void {
    this.#bucket(key).used -= 1;
  }

  headers(key: string, actor: Actor): Record<string, string> {
    const { limit, used, resetAt } = this.view(key, actor);
    return {
      'x-ratelimit-limit': `${limit}`,
      'x-ratelimit-remaining': `${Math.max(0, limit - used)}`,
      'x-ratelimit-used': `${used}`,
      'x-ratelimit-reset': `${Math.ceil(resetAt / 1000)}`,
      'x-ratelimit-resource': 'core',
    };
  }

  /** The numbers as `GET /rate_limit` tells them. */
  view(key: string, actor: Actor): Bucket {
    const bucket = this.#bucket(key);
    const imposed = this.#imposedOn(actor);
    if (!imposed || imposed.secondary) return bucket;
    return { limit: bucket.limit, used: bucket.limit - imposed.remaining, resetAt: imposed.resetAt };
  }

  #bucket(key: string): Bucket {
    const found = this.#buckets.get(key);
    if (found && found.resetAt > this.#now()) return found;
    const bucket = { limit: key === '' ? 60 : perHour, used: 0, resetAt: this.#now() + hourMs };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #imposedOn(actor: Actor): Imposed | null {
    if (actor.kind !== 'installation') return null;
    const imposed = this.#imposed.get(actor.app.slug);
    if (!imposed || imposed.resetAt > this.#now()) return imposed ?? null;
    this.#imposed.delete(actor.app.slug);
    return null;
  }

  #takeImposed(actor: Actor): void {
    const imposed = this.#imposedOn(actor);
    if (!imposed) return;
    if (imposed.remaining > 0) {
      imposed.remaining -= 1;
      return;
    }
    throw imposed.secondary ? this.#tooFast(imposed.resetAt) : this.#exhausted(actor);
  }

  #exhausted(actor: Actor): Refused {
    const who = actor.kind === 'installation' ? `installation ID ${actor.installation.id}` : 'user';
    return refusal(403, `API rate limit exceeded for ${who}.`);
  }

  #tooFast(resetAt: number): Refused {
    const refused = refusal(
      403,
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    );
    const answer: Answer = refused.answer;
    answer.headers = { 'retry-after': `${Math.max(1, Math.ceil((resetAt - this.#now()) / 1000))}` };
    return refused;
  }
}
