// The routes of events: of a problem, of a project, by id.
// Must not change anything.

import { issueOf, orgOf, projectOf } from './lookup.ts';
import { cutPage } from './paging.ts';
import { notFound, ok, type Reply } from './reply.ts';
import { eventSummary, restEvent } from './render-event.ts';
import type { Call, Route } from './route.ts';
import type { Issue } from './state.ts';
import type { StoredEvent } from './stored-event.ts';

const read = ['event:read', 'event:write', 'event:admin'];
const readProject = ['project:read', 'project:write', 'project:admin'];

export const eventRoutes: readonly Route[] = [
  { method: 'GET', path: '/organizations/:org/issues/:issue/events/', scopes: read, handle: listEvents },
  {
    method: 'GET',
    path: '/organizations/:org/issues/:issue/events/:event/',
    scopes: read,
    limit: { requests: 15, seconds: 1 },
    handle: readEvent,
  },
  {
    method: 'GET',
    path: '/projects/:org/:project/events/:event/',
    scopes: readProject,
    handle: readProjectEvent,
  },
  {
    method: 'GET',
    path: '/projects/:org/:project/events/:event/committers/',
    scopes: readProject,
    handle: readCommitters,
  },
  {
    method: 'GET',
    path: '/organizations/:org/eventids/:event/',
    scopes: ['org:read'],
    handle: resolveEventId,
  },
];

function listEvents(call: Call): Reply {
  const issue = issueOf(call);
  const full = ['1', 'true'].includes(call.query.get('full') ?? '');
  const newestFirst = inEnvironment(call, issue).toReversed();
  const page = cutPage(newestFirst, { query: call.query, path: call.path, base: call.world.url });
  const render = (event: StoredEvent) =>
    full ? restEvent(call.world, issue, event) : { ...eventSummary(issue, event), 'event.type': event.type };
  return ok(page.items.map(render), { Link: page.link });
}

const noMatch = 'No matching event found, try changing the environments, date range, or query.';

function readEvent(call: Call): Reply {
  const issue = issueOf(call);
  const event = pickEvent(call, issue);
  const stacktraceOnly = call.query.getAll('collapse').includes('stacktraceOnly');
  const shown = restEvent(call.world, issue, event);
  if (!stacktraceOnly || !Array.isArray(shown['entries'])) return ok(shown);
  const stacks = new Set(['exception', 'threads', 'stacktrace']);
  return ok({ ...shown, entries: shown['entries'].filter((entry) => stacks.has(String(entry.type))) });
}

function pickEvent(call: Call, issue: Issue): StoredEvent {
  const wanted = call.params['event'] ?? '';
  const events = inEnvironment(call, issue);
  const found = aliases[wanted]?.(events) ?? issue.events.find((event) => event.event_id === wanted);
  if (found) return found;
  throw notFound(
    wanted in aliases
      ? noMatch
      : 'Event not found. The event ID may be incorrect or its age exceeded the retention period.',
  );
}

const aliases: Record<string, (events: readonly StoredEvent[]) => StoredEvent | undefined> = {
  latest: (events) => events.at(-1),
  oldest: (events) => events.at(0),
  recommended: (events) => events.findLast((event) => event.request !== null) ?? events.at(-1),
};

function inEnvironment(call: Call, issue: Issue): StoredEvent[] {
  const wanted = call.query.getAll('environment');
  return wanted.length === 0
    ? issue.events
    : issue.events.filter((event) => wanted.includes(event.environment ?? ''));
}

function readProjectEvent(call: Call): Reply {
  const project = projectOf(call);
  const found = call.world.events.get(call.params['event'] ?? '');
  if (found?.issue.project !== project) throw notFound('Event not found');
  return ok(restEvent(call.world, found.issue, found.event));
}

/** No commit data is kept, so the answer is the one for that. */
function readCommitters(call: Call): Reply {
  projectOf(call);
  throw notFound('No committers found');
}

function resolveEventId(call: Call): Reply {
  const org = orgOf(call);
  const found = call.world.events.get((call.params['event'] ?? '').toLowerCase());
  if (found?.issue.project.org !== org) throw notFound();
  const { event, issue } = found;
  return ok({
    organizationSlug: org.slug,
    projectSlug: issue.project.slug,
    groupId: issue.id,
    eventId: event.event_id,
    event: restEvent(call.world, issue, event),
  });
}
