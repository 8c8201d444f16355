// The routes of whole problems: list, change in bulk, detail, change, short id.
// Must not judge a change; update.ts does.

import { listIssues, searchOf } from './issue-list.ts';
import { issueOf, orgOf, projectsIn } from './lookup.ts';
import { readChange } from './read-change.ts';
import { detailedIssue } from './render-issue.ts';
import { notFound, ok, type Reply } from './reply.ts';
import type { Call, Route } from './route.ts';
import { findIssue } from './state.ts';
import { applyChange } from './update.ts';

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
  { method: 'GET', path: '/organizations/:org/shortids/:shortId/', scopes: read, handle: readShortId },
];

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
