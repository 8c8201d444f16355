// Signs what Suture writes into texts that others can edit, so that a forged marker is noticed.
// It must not be used for anything that has to stay secret: a signature hides nothing.

import { createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../domain/failure.ts';
import type { Signer } from '../ports.ts';

const PURPOSE = 'suture/markers/v1';
const SIGNATURE_BYTES = 16;

/**
 * Takes the operator's secret (any text, not empty) and gives a signer whose signatures are 22 characters
 * of base64url: the first 16 bytes of HMAC-SHA256. Its key is derived (HKDF) for this purpose only, so
 * the same secret may serve elsewhere. Throws Refusal when the secret is empty.
 */
export function createSigner(secret: string): Signer {
  if (secret === '') throw new Refusal('The secret that signs the markers is empty: set it and start again.');
  // Made ready once: a triage issue has many marks, and each is signed at every look.
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, 32)));
  const digest = (text: string): Buffer =>
    createHmac('sha256', key).update(text).digest().subarray(0, SIGNATURE_BYTES);

  return {
    sign: (text) => digest(text).toString('base64url'),
    verify(text, signature) {
      const expected = Buffer.from(digest(text).toString('base64url'));
      const given = Buffer.from(signature);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
