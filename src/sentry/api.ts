// Calls of Sentry's API: a path and a purpose in, an answer that was wanted out, a failure for all others.
// It must not know what the JSON means.

import type { Clock } from '../ports.ts';
import { failureOf, notJson, type Answer, type Call } from './errors.ts';
import type { Http, Query } from './http.ts';
import { apiPath } from './paths.ts';

/** `allowed`: statuses besides 200 that the caller wants to see. */
type Wanted = Call & { path: readonly string[]; allowed?: readonly number[] };

export type Api = {
  /** @throws Refusal, Later or Bug for every status that is neither 200 nor allowed. */
  get(call: Wanted & { query?: Query }): Promise<Answer>;
  /** As `get`, for a write that is sent once and never repeated. */
  put(call: Wanted & { body: unknown }): Promise<Answer>;
  /** As `put`; 201 is wanted, too. */
  post(call: Wanted & { body: unknown }): Promise<Answer>;
};

export function createApi(http: Http, clock: Clock): Api {
  const wanted = (answer: Answer, call: Wanted): Answer => {
    if (answer.status === 200 || call.allowed?.includes(answer.status)) return answer;
    throw failureOf(answer, call, clock.now());
  };
  return {
    get: async (call) => wanted(await http.get(apiPath(...call.path), call.query ?? {}), call),
    put: async (call) => wanted(await http.put(apiPath(...call.path), call.body), call),
    post: async (call) =>
      wanted(await http.post(apiPath(...call.path), call.body), {
        ...call,
        allowed: [201, ...(call.allowed ?? [])],
      }),
  };
}

/** @throws Refusal when the body is no JSON. */
export function jsonOf(answer: Answer, call: Call): unknown {
  try {
    return JSON.parse(answer.body);
  } catch {
    throw notJson(call);
  }
}
