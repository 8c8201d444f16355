// Takes the throw-away key out of a request and puts the real one in, in the form the program used itself.
// That form tells which API it speaks, so nobody has to configure it.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

type Form = { header: string; before: string };

/** Where the known APIs carry a key. */
const forms: readonly Form[] = [
  { header: 'authorization', before: 'Bearer ' },
  { header: 'x-api-key', before: '' },
  { header: 'x-goog-api-key', before: '' },
  { header: 'api-key', before: '' },
];

/** Never passed on: they concern one connection only, or say who asks. */
const dropped = new Set([
  ...forms.map(({ header }) => header),
  'host',
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'cookie',
  'forwarded',
  'accept-encoding',
  'http2-settings',
]);

export type Keys = { throwAway: string; real: string };

/** The headers to forward with the real key; null when the request does not carry the throw-away key. */
export function forwardedHeaders(
  headers: IncomingHttpHeaders,
  keyInQuery: string | null,
  keys: Keys,
): Record<string, string> | null {
  const form = formOf(headers, keyInQuery, keys.throwAway);
  if (form === null) return null;
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || dropped.has(name) || name.startsWith('x-forwarded-')
      ? []
      : [[name, Array.isArray(value) ? value.join(', ') : value]],
  );
  const key = keys.real === '' ? {} : { [form.header]: form.before + keys.real };
  // Answers are read for what they used, so they must come as they are.
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...key, 'accept-encoding': 'identity' };
}

function formOf(headers: IncomingHttpHeaders, keyInQuery: string | null, throwAway: string): Form | null {
  const found = forms.find(({ header, before }) => {
    const value = headers[header];
    if (typeof value !== 'string') return false;
    return (
      value.toLowerCase().startsWith(before.toLowerCase()) && same(value.slice(before.length), throwAway)
    );
  });
  if (found) return found;
  const google = forms.find(({ header }) => header === 'x-goog-api-key') ?? null;
  return keyInQuery !== null && same(keyInQuery, throwAway) ? google : null;
}

function same(left: string, right: string): boolean {
  return timingSafeEqual(digest(left.trim()), digest(right));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
