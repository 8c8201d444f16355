// GitHub's door: is this delivery really from GitHub, and what does its envelope say.
// It must not look into the payload: translate.ts does, later, in the queue's job.

import { isUtf8 } from 'node:buffer';
import { verify } from '@octokit/webhooks-methods';
import { Refusal } from '../domain/failure.ts';

export type DeliveryHeaders = { event: string; delivery: string; signature: string };

const EVENT = /^[a-z][a-z_]{0,63}$/;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const SIGNATURE = /^sha256=[0-9a-f]{64}$/;

/**
 * True when `signature` (the header X-Hub-Signature-256) is the HMAC of exactly these bytes; compared in
 * constant time. Bytes that are not UTF-8 never verify: GitHub sends none, and decoding would change them.
 * Throws Refusal when the secret is empty, for then anybody could sign (reference github.md, 1.4 and 2.3).
 */
export async function verifyGitHub(raw: Buffer, signature: string, secret: string): Promise<boolean> {
  if (secret === '') throw new Refusal('WEBHOOK_SECRET is empty: set the secret that the GitHub App has.');
  if (raw.length === 0 || !SIGNATURE.test(signature) || !isUtf8(raw)) return false;
  return verify(secret, raw.toString('utf8'), signature);
}

/**
 * Takes a request's headers (lower-case names, as Node gives them) and gives the event, the delivery's GUID in
 * lower case and the signature. Throws Refusal naming the header that is missing or odd; never quotes its value.
 */
export function readHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): DeliveryHeaders {
  return {
    event: read(headers, 'x-github-event', EVENT),
    delivery: read(headers, 'x-github-delivery', GUID).toLowerCase(),
    signature: read(headers, 'x-hub-signature-256', SIGNATURE),
  };
}

function read(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  name: string,
  form: RegExp,
): string {
  const value = headers[name];
  if (typeof value === 'string' && form.test(value)) return value;
  const fault = value === undefined ? 'is missing' : 'has a form that GitHub never sends';
  throw new Refusal(`The header ${name} ${fault}: this is not a delivery of GitHub.`);
}
