// Changes problems as `PUT` does, with its refusals (reference sentry.md, 2.6).
// Must not find the problems; routes do.

import { z } from 'zod';
import { notifyIssue } from './notify.ts';
import { compareReleases, currentRelease, releasesOf, usesSemver } from './releases.ts';
import { badRequest } from './reply.ts';
import { addActivity, type Issue, type Project, type Resolution, type World } from './state.ts';

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

/** Applies it to every one of these; nothing changes when anything is refused. */
export function applyChange(world: World, issues: readonly Issue[], change: Change): void {
  const resolutions = issues.map((issue) => ({ issue, resolution: readResolution(issue, change, issues) }));
  for (const { issue, resolution } of resolutions) {
    applyMarks(issue, change);
    if (change.status !== undefined) applyStatus(world, issue, { change, resolution });
  }
}

function applyMarks(issue: Issue, change: Change): void {
  if (change.assignedTo !== undefined) issue.assignedTo = change.assignedTo || null;
  if (change.priority !== undefined) issue.priority = change.priority;
  if (change.hasSeen !== undefined) issue.hasSeen = change.hasSeen;
  if (change.isBookmarked !== undefined) issue.isBookmarked = change.isBookmarked;
  if (change.isSubscribed !== undefined) issue.isSubscribed = change.isSubscribed;
}

function applyStatus(
  world: World,
  issue: Issue,
  to: { change: Change; resolution: Resolution | null },
): void {
  switch (to.change.status) {
    case 'resolved':
    case 'resolvedInNextRelease':
      return setResolved(world, issue, to.resolution);
    case 'unresolved':
      return setUnresolved(world, issue, to.change);
    case 'ignored':
    case 'muted':
      return setIgnored(world, issue, to.change);
    case undefined:
  }
}

/** A second resolve writes a second activity and sends a second webhook, as the real one does. */
function setResolved(world: World, issue: Issue, resolution: Resolution | null): void {
  issue.status = 'resolved';
  issue.substatus = null;
  issue.snooze = {};
  issue.resolution = resolution;
  addActivity(world, issue, { ...resolvedActivity(resolution), by: 'integration' });
  notifyIssue(world, issue, {
    action: 'resolved',
    by: 'integration',
    extra: { resolution_type: resolutionType(resolution) },
  });
}

function resolvedActivity(resolution: Resolution | null): { type: string; data: Record<string, unknown> } {
  switch (resolution?.kind) {
    case undefined:
      return { type: 'set_resolved', data: {} };
    case 'next-release':
      return {
        type: 'set_resolved_in_release',
        data: { version: '', current_release_version: resolution.base },
      };
    case 'release':
      return { type: 'set_resolved_in_release', data: { version: resolution.version } };
    case 'commit':
      return { type: 'set_resolved_in_commit', data: { commit: resolution.commit } };
  }
}

function resolutionType(resolution: Resolution | null): string {
  switch (resolution?.kind) {
    case undefined:
      return 'now';
    case 'next-release':
      return 'in_next_release';
    case 'release':
      return 'in_release';
    case 'commit':
      return 'in_commit';
  }
}

function setUnresolved(world: World, issue: Issue, change: Change): void {
  const changed = issue.status !== 'unresolved';
  issue.status = 'unresolved';
  issue.substatus = change.substatus ?? (changed ? 'ongoing' : issue.substatus);
  issue.resolution = null;
  issue.snooze = {};
  if (!changed) return;
  addActivity(world, issue, { type: 'set_unresolved', data: {}, by: 'integration' });
  notifyIssue(world, issue, { action: 'unresolved', by: 'integration' });
}

function setIgnored(world: World, issue: Issue, change: Change): void {
  const details = snoozeOf(change);
  issue.status = 'ignored';
  issue.resolution = null;
  issue.snooze = details;
  issue.substatus =
    change.substatus ??
    (Object.keys(details).length > 0 ? 'archived_until_condition_met' : 'archived_forever');
  addActivity(world, issue, { type: 'set_ignored', data: details, by: 'integration' });
  notifyIssue(world, issue, { action: 'archived', by: 'integration' });
}

function snoozeOf(change: Change): Record<string, unknown> {
  const keys = [
    'ignoreDuration',
    'ignoreCount',
    'ignoreWindow',
    'ignoreUserCount',
    'ignoreUserWindow',
  ] as const;
  const given = keys.map((key) => [key, change.statusDetails?.[key] ?? change[key]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** Evaluated in this order: next release, release, commit, none. Throws the exact 400s. */
function readResolution(issue: Issue, change: Change, all: readonly Issue[]): Resolution | null {
  if (change.status !== 'resolved' && change.status !== 'resolvedInNextRelease') return null;
  const details = change.statusDetails ?? {};
  if (details.inNextRelease === true || change.status === 'resolvedInNextRelease') {
    if (new Set(all.map((other) => other.project)).size > 1) {
      throw badRequest({ detail: 'Cannot set resolved in next release for multiple projects.' });
    }
    return nextRelease(issue);
  }
  if (details.inRelease !== undefined) return inRelease(issue.project, details.inRelease);
  if (details.inCommit) return inCommit(issue.project, details.inCommit);
  return null;
}

function nextRelease(issue: Issue): Resolution {
  const { project } = issue;
  const current = currentRelease(project);
  if (!current) {
    throw refusedDetail(
      'inNextRelease',
      "No release data present in the system to form a basis for 'Next Release'",
    );
  }
  if (usesSemver(project)) return { kind: 'next-release', base: current.version };
  const seenIn = releasesOf(project).find((release) => release.version === issue.lastRelease) ?? current;
  const later = releasesOf(project)
    .filter((release) => compareReleases(project, release, seenIn) > 0)
    .at(0);
  return later ? { kind: 'release', version: later.version } : { kind: 'next-release', base: seenIn.version };
}

function inRelease(project: Project, version: string): Resolution {
  const found =
    version === 'latest'
      ? currentRelease(project)
      : releasesOf(project).find((release) => release.version === version);
  if (!found) throw refusedDetail('inRelease', 'Unable to find a release with the given version.');
  return { kind: 'release', version: found.version };
}

function inCommit(project: Project, wanted: { commit: string; repository: string }): Resolution {
  const { org } = project;
  if (!org.repositories.some((repository) => repository.name === wanted.repository)) {
    throw refusedCommit('repository', 'Unable to find the given repository.');
  }
  const holding = org.releases.filter((release) =>
    release.commits.some((commit) => commit.id === wanted.commit && commit.repository === wanted.repository),
  );
  const newest = holding.at(-1);
  if (newest) return { kind: 'release', version: newest.version };
  if (!org.pushedCommits.has(`${wanted.repository}@${wanted.commit}`)) {
    throw refusedCommit('commit', 'Unable to find the given commit.');
  }
  return { kind: 'commit', ...wanted };
}

const refusedDetail = (key: string, text: string) => badRequest({ statusDetails: { [key]: [text] } });

const refusedCommit = (key: string, text: string) =>
  badRequest({ statusDetails: { inCommit: { [key]: [text] } } });
