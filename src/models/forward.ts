// Passes one request on to the operator's model address and its answer back, chunk by chunk.
// It goes nowhere else: no other host, no path beside the configured one, no redirect.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { request as send, type Dispatcher } from 'undici';
import type { Usage } from '../domain/agent/spending.ts';
import { forwardedHeaders, type Keys } from './credentials.ts';
import { Meter } from './meter.ts';

export type Forwarding = {
  /** Below which everything lies; no slash at the end. */
  url: string;
  keys: Keys;
  dispatcher: Dispatcher;
  /** Null while there is room, else a finished sentence. */
  full: () => string | null;
  /** Called when a request goes out; gives what to call with what is known of its use, `ended` at its end. */
  begin: (requestBytes: number) => { use: (usage: Usage, ended: boolean) => void };
};

const methods = new Set(['GET', 'HEAD', 'POST']);

/** Answers the request. Never throws. */
export async function forward(
  forwarding: Forwarding,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = targetOf(forwarding.url, request.url ?? '');
  if (target === null || !methods.has(request.method ?? ''))
    return refuse(response, 404, 'This is not a path of the model address.');
  const headers = forwardedHeaders(request.headers, target.searchParams.get('key'), forwarding.keys);
  if (headers === null) return refuse(response, 401, 'This key is not known here.');
  target.searchParams.delete('key');
  const full = forwarding.full();
  // 403 and not 429: there is nothing to wait for.
  if (full !== null) return refuse(response, 403, full);
  await pass(forwarding, { request, response, target, headers }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : 'unknown';
    if (response.headersSent) response.destroy();
    else refuse(response, 502, `The model address did not answer (${why}).`);
  });
}

/** The same path below the configured address; null for anything that could lead beside it. */
function targetOf(base: string, path: string): URL | null {
  if (!path.startsWith('/') || path.startsWith('//') || /\\|%5c|(?:\.|%2e){2}/i.test(path)) return null;
  const url = URL.parse(base + path);
  const root = new URL(base);
  return url?.host === root.host && url.protocol === root.protocol ? url : null;
}

type Passing = {
  request: IncomingMessage;
  response: ServerResponse;
  target: URL;
  headers: Record<string, string>;
};

async function pass(forwarding: Forwarding, passing: Passing): Promise<void> {
  const { request, response, target, headers } = passing;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const requestBytes = Number(request.headers['content-length'] ?? 0);
  const { use } = forwarding.begin(requestBytes);
  const meters = { usage: nothing };
  try {
    const answer = await send(target, {
      method: request.method as Dispatcher.HttpMethod,
      headers,
      ...(request.method === 'POST' ? { body: request } : {}),
      dispatcher: forwarding.dispatcher,
      signal: gone.signal,
    });
    if (answer.statusCode >= 300 && answer.statusCode < 400)
      return refuse(response, 502, 'The model address answered with a redirect, and none is followed.');
    if (answer.statusCode >= 400) return await passRefusal(answer, response, forwarding.keys);
    meters.usage = await stream(answer, response, { requestBytes, use, isAsked: asksModel(request) });
  } finally {
    use(meters.usage, true);
  }
}

const nothing: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** Counting tokens and listing models is free. */
function asksModel(request: IncomingMessage): boolean {
  return request.method === 'POST' && !/count_?tokens/i.test(request.url ?? '');
}

const longestRefusal = 256 * 1024;

/** Some model addresses repeat the key that they do not like: it becomes the one that the program used. */
async function passRefusal(
  answer: Dispatcher.ResponseData,
  response: ServerResponse,
  { real, throwAway }: Keys,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > longestRefusal) break;
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const body = real === '' ? text : text.replaceAll(real, throwAway);
  const headers = { ...answer.headers, 'content-length': undefined, 'www-authenticate': undefined };
  response.writeHead(answer.statusCode, answerHeaders(headers)).end(body);
}

type Metering = { requestBytes: number; isAsked: boolean; use: (usage: Usage, ended: boolean) => void };

/** Each chunk goes on before the next is read; what the answer used is known at its end, however it ends. */
async function stream(
  answer: Dispatcher.ResponseData,
  response: ServerResponse,
  { requestBytes, isAsked, use }: Metering,
): Promise<Usage> {
  const meter = new Meter(String(answer.headers['content-type'] ?? ''));
  response.writeHead(answer.statusCode, answerHeaders(answer.headers));
  response.flushHeaders();
  try {
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      meter.push(chunk);
      if (meter.usage) use(meter.usage, false);
      if (!response.write(chunk)) await drained(response);
    }
    response.end();
  } catch {
    response.destroy();
  }
  return isAsked ? meter.end(requestBytes) : nothing;
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}

const notBack = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'set-cookie',
  'trailer',
  'upgrade',
]);

function answerHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string | string[]> {
  const kept = Object.entries(headers).filter(
    (entry): entry is [string, string | string[]] => entry[1] !== undefined && !notBack.has(entry[0]),
  );
  return Object.fromEntries(kept);
}

/** In a form that the clients of all four APIs can show. */
function refuse(response: ServerResponse, status: number, message: string): void {
  const type = status === 401 ? 'authentication_error' : status === 403 ? 'permission_error' : 'api_error';
  const body = JSON.stringify({
    type: 'error',
    error: { type, code: status, message: `Suture: ${message}` },
  });
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
