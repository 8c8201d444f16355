// Reads a request's body up to a limit, as the bytes that came.
// It must not read on once a limit is passed.

import type { IncomingMessage } from 'node:http';

export type Body =
  | { kind: 'whole'; raw: Buffer }
  | { kind: 'too-large' }
  | { kind: 'cut-off' }
  | { kind: 'no-room' };

/** What all unanswered requests together hold in memory; strangers could fill it, so it ends somewhere. */
export type Memory = { held: number; readonly limit: number };

/**
 * Resolves once: `too-large` as soon as `limitBytes` is passed or announced, `no-room` when all requests together
 * hold too much, `cut-off` when the sender went away before the end. Frees what it held when the request closes.
 */
export function readBody(request: IncomingMessage, limitBytes: number, memory: Memory): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes)
    return Promise.resolve({ kind: 'too-large' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (body: Body): void => {
      request.pause();
      resolve(body);
    };
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      memory.held += chunk.length;
      if (size > limitBytes) return stop({ kind: 'too-large' });
      if (memory.held > memory.limit) return stop({ kind: 'no-room' });
      chunks.push(chunk);
    });
    request.on('end', () => resolve({ kind: 'whole', raw: joined(chunks) }));
    request.on('error', () => resolve({ kind: 'cut-off' }));
    request.on('close', () => {
      memory.held -= size;
      resolve({ kind: 'cut-off' });
    });
  });
}

function joined(chunks: Buffer[]): Buffer {
  const only = chunks[0];
  return only && chunks.length === 1 ? only : Buffer.concat(chunks);
}
