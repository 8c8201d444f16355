// RSA keys for apps, made once in a process and shared by its worlds: making one takes long.
// Within one world every app has a key of its own.

import { generateKeyPair, generateKeyPairSync } from 'node:crypto';
import { promisify } from 'node:util';

export type AppKey = { privateKey: string; publicKey: string };

const shape = {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
} as const;

const keys: AppKey[] = [];

/** Makes the first key without holding up the process. */
export async function prepareKeys(): Promise<void> {
  if (keys.length === 0) keys.push(await promisify(generateKeyPair)('rsa', shape));
}

/** The key of a world's n-th app, from 0; PKCS#1 as GitHub hands it out. */
export function keyNumber(n: number): AppKey {
  const key = keys[n] ?? generateKeyPairSync('rsa', shape);
  keys[n] = key;
  return key;
}
