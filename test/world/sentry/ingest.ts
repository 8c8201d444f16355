// Takes an event in: which problem it belongs to, whether that is new, whether it reopens it
// (reference sentry.md, 2.6). Must not read HTTP.

import { notifyError, notifyIssue } from './notify.ts';
import { rawEvent } from './raw-event.ts';
import { compareReleases, ensureRelease, releasesOf } from './releases.ts';
import { shortId } from './short-id.ts';
import { addActivity, type Issue, type Project, type Release, type World } from './state.ts';
import { userTag } from './event-tags.ts';
import { storeEvent } from './store-event.ts';
import type { StoredEvent } from './stored-event.ts';

/** Throws a ZodError when the event is no event. Gives the event's id. */
export function ingestEvent(world: World, project: Project, payload: Buffer): string {
  const raw = rawEvent.parse(JSON.parse(payload.toString('utf8')));
  const event = storeEvent(raw, { at: world.now(), size: payload.length });
  if (world.events.has(event.event_id)) return event.event_id;
  if (event.release !== null)
    ensureRelease(world, project.org, { version: event.release, projects: [project] });
  project.firstEvent ??= event.receivedAt;
  const hash = event.hashes[0] ?? event.event_id;
  const known = project.byHash.get(hash);
  const issue = known ?? createIssue(world, project, { event, hash });
  recordEvent(world, issue, event);
  if (!known) notifyIssue(world, issue, { action: 'created', by: 'sentry' });
  else if (reopens(issue, event)) reopen(world, issue, event);
  notifyError(world, issue, event);
  return event.event_id;
}

/** A problem without events yet, under the project's next short id. */
export function addIssue(
  world: World,
  project: Project,
  input: Pick<
    Issue,
    'hash' | 'title' | 'culprit' | 'type' | 'level' | 'metadata' | 'platform' | 'unhandled'
  > & {
    at: number;
  },
): Issue {
  project.counter += 1;
  const { at, ...described } = input;
  const issue: Issue = {
    ...described,
    id: String(world.nextId()),
    shortId: shortId(project.prefix, project.counter),
    project,
    logger: null,
    status: 'unresolved',
    substatus: 'new',
    resolution: null,
    snooze: {},
    assignedTo: null,
    priority: input.level === 'error' || input.level === 'fatal' ? 'high' : 'medium',
    hasSeen: false,
    isBookmarked: false,
    isSubscribed: false,
    firstSeen: at,
    lastSeen: at,
    seen: [],
    users: new Set(),
    syntheticUsers: 0,
    events: [],
    activity: [],
    externalIssues: [],
    firstRelease: null,
    lastRelease: null,
  };
  project.issues.push(issue);
  project.byHash.set(input.hash, issue);
  world.issues.set(issue.id, issue);
  return issue;
}

function createIssue(world: World, project: Project, from: { event: StoredEvent; hash: string }): Issue {
  const { event, hash } = from;
  const issue = addIssue(world, project, {
    hash,
    title: event.title,
    culprit: event.culprit,
    type: event.type,
    level: event.level,
    metadata: event.metadata,
    platform: event.platform,
    unhandled: event.exception?.values.some((value) => value.mechanism?.['handled'] === false) ?? false,
    at: event.at,
  });
  issue.firstRelease = event.release;
  addActivity(world, issue, { type: 'first_seen', data: { priority: issue.priority }, by: 'sentry' });
  return issue;
}

function recordEvent(world: World, issue: Issue, event: StoredEvent): void {
  issue.events.push(event);
  issue.seen.push({ at: event.at, count: 1 });
  issue.lastSeen = Math.max(issue.lastSeen, event.at);
  issue.lastRelease = event.release ?? issue.lastRelease;
  const user = userTag(event.user);
  if (user !== null) issue.users.add(user);
  world.events.set(event.event_id, { event, issue });
}

/** Sentry also lets five seconds pass after the last change; that window is left out, for tests' sake. */
function reopens(issue: Issue, event: StoredEvent): boolean {
  if (issue.status !== 'resolved') return false;
  if (issue.resolution === null) return true;
  const release = releasesOf(issue.project).find((candidate) => candidate.version === event.release);
  return release !== undefined && !covers(issue, release);
}

/** Whether the resolution expects events of this release to go on. */
function covers(issue: Issue, release: Release): boolean {
  const { resolution, project } = issue;
  if (resolution === null) return false;
  if (resolution.kind === 'commit') return true;
  const version = resolution.kind === 'release' ? resolution.version : resolution.base;
  const named = releasesOf(project).find((candidate) => candidate.version === version);
  if (!named) return false;
  const order = compareReleases(project, release, named);
  return resolution.kind === 'release' ? order < 0 : order <= 0;
}

function reopen(world: World, issue: Issue, event: StoredEvent): void {
  issue.status = 'unresolved';
  issue.substatus = 'regressed';
  issue.resolution = null;
  addActivity(world, issue, {
    type: 'set_regression',
    data: { event_id: event.event_id, version: event.release ?? '' },
    by: 'sentry',
  });
  notifyIssue(world, issue, { action: 'unresolved', by: 'sentry' });
}
