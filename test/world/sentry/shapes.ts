// What Sentry's answers must look like: schemas written from the reference (sentry.md, 1.7 to 2.5).
// Strict, so that the stand-in cannot add a key the real service does not have.

import { z } from 'zod';

const digits = z.string().regex(/^\d+$/);
const date = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/);
const offsetDate = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$/);
const dict = z.record(z.string(), z.unknown());
const text = z.string().nullable();

const baseIssue = {
  id: digits,
  shareId: text,
  shortId: z.string().regex(/^[A-Z0-9_-]+-[0-9A-HJKMNP-TV-Z]+$/),
  title: z.string(),
  culprit: text,
  permalink: z.url(),
  logger: text,
  level: z.enum(['sample', 'debug', 'info', 'warning', 'error', 'fatal', 'unknown']),
  status: z.enum(['unresolved', 'resolved', 'ignored']),
  statusDetails: dict,
  substatus: z
    .enum([
      'new',
      'ongoing',
      'escalating',
      'regressed',
      'archived_until_escalating',
      'archived_until_condition_met',
      'archived_forever',
    ])
    .nullable(),
  isPublic: z.boolean(),
  platform: text,
  project: z.strictObject({ id: digits, name: z.string(), slug: z.string(), platform: text }),
  type: z.string(),
  metadata: dict,
  numComments: z.int(),
  assignedTo: dict.nullable(),
  isBookmarked: z.boolean(),
  isSubscribed: z.boolean(),
  subscriptionDetails: dict.nullable(),
  hasSeen: z.boolean(),
  annotations: z.array(z.strictObject({ displayName: z.string(), url: z.string() })),
  issueType: z.string(),
  issueCategory: z.string(),
  priority: z.enum(['high', 'medium', 'low']).nullable(),
  priorityLockedAt: date.nullable(),
  seerFixabilityScore: z.number().nullable(),
  seerAutofixLastTriggered: date.nullable(),
  seerExplorerAutofixLastTriggered: date.nullable(),
  isUnhandled: z.boolean(),
  /** A string on the wire, not a number. */
  count: digits,
  userCount: z.int(),
};

const seen = { firstSeen: date, lastSeen: date };
const buckets = z.array(z.tuple([z.int(), z.int()]));
const stats = z.strictObject({ '24h': buckets.length(24) });

export const listedIssue = z.strictObject({
  ...baseIssue,
  ...seen,
  stats,
  lifetime: z.strictObject({ count: digits, userCount: z.int(), ...seen, stats: dict }),
  filtered: z.null(),
  matchingEventId: z.null(),
  matchingEventEnvironment: z.null(),
});

const user = z.looseObject({ id: z.string(), name: z.string(), username: z.string() });

export const activity = z.strictObject({
  id: digits,
  user: user.nullable(),
  type: z.string(),
  data: dict,
  dateCreated: date,
});

export const release = z.looseObject({
  id: z.int(),
  version: z.string(),
  shortVersion: z.string(),
  dateCreated: date,
  dateReleased: date.nullable(),
  ref: text,
  url: text,
  commitCount: z.int(),
  lastCommit: dict.nullable(),
  projects: z.array(z.looseObject({ id: z.int(), slug: z.string(), name: z.string() })),
});

export const detailedIssue = z.strictObject({
  ...baseIssue,
  ...seen,
  activity: z.array(activity).min(1),
  firstRelease: release.nullable(),
  lastRelease: release.nullable(),
  tags: z.array(z.strictObject({ key: z.string(), name: z.string(), totalValues: z.int() })),
  stats: z.strictObject({ '24h': buckets.length(24), '30d': buckets.length(30) }),
  openPeriods: z.array(z.unknown()),
  seenBy: z.array(z.unknown()),
  pluginActions: z.array(z.unknown()),
  pluginIssues: z.array(z.unknown()),
  pluginContexts: z.array(z.unknown()),
  userReportCount: z.int(),
  participants: z.array(z.unknown()),
});

const restFrame = z.strictObject({
  filename: text,
  absPath: text,
  module: text,
  package: text,
  platform: text,
  instructionAddr: text,
  symbolAddr: text,
  function: text,
  rawFunction: text,
  symbol: text,
  context: z.array(z.tuple([z.int(), z.string()])),
  lineNo: z.int().nullable(),
  colNo: z.int().nullable(),
  inApp: z.boolean(),
  trust: text,
  errors: z.null(),
  lock: z.null(),
  sourceLink: z.null(),
  vars: dict.nullable(),
});

const stacktrace = z.strictObject({
  frames: z.array(restFrame),
  framesOmitted: z.null(),
  registers: z.null(),
  hasSystemFrames: z.boolean(),
});

const exceptionEntry = z.strictObject({
  type: z.literal('exception'),
  data: z.strictObject({
    values: z.array(
      z.strictObject({
        type: text,
        value: text,
        module: text,
        threadId: z.union([z.string(), z.number()]).nullable(),
        mechanism: z.looseObject({ type: z.string(), handled: z.boolean().nullish() }).nullable(),
        stacktrace: stacktrace.nullable(),
        rawStacktrace: stacktrace.nullable(),
      }),
    ),
    hasSystemFrames: z.boolean(),
    excOmitted: z.null(),
  }),
});

const breadcrumbsEntry = z.strictObject({
  type: z.literal('breadcrumbs'),
  data: z.strictObject({
    values: z.array(
      z.strictObject({
        timestamp: date.nullable(),
        type: z.string(),
        category: text,
        level: z.string(),
        message: text,
        data: dict.nullable(),
        event_id: z.null(),
      }),
    ),
  }),
});

const pair = z.tuple([z.string(), z.string()]);

const requestEntry = z.strictObject({
  type: z.literal('request'),
  data: z.strictObject({
    apiTarget: z.null(),
    method: text,
    url: text,
    query: z.array(pair),
    fragment: text,
    data: z.unknown(),
    headers: z.array(pair),
    cookies: z.unknown(),
    env: dict.nullable(),
    inferredContentType: text,
  }),
});

const messageEntry = z.strictObject({
  type: z.literal('message'),
  data: z.strictObject({ formatted: z.string(), message: text, params: z.unknown() }),
});

const threadsEntry = z.strictObject({
  type: z.literal('threads'),
  data: z.strictObject({ values: z.array(dict) }),
});

const hex32 = z.string().regex(/^[0-9a-f]{32}$/);

export const restEvent = z.strictObject({
  id: hex32,
  groupID: digits,
  eventID: hex32,
  projectID: digits,
  message: z.string(),
  title: z.string(),
  location: text,
  culprit: text,
  user: z
    .strictObject({
      id: text,
      email: text,
      username: text,
      ip_address: text,
      name: text,
      geo: dict.nullable(),
      data: dict.nullable(),
    })
    .nullable(),
  tags: z.array(z.strictObject({ key: z.string(), value: z.string() })),
  platform: z.string(),
  type: z.enum(['error', 'default']),
  crashFile: z.null(),
  metadata: dict,
  dateCreated: date,
  dateReceived: date,
  dist: text,
  size: z.int(),
  entries: z.array(
    z.discriminatedUnion('type', [
      exceptionEntry,
      breadcrumbsEntry,
      requestEntry,
      messageEntry,
      threadsEntry,
    ]),
  ),
  contexts: z.record(z.string(), z.looseObject({ type: z.string() })),
  context: dict,
  packages: z.record(z.string(), z.string()),
  sdk: z.strictObject({ name: z.string(), version: z.string() }).nullable(),
  errors: z.array(dict),
  occurrence: z.null(),
  _meta: dict,
  fingerprints: z.array(hex32),
  groupingConfig: z.strictObject({ id: z.string(), enhancements: z.string() }),
  release: release.nullable(),
  userReport: z.null(),
  sdkUpdates: z.array(z.unknown()),
  resolvedWith: z.array(z.unknown()),
  nextEventID: hex32.nullable(),
  previousEventID: hex32.nullable(),
});

const actor = z.strictObject({
  type: z.enum(['user', 'application']),
  id: z.union([z.string(), z.number()]),
  name: z.string(),
});
const installation = z.strictObject({ uuid: z.uuid() });

export const issueWebhook = z.strictObject({
  action: z.enum(['resolved', 'unresolved', 'archived']),
  installation,
  actor,
  data: z.strictObject({
    issue: z.strictObject({ ...baseIssue, ...seen }),
    resolution_type: z.enum(['now', 'in_next_release', 'in_release', 'in_commit', 'with_commit']).optional(),
  }),
});

export const issueCreatedWebhook = z.strictObject({
  action: z.literal('created'),
  installation,
  actor,
  data: z.strictObject({
    issue: z.strictObject({
      ...baseIssue,
      firstSeen: offsetDate,
      lastSeen: offsetDate,
      url: z.url(),
      web_url: z.url(),
      project_url: z.url(),
    }),
  }),
});

const webhookFrame = z.strictObject({
  abs_path: text,
  filename: text,
  function: text,
  raw_function: text,
  module: text,
  package: text,
  lineno: z.int().nullable(),
  colno: z.int().nullable(),
  in_app: z.boolean(),
  context_line: text,
  pre_context: z.array(z.string()).nullable(),
  post_context: z.array(z.string()).nullable(),
  vars: dict.nullable(),
  instruction_addr: z.null(),
  symbol: z.null(),
  symbol_addr: z.null(),
  image_addr: z.null(),
  platform: text,
  trust: z.null(),
  data: dict.nullable(),
  errors: z.null(),
});

/** Strict in its frames; the rest may hold more, as the real one does. */
const webhookEvent = z.looseObject({
  event_id: hex32,
  project: z.int(),
  issue_id: digits,
  issue_url: z.url(),
  url: z.url(),
  web_url: z.url(),
  title: z.string(),
  culprit: text,
  location: text,
  message: z.string(),
  level: z.string(),
  logger: z.string(),
  platform: z.string(),
  type: z.string(),
  version: z.string(),
  datetime: date,
  timestamp: z.number(),
  received: z.number(),
  release: text,
  tags: z.array(pair),
  exception: z
    .looseObject({
      values: z.array(
        z.looseObject({ stacktrace: z.strictObject({ frames: z.array(webhookFrame) }).nullable() }),
      ),
    })
    .nullable(),
  metadata: dict,
  fingerprint: z.array(z.string()),
  hashes: z.array(hex32),
});

export const errorWebhook = z.strictObject({
  action: z.literal('created'),
  installation,
  actor,
  data: z.strictObject({ error: webhookEvent }),
});

export const alertWebhook = z.strictObject({
  action: z.literal('triggered'),
  installation,
  actor,
  data: z.strictObject({ event: webhookEvent, triggered_rule: z.string() }),
});

export const commentWebhook = z.strictObject({
  action: z.literal('created'),
  installation,
  actor,
  data: z.strictObject({
    comment: z.string(),
    comment_id: z.int(),
    issue_id: z.int(),
    project_slug: z.string(),
    timestamp: date,
  }),
});
