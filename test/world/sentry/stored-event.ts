// An event as Sentry stores it: snake_case, every key present (reference sentry.md, 1.8).
// Must not group it or print it for the REST API.

import { randomBytes } from 'node:crypto';
import { describe, type Described } from './describe-event.ts';
import { valuesOf, type RawEvent, type RawException, type RawFrame } from './raw-event.ts';

export type StoredFrame = {
  abs_path: string | null;
  colno: number | null;
  context_line: string | null;
  data: Record<string, unknown> | null;
  errors: null;
  filename: string | null;
  function: string | null;
  image_addr: null;
  in_app: boolean;
  instruction_addr: null;
  lineno: number | null;
  module: string | null;
  package: string | null;
  platform: string | null;
  post_context: string[] | null;
  pre_context: string[] | null;
  raw_function: string | null;
  symbol: null;
  symbol_addr: null;
  trust: null;
  vars: Record<string, unknown> | null;
};

export type StoredException = {
  type: string | null;
  value: string | null;
  module: string | null;
  thread_id: string | number | null;
  mechanism: Record<string, unknown> | null;
  stacktrace: { frames: StoredFrame[] } | null;
  raw_stacktrace: null;
};

export type StoredRequest = {
  method: string | null;
  url: string | null;
  query_string: [string, string][];
  headers: [string, string][];
  cookies: unknown;
  data: unknown;
  env: Record<string, unknown> | null;
  fragment: string | null;
  inferred_content_type: string | null;
};

export type StoredThread = {
  id: string | number | null;
  name: string | null;
  current: boolean;
  crashed: boolean;
  stacktrace: { frames: StoredFrame[] } | null;
};

export type StoredBreadcrumb = {
  timestamp: number | null;
  type: string;
  category: string | null;
  level: string;
  message: string | null;
  data: Record<string, unknown> | null;
};

export type StoredEvent = Described & {
  event_id: string;
  platform: string;
  level: string;
  logger: string;
  release: string | null;
  dist: string | null;
  environment: string | null;
  transaction: string | null;
  message: string;
  logentry: { formatted: string; message: string | null; params: unknown } | null;
  exception: { values: StoredException[] } | null;
  threads: { values: StoredThread[] } | null;
  breadcrumbs: { values: StoredBreadcrumb[] } | null;
  request: StoredRequest | null;
  user: Record<string, unknown> | null;
  tags: [string, string][];
  extra: Record<string, unknown>;
  contexts: Record<string, Record<string, unknown>>;
  modules: Record<string, string>;
  sdk: { name: string; version: string; integrations: string[]; packages: unknown } | null;
  fingerprint: string[];
  /** Milliseconds since 1970. */
  at: number;
  receivedAt: number;
  /** Bytes as received. */
  size: number;
};

/** Fills in what the SDK left out, as Sentry's own normalisation does. */
export function storeEvent(raw: RawEvent, received: { at: number; size: number }): StoredEvent {
  const event = {
    ...storeScalars(raw),
    ...storeBody(raw),
    at: toMillis(raw.timestamp) ?? received.at,
    receivedAt: received.at,
    size: received.size,
  };
  return { ...event, ...describe(event), tags: storeTags(raw, event) };
}

function storeScalars(raw: RawEvent) {
  return {
    event_id: raw.event_id ?? randomBytes(16).toString('hex'),
    platform: raw.platform ?? 'other',
    level: raw.level ?? 'error',
    logger: raw.logger ?? '',
    release: raw.release ?? null,
    dist: raw.dist ?? null,
    environment: raw.environment ?? null,
    transaction: raw.transaction ?? null,
    fingerprint: raw.fingerprint ?? ['{{ default }}'],
  };
}

function storeBody(raw: RawEvent) {
  const exceptions = valuesOf(raw.exception).map(storeException);
  const logentry = storeMessage(raw);
  return {
    message: exceptions.length > 0 ? '' : (logentry?.formatted ?? ''),
    logentry,
    exception: exceptions.length > 0 ? { values: exceptions } : null,
    threads: storeThreads(raw),
    breadcrumbs: storeBreadcrumbs(raw),
    request: raw.request ? storeRequest(raw.request) : null,
    user: raw.user ?? null,
    extra: raw.extra ?? {},
    contexts: storeContexts(raw),
    modules: raw.modules ?? {},
    sdk: storeSdk(raw),
  };
}

/** Seconds since 1970 or an ISO date; null when it is neither. */
function toMillis(timestamp: number | string | null | undefined): number | null {
  if (typeof timestamp === 'number') return Math.round(timestamp * 1000);
  if (typeof timestamp !== 'string') return null;
  const parsed = Date.parse(timestamp);
  return Number.isNaN(parsed) ? null : parsed;
}

function storeFrame(raw: RawFrame): StoredFrame {
  const path = raw.filename ?? raw.abs_path ?? null;
  return {
    abs_path: raw.abs_path ?? path,
    colno: raw.colno ?? null,
    context_line: raw.context_line ?? null,
    data: null,
    errors: null,
    filename: path,
    function: raw.function ?? null,
    image_addr: null,
    in_app: raw.in_app ?? false,
    instruction_addr: null,
    lineno: raw.lineno ?? null,
    module: raw.module ?? null,
    package: null,
    platform: raw.platform ?? null,
    post_context: raw.post_context ?? null,
    pre_context: raw.pre_context ?? null,
    raw_function: null,
    symbol: null,
    symbol_addr: null,
    trust: null,
    vars: raw.vars ?? null,
  };
}

function storeException(raw: RawException): StoredException {
  const frames = raw.stacktrace?.frames;
  return {
    type: raw.type ?? null,
    value: raw.value ?? null,
    module: raw.module ?? null,
    thread_id: raw.thread_id ?? null,
    mechanism: raw.mechanism ?? null,
    stacktrace: frames ? { frames: frames.map(storeFrame) } : null,
    raw_stacktrace: null,
  };
}

function storeMessage(raw: RawEvent): StoredEvent['logentry'] {
  const entry = raw.logentry ?? (typeof raw.message === 'string' ? { message: raw.message } : raw.message);
  if (!entry) return null;
  const formatted = entry.formatted ?? entry.message;
  if (!formatted) return null;
  return { formatted, message: entry.message ?? null, params: entry['params'] ?? null };
}

function storeThreads(raw: RawEvent): StoredEvent['threads'] {
  const values = valuesOf(raw.threads).map((thread) => ({
    id: thread.id ?? null,
    name: thread.name ?? null,
    current: thread.current ?? false,
    crashed: thread.crashed ?? false,
    stacktrace: thread.stacktrace?.frames ? { frames: thread.stacktrace.frames.map(storeFrame) } : null,
  }));
  return values.length > 0 ? { values } : null;
}

function storeBreadcrumbs(raw: RawEvent): StoredEvent['breadcrumbs'] {
  const values = valuesOf(raw.breadcrumbs).map((crumb) => ({
    timestamp: toMillis(crumb.timestamp),
    type: crumb.type ?? 'default',
    category: crumb.category ?? null,
    level: crumb.level ?? 'info',
    message: crumb.message ?? null,
    data: crumb.data ?? null,
  }));
  return values.length > 0 ? { values } : null;
}

function storeRequest(raw: NonNullable<RawEvent['request']>): StoredRequest {
  return {
    method: raw.method ?? null,
    url: raw.url?.split(/[?#]/)[0] ?? null,
    query_string: toPairs(raw.query_string ?? raw.url?.split('?')[1]?.split('#')[0]),
    headers: toPairs(raw.headers).map(([name, value]) => [titleCase(name), value]),
    cookies: raw.cookies ?? null,
    data: raw.data ?? null,
    env: raw.env ?? null,
    fragment: raw.url?.split('#')[1] ?? null,
    inferred_content_type: null,
  };
}

function toPairs(
  value: string | [string, string][] | Record<string, unknown> | null | undefined,
): [string, string][] {
  if (!value) return [];
  if (typeof value === 'string') return [...new URLSearchParams(value)];
  if (Array.isArray(value)) return value;
  return Object.entries(value).map(([name, entry]) => [name, String(entry)]);
}

function titleCase(header: string): string {
  return header.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

function storeContexts(raw: RawEvent): Record<string, Record<string, unknown>> {
  const kept: Record<string, Record<string, unknown>> = {};
  for (const [name, context] of Object.entries(raw.contexts ?? {})) {
    if (context) kept[name] = { ...context, type: context['type'] ?? name };
  }
  return kept;
}

function storeSdk(raw: RawEvent): StoredEvent['sdk'] {
  if (!raw.sdk) return null;
  return {
    name: raw.sdk.name ?? 'unknown',
    version: raw.sdk.version ?? 'unknown',
    integrations: raw.sdk.integrations ?? [],
    packages: raw.sdk['packages'] ?? [],
  };
}

type Untagged = Pick<
  StoredEvent,
  'level' | 'environment' | 'release' | 'dist' | 'transaction' | 'request' | 'user' | 'exception' | 'contexts'
>;

/** The tags the program set, and those Sentry derives from the event itself; sorted, none empty. */
function storeTags(raw: RawEvent, event: Untagged): [string, string][] {
  const own = Array.isArray(raw.tags) ? raw.tags : Object.entries(raw.tags ?? {});
  const tags = new Map<string, unknown>([...derivedTags(raw, event), ...own]);
  return [...tags]
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([key, value]): [string, string] => [key, String(value)])
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
}

function derivedTags(raw: RawEvent, event: Untagged): [string, unknown][] {
  const mechanism = event.exception?.values.at(-1)?.mechanism;
  const handled = mechanism?.['handled'];
  const runtime = event.contexts['runtime'];
  const os = event.contexts['os'];
  return [
    ['level', event.level],
    ['environment', event.environment],
    ['release', event.release],
    ['dist', event.dist],
    ['transaction', event.transaction],
    ['server_name', raw.server_name],
    ['url', event.request?.url],
    ['user', userTag(event.user)],
    ['mechanism', mechanism?.['type']],
    ['handled', typeof handled === 'boolean' ? (handled ? 'yes' : 'no') : null],
    ['runtime', runtime ? `${String(runtime['name'])} ${String(runtime['version'])}` : null],
    ['runtime.name', runtime?.['name']],
    ['os.name', os?.['name']],
  ];
}

/** `id:1`, `email:…`, as Sentry's user tag reads; null without a user. */
export function userTag(user: Record<string, unknown> | null): string | null {
  for (const [key, name] of [
    ['id', 'id'],
    ['email', 'email'],
    ['username', 'username'],
    ['ip_address', 'ip'],
  ] as const) {
    const value = user?.[key];
    if (typeof value === 'string' || typeof value === 'number') return `${name}:${value}`;
  }
  return null;
}
