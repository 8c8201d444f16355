// The routes of problems: list, change in bulk, detail, change, tags, notes, links.
// Must not judge a change; update.ts does.

import { printDate } from './dates.ts';
import { issueOf, orgOf, projectsIn } from './lookup.ts';
import { notifyComment } from './notify.ts';
import { cutPage } from './paging.ts';
import { badRequest, notFound, ok, type Reply } from './reply.ts';
import {
  detailedIssue,
  listedIssue,
  proxyUser,
  renderActivity,
  tagName,
  type ListView,
} from './render-issue.ts';
import type { Call, Route } from './route.ts';
import { readPeriod, readSearch, type IssueTest } from './search.ts';
import { addActivity, countSince, findIssue, shownStatus, type Issue, type Org } from './state.ts';
import { applyChange, readChange } from './update.ts';

const read = ['event:read', 'event:write', 'event:admin'];
const write = ['event:write', 'event:admin'];

export const issueRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/organizations/:org/issues/',
    scopes: read,
    limit: { requests: 10, seconds: 1 },
    handle: listIssues,
  },
  { method: 'PUT', path: '/organizations/:org/issues/', scopes: write, handle: changeMany },
  {
    method: 'GET',
    path: '/organizations/:org/issues/:issue/',
    scopes: read,
    limit: { requests: 5, seconds: 1 },
    handle: readIssue,
  },
  {
    method: 'PUT',
    path: '/organizations/:org/issues/:issue/',
    scopes: write,
    limit: { requests: 5, seconds: 1 },
    handle: changeOne,
  },
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
  { method: 'GET', path: '/organizations/:org/shortids/:shortId/', scopes: read, handle: readShortId },
];

function listIssues(call: Call): Reply {
  const org = orgOf(call);
  if (org.projects.length === 0) return ok([]);
  const view = readView(call);
  const direct = directHit(call, org);
  if (direct) return ok([listedIssue(call.world, direct, view)], { 'X-Sentry-Direct-Hit': '1' });
  const all = sortIssues(call, matching(call, org, view.since), view.since);
  const page = cutPage(all, { query: call.query, path: call.path, base: call.world.url, sizeKey: 'limit' });
  return ok(
    stillMatching(call, page.items).map((issue) => listedIssue(call.world, issue, view)),
    { Link: page.link, 'X-Hits': String(all.length), 'X-Max-Hits': '1000' },
  );
}

function readView(call: Call): ListView {
  const statsPeriod = call.query.get('groupStatsPeriod') ?? '24h';
  if (!['', '24h', '14d', 'auto'].includes(statsPeriod)) {
    throw badRequest({ detail: 'Invalid groupStatsPeriod. Must be one of "", "24h", "14d", "auto".' });
  }
  return {
    since: windowStart(call),
    statsPeriod,
    expand: new Set(call.query.getAll('expand')),
    collapse: new Set(call.query.getAll('collapse')),
  };
}

/** 90 days when nothing is asked for. */
function windowStart(call: Call): number {
  const asked = call.query.get('statsPeriod') ?? '';
  const start = call.query.get('start');
  if (asked === '' && start !== null) return Date.parse(start);
  const span = readPeriod(asked === '' ? '90d' : asked);
  if (span === null) throw badRequest({ detail: `Invalid statsPeriod: '${asked}'` });
  return call.world.now() - span;
}

/** A bare event id, or a short id with `shortIdLookup`, ignores every other filter. */
function directHit(call: Call, org: Org): Issue | undefined {
  const query = call.query.get('query')?.trim() ?? '';
  const byEvent = /^[0-9a-f]{32}$/i.test(query)
    ? call.world.events.get(query.toLowerCase())?.issue
    : undefined;
  if (byEvent?.project.org === org) return byEvent;
  const lookup = call.query.get('shortIdLookup') ?? '0';
  return lookup !== '0' && /^[A-Z0-9_-]+-[A-Z0-9]+$/i.test(query)
    ? findIssue(call.world, org, query)
    : undefined;
}

function searchOf(call: Call): IssueTest {
  return readSearch(call.world, call.query.get('query') ?? 'is:unresolved');
}

function matching(call: Call, org: Org, since: number): Issue[] {
  const projects = projectsIn(call, org);
  const groups = call.query.getAll('group');
  const environments = call.query.getAll('environment');
  const test = searchOf(call);
  const inEnvironment = (issue: Issue) =>
    environments.length === 0 || issue.events.some((event) => environments.includes(event.environment ?? ''));
  const wanted: IssueTest =
    groups.length > 0
      ? (issue) => groups.includes(issue.id)
      : (issue) => issue.lastSeen >= since && test(issue) && inEnvironment(issue);
  return projects.flatMap((project) => project.issues.filter(wanted));
}

/** Problems that resolved themselves by age are taken out after paging, so a page can be short. */
function stillMatching(call: Call, page: readonly Issue[]): Issue[] {
  const query = call.query.get('query') ?? 'is:unresolved';
  if (!/(^|\s)is:unresolved(\s|$)/.test(query)) return [...page];
  return page.filter((issue) => shownStatus(call.world, issue) === 'unresolved');
}

function sortIssues(call: Call, issues: readonly Issue[], since: number): Issue[] {
  const weigh = sortWeight(call, since);
  return issues
    .map((issue) => ({ issue, weight: weigh(issue) }))
    .toSorted((left, right) => right.weight - left.weight || Number(right.issue.id) - Number(left.issue.id))
    .map(({ issue }) => issue);
}

function sortWeight(call: Call, since: number): (issue: Issue) => number {
  const sort = call.query.get('sort') ?? 'date';
  switch (sort) {
    case 'date':
    case 'recommended':
      return (issue) => issue.lastSeen;
    case 'new':
      return (issue) => issue.firstSeen;
    case 'freq':
    case 'trends':
      return (issue) => countSince(issue, since);
    case 'user':
      return (issue) => issue.users.size + issue.syntheticUsers;
    case 'inbox':
      if (/is:for_review/.test(call.query.get('query') ?? '')) return (issue) => issue.firstSeen;
      throw badRequest({ detail: "Sort key 'inbox' only supported for inbox search" });
    default:
      throw badRequest({ sort: [`"${sort}" is not a valid choice.`] });
  }
}

/** Without ids everything that matches is changed; so it is when ids are given and none is found. */
function changeMany(call: Call): Reply {
  const org = orgOf(call);
  const change = readChange(call.body);
  const ids = call.query.getAll('id');
  const projects = projectsIn(call, org);
  const named = projects.flatMap((project) => project.issues.filter((issue) => ids.includes(issue.id)));
  const test = searchOf(call);
  const issues = named.length > 0 ? named : projects.flatMap((project) => project.issues.filter(test));
  if (issues.length === 0) return { status: 204 };
  applyChange(call.world, issues.slice(0, 1000), change);
  return ok({ ...change, statusDetails: change.statusDetails ?? {} });
}

function readIssue(call: Call): Reply {
  const issue = issueOf(call);
  return ok(detailedIssue(call.world, issue, new Set(call.query.getAll('collapse'))));
}

function changeOne(call: Call): Reply {
  const issue = issueOf(call);
  applyChange(call.world, [issue], readChange(call.body));
  return ok(detailedIssue(call.world, issue, new Set()));
}

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
export function textField(body: unknown, key: string): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const value: unknown = Reflect.get(body, key);
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function readLinks(call: Call): Reply {
  return ok(issueOf(call).externalIssues);
}

function readShortId(call: Call): Reply {
  const org = orgOf(call);
  const wanted = call.params['shortId'] ?? '';
  const issue = /^\d+$/.test(wanted) ? undefined : findIssue(call.world, org, wanted);
  if (!issue) throw notFound();
  return ok({
    organizationSlug: org.slug,
    projectSlug: issue.project.slug,
    groupId: issue.id,
    shortId: issue.shortId,
    group: detailedIssue(call.world, issue, new Set(['release', 'stats', 'tags'])),
  });
}
