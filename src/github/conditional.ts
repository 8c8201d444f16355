// Asks GitHub whether what it answered last still holds (ETag, If-None-Match): "not modified" counts against no hourly
// limit (reference github.md, 5). It never answers by itself, and nobody gets what another token was shown.
// Not undici's cache: that one trusts GitHub's `max-age`, and forgets an answer as soon as it was confirmed.

import { createHash } from 'node:crypto';

type Sizes = { mostBytes: number; mostBytesEach: number };

const sizes: Sizes = { mostBytes: 32 * 1024 * 1024, mostBytesEach: 1024 * 1024 };

type Kept = { etag: string; headers: Headers; body: ArrayBuffer };

/**
 * Wraps a fetch. Only what an installation reads is kept, by address and token: GitHub's ETags hold for the token they
 * were given to, and the app's own signature is another one each time. What was not asked for longest goes first.
 */
export function conditional(inner: typeof fetch, { mostBytes, mostBytesEach } = sizes): typeof fetch {
  const kept = new Map<string, Kept>();
  let bytes = 0;

  function drop(key: string): void {
    bytes -= kept.get(key)?.body.byteLength ?? 0;
    kept.delete(key);
  }

  function keep(key: string, answer: Kept): void {
    drop(key);
    if (answer.body.byteLength > mostBytesEach) return;
    kept.set(key, answer);
    bytes += answer.body.byteLength;
    for (const oldest of kept.keys()) {
      if (bytes <= mostBytes) return;
      drop(oldest);
    }
  }

  return async (input, init) => {
    const asked = new Headers(init?.headers);
    const key = typeof input === 'string' && init?.method === 'GET' ? keyOf(input, asked) : null;
    if (key === null) return inner(input, init);
    const known = kept.get(key);
    if (known) asked.set('if-none-match', known.etag);
    const response = await inner(input, { ...init, headers: asked });
    if (response.status === 304 && known) {
      const answer = { ...known, headers: updated(known.headers, response.headers) };
      keep(key, answer);
      return answerOf(answer, response);
    }
    const etag = response.status === 200 ? response.headers.get('etag') : null;
    if (etag === null) {
      drop(key);
      return response;
    }
    const answer = { etag, headers: response.headers, body: await response.arrayBuffer() };
    keep(key, answer);
    return answerOf(answer, response);
  };
}

/** Null for what is not read as an installation. The token itself is not kept. */
function keyOf(url: string, asked: Headers): string | null {
  const token = asked.get('authorization') ?? '';
  if (!/^token /i.test(token)) return null;
  const text = JSON.stringify([url, asked.get('accept'), token]);
  return createHash('sha256').update(text).digest('base64url');
}

/** "Not modified" tells the time and what is left of the limit anew. */
function updated(before: Headers, now: Headers): Headers {
  const headers = new Headers(before);
  for (const [name, value] of now) headers.set(name, value);
  return headers;
}

function answerOf({ headers, body }: Kept, { url }: Response): Response {
  const response = new Response(body, { status: 200, headers });
  // One that is made by hand has no address.
  return Object.defineProperty(response, 'url', { value: url });
}
