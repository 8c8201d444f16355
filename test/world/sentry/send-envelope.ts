// Sends events to the stand-in as an SDK does, for tests that need no program.
// Must not replace the official SDK where the shape of an event is the matter.

import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';

type SentFrame = {
  filename: string;
  function: string;
  lineno?: number;
  colno?: number;
  in_app?: boolean;
  pre_context?: string[];
  context_line?: string;
  post_context?: string[];
};

export type SentEvent = {
  type?: string;
  value?: string;
  message?: string;
  frames?: SentFrame[];
  release?: string;
  timestamp?: number;
  fingerprint?: string[];
  tags?: Record<string, string>;
  environment?: string;
  level?: string;
  user?: { id: string };
  handled?: boolean;
};

/** Addresses an SDK derives from a DSN. */
export function readDsn(dsn: string): { envelopeUrl: string; key: string } {
  const url = new URL(dsn);
  return { envelopeUrl: `${url.origin}/api${url.pathname}/envelope/`, key: url.username };
}

/** The body of an envelope with this event. */
export function eventEnvelope(event: Record<string, unknown>): Buffer {
  const payload = Buffer.from(JSON.stringify(event));
  const header = JSON.stringify({ event_id: event['event_id'], sent_at: new Date().toISOString() });
  const item = JSON.stringify({ type: 'event', length: payload.length });
  return Buffer.concat([Buffer.from(`${header}\n${item}\n`), payload, Buffer.from('\n')]);
}

/** Sends one event; gives its id. Throws when it was refused. */
export async function sendEvent(dsn: string, sent: SentEvent = {}): Promise<string> {
  const { envelopeUrl, key } = readDsn(dsn);
  const eventId = randomBytes(16).toString('hex');
  const response = await fetch(envelopeUrl, {
    method: 'POST',
    headers: { 'content-encoding': 'gzip', 'x-sentry-auth': `Sentry sentry_version=7, sentry_key=${key}` },
    body: gzipSync(eventEnvelope(rawEvent(eventId, sent))),
  });
  if (!response.ok) throw new Error(`event refused: ${response.status} ${await response.text()}`);
  return eventId;
}

function rawEvent(eventId: string, sent: SentEvent): Record<string, unknown> {
  const { type = 'TypeError', value, frames, handled = false, message, timestamp, ...rest } = sent;
  const exception = {
    type,
    value: value ?? "Cannot read properties of undefined (reading 'price')",
    mechanism: { type: 'onuncaughtexception', handled },
    stacktrace: { frames: frames ?? [defaultFrame] },
  };
  return {
    event_id: eventId,
    platform: 'node',
    level: 'error',
    ...(timestamp === undefined ? {} : { timestamp: timestamp / 1000 }),
    ...(message === undefined ? { exception: { values: [exception] } } : { message }),
    ...rest,
  };
}

const defaultFrame: SentFrame = {
  filename: '/app/src/cart.ts',
  function: 'total',
  lineno: 12,
  colno: 7,
  in_app: true,
};
