// Serialises and signs a webhook body as Sentry does (reference sentry.md, 1.3).
// Must not send anything.

import { createHmac } from 'node:crypto';

/** Compact JSON in which every non-ASCII UTF-16 unit is a `\uXXXX` escape. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** HMAC-SHA256 over exactly these bytes, lower-case hex, keyed with the client secret as it is displayed. */
export function sign(body: string, clientSecret: string): string {
  return createHmac('sha256', clientSecret).update(body, 'utf8').digest('hex');
}
