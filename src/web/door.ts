// What a door is: plain data and functions that the vendor's room gives. The server reads, checks and stores.
// It must not know a vendor's word; a door must not read or answer by itself.

import type { IncomingHttpHeaders } from 'node:http';
import type { Job } from '../ports.ts';

export type Delivery = {
  /** The exact bytes that came: signatures are over these. */
  raw: Buffer;
  /** The same as text (valid UTF-8, valid JSON). */
  text: string;
  headers: IncomingHttpHeaders;
};

export type Door = {
  /** `/sentry/webhook`; POST only. */
  path: string;
  /** Larger bodies get 413 without being read on. */
  limitBytes: number;
  /** Lower-case names; a delivery without one of them gets 400. */
  requiredHeaders: readonly string[];
  /** Whether the bytes carry a right signature; false gives 401. Must compare in constant time. */
  verify(raw: Buffer, headers: IncomingHttpHeaders): boolean | Promise<boolean>;
  /** What to enqueue for a verified delivery; `ignore` is answered 202 and stored nowhere. */
  accept(delivery: Delivery): readonly Job[] | 'ignore';
};
