// What a stored job must look like when it is taken out again, and its envelope around it.
// A job that does not fit is a Bug and stays in the queue as failed; nothing is repaired here.

import { z } from 'zod';
import type { JobData, JobName } from '../ports.ts';

const text = z.string();
const repo = z.object({ owner: text, name: text });
const person = z.object({ login: text, kind: z.enum(['human', 'bot', 'other']) });
const ofBinding = z.object({ bindingId: text });
const ofFix = z.object({ fixId: text });

export const jobSchemas: { readonly [N in JobName]: z.ZodType<JobData[N]> } = {
  'receive-delivery': z.object({
    from: z.enum(['github', 'sentry']),
    event: text,
    delivery: text,
    body: text,
  }),
  fetch: ofBinding,
  'fetch-problem': z.object({ bindingId: text, problemId: text }),
  refresh: ofBinding,
  'read-ticks': z.object({
    repo,
    issue: z.number(),
    editor: person,
    bodyBefore: text,
    bodyAfter: text,
    at: z.number(),
  }),
  'read-comment': z.object({
    repo,
    issue: z.number(),
    onPullRequest: z.boolean(),
    comment: z.number(),
    author: person,
    body: text,
    bodyBefore: text.nullable().default(null),
    at: z.number(),
  }),
  'read-confirmation': z.object({
    repo,
    issue: z.number(),
    comment: z.number(),
    editor: person,
    bodyBefore: text,
    bodyAfter: text,
    at: z.number(),
  }),
  inspect: ofBinding,
  archive: z.object({ bindingId: text, problemId: text, by: text, reason: text, at: z.number() }),
  'read-review': z.object({
    repo,
    number: z.number(),
    review: z.number(),
    by: person,
    at: z.number(),
  }),
  fix: ofFix,
  rework: ofFix,
  settle: z.object({ fixId: text, mark: text.optional() }),
  watch: ofFix,
  'sum-up': z.object({ bindingId: text, batch: text }),
  reconcile: ofBinding,
  redeliver: z.object({ since: z.number() }),
};

const stamps = {
  v: z.literal(1),
  /** When it was first sent; a Later keeps it. */
  at: z.number(),
  /** Failed tries before the present row, when a Later made a new one. */
  failures: z.number(),
  /** Set by a Later: nothing may bring it forward past this. */
  notBefore: z.number().nullable(),
};

/** What pg-boss keeps as a job's data: flat, because the door's insert is the busiest statement we have. */
export const envelopeSchema = z.union([
  z.object({ ...stamps, json: text }),
  z.object({ ...stamps, deflated: text }),
]);

export type Envelope = z.infer<typeof envelopeSchema>;
