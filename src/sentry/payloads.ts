// Sentry's JSON of an issue and of a project, read into our own words.
// It must not decide anything; whatever may be missing on the wire is null here.

import { z } from 'zod';
import { Bug } from '../domain/failure.ts';
import type { Level, Problem, SourceStatus } from '../domain/problem.ts';
import { bag, count, flag, id, missingParts, optionalId, text, time } from './shapes.ts';

const levels = ['fatal', 'error', 'warning', 'info', 'debug', 'sample', 'unknown'] as const;

const level = z.enum(levels).catch('unknown') satisfies z.ZodType<Level>;

/** `muted` is an old name; GlitchTip and old servers use others for deletion and merging. */
const statuses = new Map<string, SourceStatus>([
  ['unresolved', 'unresolved'],
  ['resolved', 'resolved'],
  ['ignored', 'ignored'],
  ['archived', 'ignored'],
  ['muted', 'ignored'],
]);

const webAddress = z.string().refine((address) => /^https?:$/.test(URL.parse(address)?.protocol ?? ''));

/** Only in the answer for one issue; null until a release was seen (reference sentry.md, 2.3). */
const release = bag
  .pipe(z.object({ version: text }).nullable())
  .transform((found) => found?.version ?? null)
  .optional()
  .transform((version) => version ?? null);

/** Only these five are sure to be there (reference sentry.md, 2.2). */
const issue = z.object({
  id,
  title: z.string(),
  status: z.string(),
  permalink: webAddress,
  project: z.object({ id, slug: text }),
  shortId: text,
  culprit: text,
  level,
  substatus: text,
  count,
  userCount: count,
  firstSeen: time,
  lastSeen: time,
  platform: text,
  issueCategory: text,
  isUnhandled: flag,
  metadata: bag.pipe(z.object({ type: text, value: text }).nullable()),
  stats: bag,
  firstRelease: release,
  lastRelease: release,
});

/** A problem and the project it came from, which a binding is held against. */
export type ReadProblem = { problem: Problem; projectSlug: string | null };

/**
 * Reads an issue of the list, of the detail or of a webhook.
 *
 * @throws Bug naming what is missing: Sentry promises those fields.
 */
export function readProblemJson(json: unknown): ReadProblem {
  const result = issue.safeParse(json);
  if (!result.success) {
    throw new Bug(`Sentry sent an issue that cannot be read; missing or odd: ${missingParts(result.error)}.`);
  }
  return { problem: problemOf(result.data), projectSlug: result.data.project.slug };
}

/** `readProblemJson` for whoever does not ask about the project. */
export function parseProblem(json: unknown): Problem {
  return readProblemJson(json).problem;
}

function problemOf(read: z.output<typeof issue>): Problem {
  return {
    id: read.id,
    shortId: read.shortId ?? read.id,
    title: text.parse(read.title) ?? '',
    culprit: read.culprit,
    level: read.level,
    status: statuses.get(read.status) ?? 'other',
    substatus: read.substatus,
    count: read.count,
    userCount: read.userCount,
    firstSeen: read.firstSeen,
    lastSeen: read.lastSeen,
    platform: read.platform,
    category: read.issueCategory,
    unhandled: read.isUnhandled,
    exception: { type: read.metadata?.type ?? null, value: read.metadata?.value ?? null },
    daily: dailyOf(read.stats),
    releases: releasesOf(read),
    permalink: read.permalink,
    projectId: read.project.id,
  };
}

const buckets = z.array(z.tuple([z.number(), z.number().nonnegative()]));

/** The list has 14 daily buckets when asked, the detail 30; hourly ones are of no use (reference sentry.md, 2.1). */
function dailyOf(stats: Record<string, unknown> | null): number[] {
  const read = buckets.safeParse(stats?.['14d'] ?? stats?.['30d']);
  return read.success ? read.data.slice(-14).map(([, events]) => events) : [];
}

function releasesOf(read: z.output<typeof issue>): Problem['releases'] {
  const { firstRelease: first, lastRelease: last } = read;
  return first === null && last === null ? null : { first, last };
}

const project = z.object({ id, slug: z.string().regex(/^[\w.-]{1,100}$/) });

/** A project's id and its slug as it is now; null when the JSON is not a project. */
export function parseProject(json: unknown): { id: string; slug: string } | null {
  return project.safeParse(json).data ?? null;
}

const grants = z.object({ auth: z.object({ scopes: z.array(z.string()) }) });

/** The scopes of the token that asked the root of the API; null when the server does not say. */
export function parseScopes(json: unknown): string[] | null {
  return grants.safeParse(json).data?.auth.scopes ?? null;
}

const owner = z.object({ groupID: optionalId, projectID: optionalId });

/** Which issue and which project an event says it belongs to. */
export function parseOwner(json: unknown): { problemId: string | null; projectId: string | null } {
  const read = owner.safeParse(json).data;
  return { problemId: read?.groupID ?? null, projectId: read?.projectID ?? null };
}
