// The HTTP server: doors for webhooks, health pages, an orderly end.
// It must not know what a delivery means, and logs neither headers nor bodies nor queries.

import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { Refusal } from '../domain/failure.ts';
import type { Log, Queue } from '../ports.ts';
import type { Door } from './door.ts';
import { type Answer, receive } from './receive.ts';
import { fairTurns } from './turns.ts';

/** What `/readyz` says: finished sentences, nothing secret. */
export type Readiness = { ready: boolean } & Record<string, unknown>;

export type ServerSettings = {
  host: string;
  /** 0 takes any free port. */
  port: number;
  doors: readonly Door[];
  queue: Queue;
  readiness: () => Promise<Readiness>;
  /** Further pages (metrics); GET only. */
  pages?: readonly Page[];
  log: Log;
};

export type Page = { path: string; contentType: string; render: () => Promise<string> };

export type RunningServer = {
  /** `http://127.0.0.1:3000` */
  url: string;
  port: number;
  /** No new request; resolves when those under way are answered, at the latest after `graceMs` (default 10,000). */
  close(options?: { graceMs?: number }): Promise<void>;
};

/** A whole request must arrive within this; a Sentry or GitHub delivery takes a fraction of a second. */
const requestTimeout = 30_000;
const headersTimeout = 10_000;
const keepAliveTimeout = 60_000;

/** Bytes of unanswered requests; ten of the largest deliveries GitHub sends (reference github.md, 2.3). */
const heldLimit = 256 * 1024 * 1024;

/** Listens. Throws Refusal when the address cannot be used. */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const routes = routesOf(settings);
  const state = { closing: false };
  const server = createServer(
    { requestTimeout, headersTimeout, keepAliveTimeout, connectionsCheckingInterval: 5000, noDelay: true },
    (request, response) => {
      void handle({ request, response, routes, settings, state });
    },
  );
  await listen(server, settings);
  const { port } = addressOf(server);
  return {
    url: `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`,
    port,
    close: async (options) => {
      state.closing = true;
      await closeServer(server, options?.graceMs ?? 10_000);
    },
  };
}

type Handler = (request: IncomingMessage) => Promise<Answer | Text | null> | Answer;
type Text = { status: number; text: string; contentType: string };
type Routes = Map<string, { methods: readonly string[]; handler: Handler }>;

function routesOf(settings: ServerSettings): Routes {
  const routes: Routes = new Map();
  const intake = { queue: settings.queue, memory: { held: 0, limit: heldLimit }, turns: fairTurns() };
  for (const door of settings.doors) {
    routes.set(door.path, {
      methods: ['POST'],
      handler: (request) => receive(request, door, intake),
    });
  }
  const look = ['GET', 'HEAD'];
  routes.set('/healthz', { methods: look, handler: () => ({ status: 200, body: { alive: true } }) });
  routes.set('/readyz', { methods: look, handler: () => readyz(settings) });
  for (const page of settings.pages ?? []) {
    const { path, contentType, render } = page;
    routes.set(path, {
      methods: look,
      handler: async () => ({ status: 200, text: await render(), contentType }),
    });
  }
  return routes;
}

async function readyz({ readiness }: ServerSettings): Promise<Answer> {
  const body = await readiness();
  return { status: body.ready ? 200 : 503, body };
}

type Exchange = {
  request: IncomingMessage;
  response: ServerResponse;
  routes: Routes;
  settings: ServerSettings;
  state: { closing: boolean };
};

/** The only catch of the server: a mistake of ours is a 500 with a reference, and the server lives on. */
async function handle(exchange: Exchange): Promise<void> {
  const { request, response, settings } = exchange;
  const reference = randomUUID();
  const path = pathOf(request);
  const started = performance.now();
  try {
    const answer = await answerOf(exchange, path);
    if (answer) await write(exchange, answer, reference);
    note(settings.log, { reference, path, answer, ms: Math.round(performance.now() - started) });
  } catch (error) {
    settings.log.error({ err: error, request: reference, path }, 'a request failed');
    if (!response.headersSent) {
      await write(
        exchange,
        { status: 500, body: { error: 'Something is wrong here.', reference } },
        reference,
      );
    }
  }
}

/** Without the query: people put tokens into addresses. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0]?.slice(0, 200) ?? '/';
}

async function answerOf({ request, routes }: Exchange, path: string): Promise<Answer | Text | null> {
  const route = routes.get(path);
  if (!route) return { status: 404, body: { error: 'There is nothing here.' }, hangUp: hasBody(request) };
  if (!route.methods.includes(request.method ?? '')) {
    const allow = route.methods.join(', ');
    return { status: 405, body: { error: `Use ${allow}.` }, headers: { allow }, hangUp: hasBody(request) };
  }
  return route.handler(request);
}

function hasBody(request: IncomingMessage): boolean {
  return (
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  );
}

/** An unread body is not waited for: the connection ends after the answer. So does every one while we close. */
async function write(exchange: Exchange, answer: Answer | Text, reference: string): Promise<void> {
  const { request, response, state } = exchange;
  const text = 'text' in answer ? answer.text : JSON.stringify(answer.body);
  const last = state.closing || ('hangUp' in answer && answer.hangUp);
  response.writeHead(answer.status, {
    'content-type': 'contentType' in answer ? answer.contentType : 'application/json',
    'content-length': Buffer.byteLength(text),
    'x-request-id': reference,
    ...('headers' in answer ? answer.headers : {}),
    ...(last ? { connection: 'close' } : {}),
  });
  await new Promise<void>((resolve) => {
    response.once('close', resolve);
    response.end(request.method === 'HEAD' ? undefined : text, resolve);
  });
}

type Note = { reference: string; path: string; answer: Answer | Text | null; ms: number };

function note(log: Log, { reference, path, answer, ms }: Note): void {
  const fields = { request: reference, path, status: answer?.status ?? null, ms };
  if (!answer) log.info(fields, 'a request was cut off by its sender');
  else if ('error' in answer) log.error({ ...fields, err: answer.error }, 'a delivery could not be stored');
  else if (answer.status >= 400) log.info(fields, 'a request was refused');
  else if (path !== '/healthz' && path !== '/readyz') log.info(fields, 'a request was answered');
}

async function listen(server: Server, { host, port }: ServerSettings): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, backlog: 2048 }, resolve);
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new Refusal(
      `Cannot listen on ${host}:${port} (${code}). Free that port, or set HOST and PORT to others.`,
    );
  }
}

function addressOf(server: Server): { port: number } {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Refusal('The server must listen on a TCP port.');
  return address;
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
