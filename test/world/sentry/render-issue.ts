// Prints a problem as the REST list, the REST detail and the webhooks show it (reference sentry.md, 1.7, 2.2, 2.3).
// Must not change it.

import { printDate } from './dates.ts';
import { renderRelease } from './render-release.ts';
import { countSince, shownStatus, type Activity, type Issue, type World } from './state.ts';

type Json = Record<string, unknown>;

export const proxyUser: Json = {
  id: '900',
  name: 'suture',
  username: 'suture-proxy',
  email: '',
  avatarUrl: '',
  isActive: true,
  isSentryApp: true,
  isSuperuser: false,
  isStaff: false,
  isManaged: false,
  isSuspended: false,
  has2fa: false,
  hasPasswordAuth: false,
  dateJoined: '2026-01-01T00:00:00Z',
  lastLogin: null,
  lastActive: null,
  emails: [],
  experiments: {},
  avatar: { avatarType: 'letter_avatar', avatarUuid: null, avatarUrl: null },
};

export function permalink(world: World, issue: Issue): string {
  return `${world.url}/organizations/${issue.project.org.slug}/issues/${issue.id}/`;
}

/** What list, detail and webhooks share. */
function baseIssue(world: World, issue: Issue): Json {
  return {
    id: issue.id,
    shareId: null,
    shortId: issue.shortId,
    title: issue.title,
    culprit: issue.culprit,
    permalink: permalink(world, issue),
    logger: issue.logger,
    level: issue.level,
    ...statusFields(world, issue),
    isPublic: false,
    platform: issue.platform,
    project: {
      id: issue.project.id,
      name: issue.project.slug,
      slug: issue.project.slug,
      platform: issue.project.platform,
    },
    type: issue.type,
    metadata: issue.metadata,
    numComments: issue.activity.filter((activity) => activity.type === 'note').length,
    assignedTo:
      issue.assignedTo === null ? null : { type: 'user', id: issue.assignedTo, name: issue.assignedTo },
    isBookmarked: issue.isBookmarked,
    isSubscribed: issue.isSubscribed,
    subscriptionDetails: null,
    hasSeen: issue.hasSeen,
    annotations: issue.externalIssues.map((link) => ({ displayName: link.displayName, url: link.webUrl })),
    issueType: 'error',
    issueCategory: 'error',
    priority: issue.priority,
    priorityLockedAt: null,
    seerFixabilityScore: null,
    seerAutofixLastTriggered: null,
    seerExplorerAutofixLastTriggered: null,
  };
}

function statusFields(world: World, issue: Issue): Json {
  const status = shownStatus(world, issue);
  return {
    status,
    statusDetails: statusDetails(issue),
    substatus: status === 'resolved' ? null : issue.substatus,
  };
}

function statusDetails(issue: Issue): Json {
  if (issue.status === 'ignored') return issue.snooze;
  const { resolution } = issue;
  if (issue.status !== 'resolved' || resolution === null) return {};
  switch (resolution.kind) {
    case 'next-release':
      return { inNextRelease: true, actor: proxyUser };
    case 'release':
      return { inRelease: resolution.version, actor: proxyUser };
    case 'commit':
      return {
        inCommit: { id: resolution.commit, repository: { name: resolution.repository } },
        actor: proxyUser,
      };
  }
}

/** Counts are text; `since` limits them to the window that was asked for. */
function countFields(issue: Issue, since: number): Json {
  return {
    isUnhandled: issue.unhandled,
    count: String(countSince(issue, since)),
    userCount: issue.users.size + issue.syntheticUsers,
    firstSeen: printDate(issue.firstSeen),
    lastSeen: printDate(issue.lastSeen),
  };
}

export type ListView = { since: number; statsPeriod: string; expand: Set<string>; collapse: Set<string> };

export function listedIssue(world: World, issue: Issue, view: ListView): Json {
  const listed: Json = view.collapse.has('base') ? { id: issue.id } : baseIssue(world, issue);
  if (view.collapse.has('stats')) return expandIssue(listed, issue, view);
  Object.assign(listed, countFields(issue, view.since));
  if (view.collapse.has('unhandled')) delete listed['isUnhandled'];
  listed['stats'] = renderStats(world, issue, view.statsPeriod);
  if (!view.collapse.has('lifetime')) listed['lifetime'] = lifetime(issue);
  if (!view.collapse.has('filtered')) listed['filtered'] = null;
  listed['matchingEventId'] = null;
  listed['matchingEventEnvironment'] = null;
  return expandIssue(listed, issue, view);
}

function lifetime(issue: Issue): Json {
  const { isUnhandled: _unhandled, ...counts } = countFields(issue, 0);
  return { ...counts, stats: {} };
}

function expandIssue(listed: Json, issue: Issue, view: ListView): Json {
  if (view.expand.has('inbox')) listed['inbox'] = null;
  if (view.expand.has('owners')) listed['owners'] = null;
  if (view.expand.has('integrationIssues')) listed['integrationIssues'] = [];
  if (view.expand.has('sentryAppIssues')) listed['sentryAppIssues'] = issue.externalIssues;
  if (view.expand.has('sessions')) listed['sessionCount'] = 0;
  if (view.expand.has('latestEventHasAttachments')) listed['latestEventHasAttachments'] = false;
  return listed;
}

function renderStats(world: World, issue: Issue, period: string): Json {
  if (period === '') return {};
  const buckets = { '24h': [24, 3_600_000], '14d': [14, 86_400_000], '30d': [30, 86_400_000] } as const;
  const known = period === '14d' || period === '30d' ? period : '24h';
  const [count, size] = buckets[known];
  const end = Math.ceil(world.now() / size) * size;
  const bins = Array.from({ length: count }, (_, index) => end - (count - index) * size);
  const sum = (from: number) => countSince(issue, from) - countSince(issue, from + size);
  return { [known]: bins.map((from) => [from / 1000, sum(from)]) };
}

export function detailedIssue(world: World, issue: Issue, collapse: Set<string>): Json {
  const detail = { ...baseIssue(world, issue), ...countFields(issue, 0) };
  const release = (version: string | null) => {
    const found = issue.project.org.releases.find((candidate) => candidate.version === version);
    return found ? renderRelease(found) : null;
  };
  return {
    ...detail,
    ...(collapse.has('release')
      ? {}
      : { firstRelease: release(issue.firstRelease), lastRelease: release(issue.lastRelease) }),
    ...(collapse.has('stats')
      ? {}
      : { stats: { ...renderStats(world, issue, '24h'), ...renderStats(world, issue, '30d') } }),
    ...(collapse.has('tags') ? {} : { tags: tagSummary(issue) }),
    activity: issue.activity.map(renderActivity),
    openPeriods: [],
    seenBy: [],
    pluginActions: [],
    pluginIssues: [],
    pluginContexts: [],
    userReportCount: 0,
    participants: [],
  };
}

function tagSummary(issue: Issue): Json[] {
  const totals = new Map<string, number>();
  for (const event of issue.events) {
    for (const [key] of event.tags) totals.set(key, (totals.get(key) ?? 0) + 1);
  }
  return [...totals].map(([key, totalValues]) => ({ key, name: tagName(key), totalValues }));
}

/** `server_name` is shown as `Server Name`. */
export function tagName(key: string): string {
  return key.replace(/[._]/g, ' ').replace(/\b[a-z]/g, (start) => start.toUpperCase());
}

export function renderActivity(activity: Activity): Json {
  return {
    id: activity.id,
    user: activity.by === 'sentry' ? null : proxyUser,
    type: activity.type,
    data: activity.data,
    dateCreated: printDate(activity.at),
  };
}

/** `created` adds three addresses and prints dates with an offset (reference sentry.md, 1.7). */
export function webhookIssue(world: World, issue: Issue, action: string): Json {
  const shown = { ...baseIssue(world, issue), ...countFields(issue, 0) };
  if (action !== 'created') return shown;
  const org = issue.project.org.slug;
  return {
    url: `${world.url}/api/0/organizations/${org}/issues/${issue.id}/`,
    web_url: permalink(world, issue),
    project_url: `${world.url}/organizations/${org}/issues/?project=${issue.project.id}`,
    ...shown,
    firstSeen: printDate(issue.firstSeen, '+00:00'),
    lastSeen: printDate(issue.lastSeen, '+00:00'),
  };
}
