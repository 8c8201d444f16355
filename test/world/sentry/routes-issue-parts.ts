// The routes below one problem: tags, hashes, activity, notes, links.
// Must not change its status.

import { printDate } from './dates.ts';
import { issueOf } from './lookup.ts';
import { notifyComment } from './notify.ts';
import { cutPage } from './paging.ts';
import { badRequest, notFound, ok, type Reply } from './reply.ts';
import { proxyUser, renderActivity, tagName } from './render-issue.ts';
import type { Call, Route } from './route.ts';
import { addActivity, type Issue } from './state.ts';

const read = ['event:read', 'event:write', 'event:admin'];
const write = ['event:write', 'event:admin'];

export const issuePartRoutes: readonly Route[] = [
  { method: 'GET', path: '/organizations/:org/issues/:issue/tags/:key/', scopes: read, handle: readTag },
  { method: 'GET', path: '/organizations/:org/issues/:issue/hashes/', scopes: read, handle: readHashes },
  {
    method: 'GET',
    path: '/organizations/:org/issues/:issue/activities/',
    scopes: read,
    handle: readActivities,
  },
  { method: 'GET', path: '/organizations/:org/issues/:issue/notes/', scopes: read, handle: readNotes },
  { method: 'POST', path: '/organizations/:org/issues/:issue/notes/', scopes: write, handle: addNote },
  {
    method: 'GET',
    path: '/organizations/:org/issues/:issue/external-issues/',
    scopes: read,
    handle: readLinks,
  },
];

function readTag(call: Call): Reply {
  const issue = issueOf(call);
  const key = call.params['key'] ?? '';
  const values = new Map<string, { count: number; first: number; last: number }>();
  for (const event of issue.events) {
    for (const [name, value] of event.tags) {
      if (name !== key) continue;
      const seen = values.get(value) ?? { count: 0, first: event.at, last: event.at };
      values.set(value, { count: seen.count + 1, first: seen.first, last: event.at });
    }
  }
  if (values.size === 0) throw notFound();
  const topValues = [...values]
    .toSorted(([, left], [, right]) => right.count - left.count)
    .map(([value, seen]) => ({
      key: value,
      name: value,
      value,
      count: seen.count,
      firstSeen: printDate(seen.first),
      lastSeen: printDate(seen.last),
    }));
  const totalValues = topValues.reduce((sum, value) => sum + value.count, 0);
  return ok({
    key,
    name: tagName(key),
    uniqueValues: topValues.length,
    totalValues,
    topValues: topValues.slice(0, 10),
  });
}

function readHashes(call: Call): Reply {
  return ok([{ id: issueOf(call).hash }]);
}

function readActivities(call: Call): Reply {
  return ok({ activity: issueOf(call).activity.map(renderActivity) });
}

function readNotes(call: Call): Reply {
  const notes = issueOf(call).activity.filter((activity) => activity.type === 'note');
  const page = cutPage(notes, { query: call.query, path: call.path, base: call.world.url });
  return ok(page.items.map(renderActivity), { Link: page.link });
}

function addNote(call: Call): Reply {
  const issue = issueOf(call);
  const text = textField(call.body, 'text');
  if (text === null) throw badRequest({ text: ['This field is required.'] });
  const lastHour = call.world.now() - 3_600_000;
  const same = (note: Issue['activity'][number]) =>
    note.type === 'note' && note.at >= lastHour && note.data['text'] === text;
  if (issue.activity.some(same)) throw badRequest({ detail: 'You have already posted that comment.' });
  const note = addActivity(call.world, issue, { type: 'note', data: { text }, by: 'integration' });
  notifyComment(call.world, issue, { id: note.id, text, timestamp: printDate(note.at) });
  return { status: 201, body: { ...renderActivity(note), user: proxyUser } };
}

/** The text under that key of a JSON body; null when it is missing, empty or something else. */
function textField(body: unknown, key: string): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const value: unknown = Reflect.get(body, key);
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function readLinks(call: Call): Reply {
  return ok(issueOf(call).externalIssues);
}
