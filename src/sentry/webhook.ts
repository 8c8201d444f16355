// Sentry's webhooks: is this one really from Sentry, and which problem should be looked at again.
// It must believe nothing of the payload but names and ids, and never call an address found in it.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '../domain/failure.ts';
import { bag, id, missingParts, optionalId, text, time } from './shapes.ts';

/** A hint to fetch that problem. Any part of `project` may be unknown: resources differ in what they say. */
export type SentryHint = {
  project: { id: string | null; slug: string | null; org: string | null };
  problemId: string;
  /** Survives a second delivery of the same thing (reference sentry.md, 1.4). */
  dedupeKey: string;
};

const signatureForm = /^[0-9a-f]{64}$/;

/**
 * True when the signature is HMAC-SHA256 of exactly these bytes under the integration's client secret,
 * as 64 lower-case hex characters (reference sentry.md, 1.3). An empty secret verifies nothing.
 */
export function verifySentry(rawBody: Buffer, signature: string | undefined, secret: string): boolean {
  if (secret === '' || signature === undefined || !signatureForm.test(signature)) return false;
  const expected = createHmac('sha256', secret).update(rawBody).digest();
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'));
}

/**
 * Reads a verified delivery. `resource` is the Sentry-Hook-Resource header; the body does not repeat it.
 * Null for resources and actions that say nothing about a problem.
 *
 * @throws Refusal when the body is no JSON or lacks the problem it speaks of; never anything else.
 */
export function readSentryDelivery(resource: string, body: string): SentryHint | null {
  const { action, data } = readBody(body);
  if (resource === 'issue') return issueActions.has(action) ? hintOfIssue(action, data) : null;
  if (resource === 'event_alert' && action === 'triggered') return hintOfAlert(data);
  if (resource === 'error' && action === 'created') return hintOfError(data);
  return null;
}

/** `archived` and `ignored` are two names of one change, sometimes sent both (reference sentry.md, 1.6). */
const issueActions = new Map([
  ['created', 'created'],
  ['unresolved', 'unresolved'],
  ['resolved', 'resolved'],
  ['assigned', 'assigned'],
  ['archived', 'archived'],
  ['ignored', 'archived'],
]);

const delivery = z.object({ action: z.string(), data: bag });

function readBody(body: string): { action: string; data: unknown } {
  return expectShape(delivery, parseJson(body), 'delivery');
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal('The Sentry delivery is not JSON; nothing of it was used.');
  }
}

function expectShape<T extends z.ZodType>(shape: T, json: unknown, what: string): z.output<T> {
  const result = shape.safeParse(json);
  if (result.success) return result.data;
  throw new Refusal(
    `The Sentry ${what} lacks what Suture needs (${missingParts(result.error)}); nothing of it was used.`,
  );
}

const issueData = z.object({
  issue: z.object({
    id,
    url: text,
    permalink: text,
    status: text,
    substatus: text,
    lastSeen: time,
    project: z.object({ id: optionalId, slug: text }).nullish().catch(null),
  }),
});

function hintOfIssue(action: string, data: unknown): SentryHint {
  const { issue } = expectShape(issueData, data, 'issue delivery');
  const state = [issue.lastSeen, issue.status, issue.substatus].filter((part) => part !== null);
  return {
    project: {
      id: issue.project?.id ?? null,
      slug: issue.project?.slug ?? null,
      org: orgIn(issue.url) ?? orgIn(issue.permalink),
    },
    problemId: issue.id,
    dedupeKey: ['issue', issue.id, issueActions.get(action), ...state].join(':'),
  };
}

const eventShape = z.object({ event_id: id, issue_id: id, project: optionalId, url: text });
const alertData = z.object({ event: eventShape, triggered_rule: text });
const errorData = z.object({ error: eventShape });

function hintOfAlert(data: unknown): SentryHint {
  const { event, triggered_rule: rule } = expectShape(alertData, data, 'alert delivery');
  return hintOfEvent(event, `event_alert:${event.event_id}:${rule ?? ''}`);
}

function hintOfError(data: unknown): SentryHint {
  const { error } = expectShape(errorData, data, 'error delivery');
  return hintOfEvent(error, `error:${error.event_id}`);
}

/** Events carry the project's number only; its name and the organisation's stand in the path of `url`. */
function hintOfEvent(event: z.output<typeof eventShape>, dedupeKey: string): SentryHint {
  const [, org, slug] = /\/api\/0\/projects\/([^/]+)\/([^/]+)\/events\//.exec(pathOf(event.url)) ?? [];
  return {
    project: { id: event.project, slug: decoded(slug), org: decoded(org) },
    problemId: event.issue_id,
    dedupeKey,
  };
}

function orgIn(address: string | null): string | null {
  return decoded(/\/organizations\/([^/]+)\/issues\//.exec(pathOf(address))?.[1]);
}

function pathOf(address: string | null): string {
  return (address && URL.parse(address)?.pathname) ?? '';
}

function decoded(segment: string | undefined): string | null {
  if (segment === undefined) return null;
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
