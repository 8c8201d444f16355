// Reads the body of a `PUT`: which keys exist, and how a wrong one is answered (reference sentry.md, 2.6).
// Must not apply it.

import { z } from 'zod';
import { badRequest } from './reply.ts';

const substatuses = [
  'archived_until_escalating',
  'archived_until_condition_met',
  'archived_forever',
  'escalating',
  'ongoing',
  'regressed',
  'new',
] as const;

const whole = z.int().nonnegative();
const snooze = {
  ignoreDuration: whole.optional(),
  ignoreCount: whole.optional(),
  ignoreWindow: whole.max(10_080).optional(),
  ignoreUserCount: whole.optional(),
  ignoreUserWindow: whole.max(10_080).optional(),
};

const changeSchema = z.object({
  status: z.enum(['resolved', 'unresolved', 'ignored', 'resolvedInNextRelease', 'muted']).optional(),
  statusDetails: z
    .object({
      ...snooze,
      inNextRelease: z.boolean().optional(),
      inRelease: z.string().optional(),
      inCommit: z.object({ commit: z.string(), repository: z.string() }).optional(),
    })
    .optional(),
  substatus: z.enum(substatuses).nullable().optional(),
  ...snooze,
  assignedTo: z.string().nullable().optional(),
  priority: z.enum(['high', 'medium', 'low']).optional(),
  hasSeen: z.boolean().optional(),
  isBookmarked: z.boolean().optional(),
  isSubscribed: z.boolean().optional(),
});

export type Change = z.infer<typeof changeSchema>;

/** Reads a body; only what is sent changes. Errors mirror the body, as the real serializer's do. */
export function readChange(body: unknown): Change {
  const parsed = changeSchema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const mirrored: Record<string, unknown> = {};
  for (const issue of parsed.error.issues) {
    if (issue.path.length === 0) throw badRequest({ detail: 'JSON parse error' });
    placeError(mirrored, issue.path.map(String), wordError(issue));
  }
  throw badRequest(mirrored);
}

function wordError(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return 'Not a valid choice.';
  return issue.code === 'invalid_type' ? 'This field is required or has the wrong type.' : issue.message;
}

/** `['statusDetails', 'inCommit', 'commit']` becomes three objects, one inside the other. */
function placeError(into: Record<string, unknown>, path: readonly string[], text: string): void {
  let value: unknown = [text];
  for (const key of path.slice(1).toReversed()) value = { [key]: value };
  into[path[0] ?? 'detail'] = value;
}
