// Turns what an SDK sent into the event Sentry keeps: nothing missing, nothing of another form.
// Must not group it or print it.

import { randomBytes } from 'node:crypto';
import { describe } from './describe-event.ts';
import { tagsOf } from './event-tags.ts';
import { valuesOf, type RawEvent, type RawException, type RawFrame } from './raw-event.ts';
import type { StoredEvent, StoredException, StoredFrame, StoredRequest } from './stored-event.ts';

/** Fills in what the SDK left out, as Sentry's own normalisation does. */
export function storeEvent(raw: RawEvent, received: { at: number; size: number }): StoredEvent {
  const event = {
    ...storeScalars(raw),
    ...storeBody(raw),
    at: toMillis(raw.timestamp) ?? received.at,
    receivedAt: received.at,
    size: received.size,
  };
  return { ...event, ...describe(event), tags: tagsOf(raw, event) };
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
