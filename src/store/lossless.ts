// Text from outside may hold NUL and lone surrogates, which Postgres' text and jsonb refuse. This file is the
// one place that makes any text storable without losing a character. It must not know what the text means.

import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Longer JSON is stored deflated: a delivery shrinks to a sixth, and the database is the slower part. */
const packAbove = 1024;
const inflatedLimit = 64 * 1024 * 1024;

export type Packed = { json: string } | { deflated: string };

/**
 * JSON as text: `JSON.stringify` escapes NUL and lone surrogates, so the text itself is always storable, as
 * long as the database keeps it as text or `json` and never turns it into jsonb.
 */
export function pack(value: unknown): Packed {
  const json = JSON.stringify(value);
  if (json.length <= packAbove) return { json };
  return { deflated: deflateRawSync(json, { level: 1 }).toString('base64') };
}

export function unpack(packed: Packed): unknown {
  if ('json' in packed) return JSON.parse(packed.json);
  const bytes = inflateRawSync(Buffer.from(packed.deflated, 'base64'), { maxOutputLength: inflatedLimit });
  return JSON.parse(bytes.toString('utf8'));
}

/** Any text as a key for an indexed text column: itself when short and plain, otherwise its hash. Injective. */
export function keyText(text: string): string {
  if (/^[\x20-\x7e]{0,200}$/.test(text)) return `=${text}`;
  return `#${createHash('sha256').update(Buffer.from(text, 'utf16le')).digest('hex')}`;
}

/** The same text gives the same UUID (version 8, the free-form one of RFC 9562), for ever. */
export function stableUuid(text: string): string {
  const hex = createHash('sha256').update(Buffer.from(text, 'utf16le')).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
