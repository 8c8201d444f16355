// Takes an SDK's envelope apart: compression, header line, items.
// Must not understand an item; ingest.ts does.

import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';

type EnvelopeItem = { type: string; payload: Buffer };
export type Envelope = { header: Record<string, unknown>; items: EnvelopeItem[] };

const decoders: Record<string, (body: Buffer) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: promisify(inflate),
  zstd: promisify(zstdDecompress),
  identity: async (body) => body,
};

/** Undoes `Content-Encoding`; throws on an unknown one or damaged bytes. */
export async function decodeBody(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  const decode = decoders[encoding ?? 'identity'];
  if (!decode) throw new Error(`unknown content encoding ${encoding}`);
  return decode(body);
}

/** Throws SyntaxError when a header is no JSON object. */
export function parseEnvelope(bytes: Buffer): Envelope {
  const first = readLine(bytes, 0);
  const header = parseHeader(first.line);
  const items: EnvelopeItem[] = [];
  for (let at = first.next; at < bytes.length;) {
    const line = readLine(bytes, at);
    at = line.next;
    if (line.line.length === 0) continue;
    const itemHeader = parseHeader(line.line);
    const end = payloadEnd(bytes, at, itemHeader['length']);
    items.push({ type: String(itemHeader['type']), payload: bytes.subarray(at, end) });
    at = end + 1;
  }
  return { header, items };
}

function readLine(bytes: Buffer, from: number): { line: Buffer; next: number } {
  const newline = bytes.indexOf(0x0a, from);
  const end = newline === -1 ? bytes.length : newline;
  return { line: bytes.subarray(from, end), next: end + 1 };
}

function parseHeader(line: Buffer): Record<string, unknown> {
  const value: unknown = JSON.parse(line.toString('utf8'));
  if (typeof value !== 'object' || value === null) throw new SyntaxError('an envelope header is an object');
  return { ...value };
}

function payloadEnd(bytes: Buffer, from: number, length: unknown): number {
  if (typeof length === 'number') return Math.min(bytes.length, from + length);
  return readLine(bytes, from).next - 1;
}
