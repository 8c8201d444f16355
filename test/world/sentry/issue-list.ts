// Lists an organisation's problems: window, search, order, page (reference sentry.md, 2.1).
// Must not change one.

import { orgOf, projectsIn } from './lookup.ts';
import { cutPage } from './paging.ts';
import { badRequest, ok, type Reply } from './reply.ts';
import { listedIssue, type ListView } from './render-issue.ts';
import type { Call } from './route.ts';
import { readPeriod, readSearch, type IssueTest } from './search.ts';
import { countSince, findIssue, shownStatus, type Issue, type Org } from './state.ts';

/** Answers `GET /organizations/{org}/issues/`. */
export function listIssues(call: Call): Reply {
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

export function searchOf(call: Call): IssueTest {
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
