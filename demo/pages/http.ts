// The HTTP of the pages: reads forms, writes documents with their safety headers, and sends people elsewhere.

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Nothing from elsewhere is loaded or framed, and no body's own style or script counts. */
const safety = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

const formLimit = 100_000;

/** A document; 304 when the browser has it already. */
export function sendDocument(
  request: IncomingMessage,
  response: ServerResponse,
  input: { status: number; text: string; type?: string },
): true {
  const etag = `"${createHash('sha256').update(input.text).digest('hex').slice(0, 32)}"`;
  const unchanged = input.status === 200 && request.headers['if-none-match'] === etag;
  response.writeHead(unchanged ? 304 : input.status, {
    ...safety,
    etag,
    'content-type': `${input.type ?? 'text/html'}; charset=utf-8`,
    'cache-control': 'no-cache',
  });
  response.end(unchanged ? undefined : input.text);
  return true;
}

/** After a form: the browser shows that page with GET. */
export function sendTo(response: ServerResponse, location: string): true {
  response.writeHead(303, { ...safety, location }).end();
  return true;
}

/** Fields of a form. Throws RangeError when it is longer than anything these pages send. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > formLimit) throw new RangeError('That is too long for a form of this page.');
    chunks.push(chunk as Buffer);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

/** False when another site made the browser send this: its address is in `Origin`. */
export function isOwnForm(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
