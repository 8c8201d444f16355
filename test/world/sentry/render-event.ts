// Prints an event in the camelCase form of the REST API and in the snake_case form of the webhooks
// (reference sentry.md, 2.5 and 1.8). Must not change it.

import { printDate } from './dates.ts';
import { renderRelease } from './render-release.ts';
import { permalink } from './render-issue.ts';
import type { Issue, World } from './state.ts';
import type {
  StoredBreadcrumb,
  StoredEvent,
  StoredException,
  StoredFrame,
  StoredRequest,
  StoredThread,
} from './stored-event.ts';

type Json = Record<string, unknown>;

export function restEvent(world: World, issue: Issue, event: StoredEvent): Json {
  const at = issue.events.indexOf(event);
  return {
    ...eventSummary(issue, event),
    dist: event.dist,
    location: event.location,
    size: event.size,
    entries: renderEntries(event),
    contexts: event.contexts,
    context: event.extra,
    packages: event.modules,
    sdk: event.sdk ? { name: event.sdk.name, version: event.sdk.version } : null,
    metadata: event.metadata,
    dateReceived: printDate(event.receivedAt),
    errors: [],
    occurrence: null,
    _meta: {
      entries: {},
      message: null,
      user: null,
      contexts: null,
      sdk: null,
      context: null,
      packages: null,
      tags: {},
    },
    fingerprints: event.hashes,
    groupingConfig: { id: 'newstyle:2023-01-11', enhancements: '' },
    release: fullRelease(world, issue, event),
    userReport: null,
    sdkUpdates: [],
    resolvedWith: [null],
    nextEventID: issue.events[at + 1]?.event_id ?? null,
    previousEventID: issue.events[at - 1]?.event_id ?? null,
  };
}

/** What the list of a problem's events holds. */
export function eventSummary(issue: Issue, event: StoredEvent): Json {
  return {
    id: event.event_id,
    groupID: issue.id,
    eventID: event.event_id,
    projectID: issue.project.id,
    message: event.message,
    title: event.title,
    location: event.location,
    culprit: event.culprit,
    user: event.user ? renderUser(event.user) : null,
    tags: event.tags.map(([key, value]) => ({ key, value })),
    platform: event.platform,
    type: event.type,
    crashFile: null,
    metadata: event.metadata,
    dateCreated: printDate(event.at),
  };
}

const text = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null;

function renderUser(user: Json): Json {
  const { id, email, username, ip_address, name, geo, ...data } = user;
  return {
    id: text(id),
    email: text(email),
    username: text(username),
    ip_address: text(ip_address),
    name: text(name),
    geo: geo ?? null,
    data: Object.keys(data).length > 0 ? data : null,
  };
}

function fullRelease(world: World, issue: Issue, event: StoredEvent): Json | null {
  const found = world.orgs
    .find((org) => org === issue.project.org)
    ?.releases.find((release) => release.version === event.release);
  return found ? renderRelease(found) : null;
}

function renderEntries(event: StoredEvent): { type: string; data: unknown }[] {
  const entries: { type: string; data: unknown }[] = [];
  if (event.exception) entries.push({ type: 'exception', data: renderExceptions(event.exception.values) });
  if (event.logentry && !event.exception) entries.push({ type: 'message', data: event.logentry });
  if (event.threads)
    entries.push({ type: 'threads', data: { values: event.threads.values.map(renderThread) } });
  if (event.breadcrumbs) {
    entries.push({ type: 'breadcrumbs', data: { values: event.breadcrumbs.values.map(renderBreadcrumb) } });
  }
  if (event.request) entries.push({ type: 'request', data: renderRequest(event.request) });
  return entries;
}

function renderExceptions(values: readonly StoredException[]): Json {
  const hasSystemFrames = values.some((value) => hasSystem(value.stacktrace?.frames ?? []));
  return { values: values.map(renderException), hasSystemFrames, excOmitted: null };
}

const hasSystem = (frames: readonly StoredFrame[]): boolean => frames.some((frame) => !frame.in_app);

function renderException(exception: StoredException): Json {
  return {
    type: exception.type,
    value: exception.value,
    mechanism: exception.mechanism,
    threadId: exception.thread_id,
    module: exception.module,
    stacktrace: exception.stacktrace ? renderStack(exception.stacktrace.frames) : null,
    rawStacktrace: null,
  };
}

function renderStack(frames: readonly StoredFrame[]): Json {
  return {
    frames: frames.map(renderFrame),
    framesOmitted: null,
    registers: null,
    hasSystemFrames: hasSystem(frames),
  };
}

function renderFrame(frame: StoredFrame): Json {
  return {
    filename: frame.filename,
    absPath: frame.abs_path,
    module: frame.module,
    package: frame.package,
    platform: frame.platform,
    instructionAddr: null,
    symbolAddr: null,
    function: frame.function,
    rawFunction: frame.raw_function,
    symbol: null,
    context: renderContext(frame),
    lineNo: frame.lineno,
    colNo: frame.colno,
    inApp: frame.in_app,
    trust: null,
    errors: null,
    lock: null,
    sourceLink: null,
    vars: frame.vars,
  };
}

/** Pairs of line number and text; the crashing line sits between what came before and after it. */
function renderContext(frame: StoredFrame): [number, string][] {
  if (frame.lineno === null || frame.context_line === null) return [];
  const before = frame.pre_context ?? [];
  const lines = [...before, frame.context_line, ...(frame.post_context ?? [])];
  const first = frame.lineno - before.length;
  return lines.map((text, index) => [first + index, text]);
}

function renderThread(thread: StoredThread): Json {
  return {
    id: thread.id,
    name: thread.name,
    current: thread.current,
    crashed: thread.crashed,
    state: null,
    stacktrace: thread.stacktrace ? renderStack(thread.stacktrace.frames) : null,
    rawStacktrace: null,
    heldLocks: null,
  };
}

function renderBreadcrumb(crumb: StoredBreadcrumb): Json {
  return {
    timestamp: crumb.timestamp === null ? null : printDate(crumb.timestamp),
    type: crumb.type,
    category: crumb.category,
    level: crumb.level,
    message: crumb.message,
    data: crumb.data,
    event_id: null,
  };
}

function renderRequest(request: StoredRequest): Json {
  return {
    apiTarget: null,
    method: request.method,
    url: request.url,
    query: request.query_string,
    fragment: request.fragment,
    data: request.data,
    headers: request.headers,
    cookies: request.cookies ?? [],
    env: request.env,
    inferredContentType: request.inferred_content_type,
  };
}

/** The stored event itself with its addresses; `project` is a number and tags are pairs. */
export function webhookEvent(world: World, issue: Issue, event: StoredEvent): Json {
  const org = issue.project.org.slug;
  const { at, receivedAt, size: _size, modules, ...stored } = event;
  return {
    ...stored,
    modules,
    breadcrumbs: event.breadcrumbs && { values: event.breadcrumbs.values.map(storedBreadcrumb) },
    datetime: printDate(at),
    timestamp: at / 1000,
    received: receivedAt / 1000,
    project: Number(issue.project.id),
    key_id: issue.project.id,
    version: '7',
    time_spent: null,
    grouping_config: { id: 'newstyle:2023-01-11', enhancements: '' },
    _ref: Number(issue.project.id),
    _ref_version: 2,
    issue_id: issue.id,
    issue_url: `${world.url}/api/0/organizations/${org}/issues/${issue.id}/`,
    url: `${world.url}/api/0/projects/${org}/${issue.project.slug}/events/${event.event_id}/`,
    web_url: `${permalink(world, issue)}events/${event.event_id}/`,
  };
}

function storedBreadcrumb(crumb: StoredBreadcrumb): Json {
  return { ...crumb, timestamp: crumb.timestamp === null ? null : crumb.timestamp / 1000 };
}
