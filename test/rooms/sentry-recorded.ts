// A tiny HTTP server that replays recorded answers of Sentry in the order given, and keeps what it was asked.
// It must not think: a stateful stand-in lives in test/world.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { createSentry } from '../../src/sentry/client.ts';
import type { Log } from '../../src/ports.ts';
import type { Limits } from '../../src/sentry/http.ts';

/** `silent`: takes the request and never answers. `cut`: breaks the connection within the body. */
export type RecordedAnswer = {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  silent?: true;
  cut?: true;
};

export type Asked = {
  method: string;
  path: string;
  query: Record<string, string>;
  authorization: string | undefined;
  userAgent: string | undefined;
  body: string;
};

/** A recorded answer, or how to choose one by what was asked. */
export type Recorded = RecordedAnswer | ((asked: Asked) => RecordedAnswer);

export type RecordedSentry = {
  url: string;
  asked: Asked[];
  /** `GET /api/0/…/`: its answers in order; the last one is given for ever after. */
  on(route: string, ...answers: Recorded[]): void;
  close(): Promise<void>;
};

export async function startRecorded(): Promise<RecordedSentry> {
  const routes = new Map<string, Recorded[]>();
  const asked: Asked[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const one = await readAsked(request);
    asked.push(one);
    const answers = routes.get(`${one.method} ${one.path}`) ?? [notFound];
    const next = (answers.length > 1 ? answers.shift() : answers[0]) ?? notFound;
    reply(response, typeof next === 'function' ? next(one) : next);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    on: (route, ...answers) => void routes.set(route, answers),
    close: () => stop(server),
  };
}

const notFound: RecordedAnswer = { status: 404, body: { detail: 'The requested resource does not exist' } };

async function readAsked(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://recorded');
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    authorization: request.headers.authorization,
    userAgent: request.headers['user-agent'],
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function reply(response: ServerResponse, answer: RecordedAnswer): void {
  if (answer.silent) return;
  const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? null);
  const length = Buffer.byteLength(body) + (answer.cut ? 100 : 0);
  response.writeHead(answer.status ?? 200, {
    'content-type': 'application/json',
    'content-length': length,
    ...answer.headers,
  });
  if (!answer.cut) return void response.end(body);
  response.write(body, () => response.destroy());
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** A JSON fixture of test/fixtures/sentry, as a fresh object. */
export async function fixture(name: string): Promise<Record<string, unknown>> {
  const text = await readFile(new URL(`../fixtures/sentry/${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(text) as Record<string, unknown>;
}

/** Keeps every line, to prove what is said and what never is. */
export function keepLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const write = (fields: Record<string, unknown>, message: string) =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { info: write, warn: write, error: write, child: () => log };
  return { log, lines };
}

export const testToken = 'sntrys-not-a-real-token-7f3a';

const quickLimits: Partial<Limits> = { firstRetryMs: 1, silenceMs: 300, callMs: 2_000 };

/** A client that does not wait long, at 2026-01-01T00:00:00Z. */
export function connect(url: string, extra: { log?: Log; limits?: Partial<Limits>; token?: string } = {}) {
  return createSentry({
    baseUrl: url,
    token: extra.token ?? testToken,
    userAgent: 'suture/test',
    clock: { now: () => Date.parse('2026-01-01T00:00:00Z') },
    log: extra.log ?? keepLog().log,
    limits: { ...quickLimits, ...extra.limits },
  });
}
