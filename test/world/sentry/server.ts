// The HTTP side: reads requests, asks the faults, answers REST calls and envelopes.
// Must not know what a route does.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { answerUnrouted, dispatch, findRoute, type Found, type RestRequest } from './dispatch.ts';
import { decodeBody, parseEnvelope } from './envelope.ts';
import type { Failure, Faults } from './faults.ts';
import { ingestEvent } from './ingest.ts';
import { tooMany, type Limiter } from './limiter.ts';
import type { Reply } from './reply.ts';
import type { Project, World } from './state.ts';

export type RequestRecord = { method: string; path: string; status: number; query: string; body: unknown };

/** Answers a request of a person (a web page); false when it does not know the address. */
export type SentryPages = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export type ServerParts = {
  world: World;
  faults: Faults;
  limiter: Limiter;
  requests: RequestRecord[];
  rejections: string[];
  /** Self-hosted servers have neither. */
  limits: 'none' | 'headers' | 'enforced';
  pages: SentryPages | null;
};

/** With Node's 5 seconds, whoever asks again just then on a busy machine meets a reset. */
const keepAliveTimeout = 60_000;

export function createSentryServer(parts: ServerParts): Server {
  return createServer({ keepAliveTimeout }, (request, response) => {
    answer(parts, request, response).catch((error: unknown) => {
      response.writeHead(500).end();
      console.error(error);
    });
  });
}

async function answer(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sentry.invalid');
  if (/%(?![0-9a-f]{2})/i.test(url.pathname)) return send(response, { status: 400 });
  if (!url.pathname.startsWith('/api/') && (await parts.pages?.(request, response))) return;
  const bytes = await readBytes(request);
  const envelope = /^\/api\/(\d+)\/envelope\/$/.exec(url.pathname);
  const isRest = url.pathname.startsWith('/api/0/');
  const reply = isRest
    ? await answerRest(parts, readRest(request, url, bytes))
    : envelope?.[1] !== undefined && request.method === 'POST'
      ? await answerEnvelope(parts, { project: envelope[1], request, url, bytes })
      : { status: 404 };
  send(response, reply);
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function readRest(request: IncomingMessage, url: URL, bytes: Buffer): RestRequest {
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    authorization: request.headers.authorization,
    body: parseJson(bytes),
  };
}

/** Text that is no JSON stays text; the route then refuses it. */
function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return null;
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function answerRest(parts: ServerParts, request: RestRequest): Promise<Reply> {
  const { faults } = parts;
  const asked = request.path + (request.query.size > 0 ? `?${request.query.toString()}` : '');
  const delay = faults.takeDelay(asked);
  if (delay > 0) await wait(delay, undefined, { ref: false });
  const failure = faults.takeFailure(request.method, asked);
  const found = findRoute(request);
  const reply = failure && !failure.after ? failed(failure) : routed(parts, request, { found, asked });
  const final = failure?.after ? failed(failure) : reply;
  parts.requests.push({
    method: request.method,
    path: request.path,
    status: final.status,
    query: request.query.toString(),
    body: request.body,
  });
  return final;
}

/** A 5xx is often not JSON: without a body of its own a failure answers a page. */
function failed(failure: Failure): Reply {
  return { status: failure.status, body: failure.body ?? '<html><body>Internal Server Error</body></html>' };
}

function routed(
  parts: ServerParts,
  request: RestRequest,
  to: { found: Found | undefined; asked: string },
): Reply {
  const { found, asked } = to;
  if (!found) return answerUnrouted(request);
  const count = parts.limiter.count(found.route, request.authorization ?? 'anyone', parts.world.now());
  const limited = parts.faults.takeRateLimit(asked) || (parts.limits === 'enforced' && count.exceeded);
  const reply = limited ? tooMany(found.route) : dispatch(parts.world, request, found);
  if (parts.limits === 'none' && !limited) return reply;
  const remaining = limited ? { 'X-Sentry-Rate-Limit-Remaining': '0' } : {};
  return { ...reply, headers: { ...reply.headers, ...count.headers, ...remaining } };
}

type EnvelopeRequest = { project: string; request: IncomingMessage; url: URL; bytes: Buffer };

/** Stores events; sessions, client reports, transactions and the like are accepted and forgotten. */
async function answerEnvelope(parts: ServerParts, input: EnvelopeRequest): Promise<Reply> {
  const { world, rejections } = parts;
  const project = world.orgs.flatMap((org) => org.projects).find((known) => known.id === input.project);
  if (!project || publicKey(input) !== project.publicKey) {
    rejections.push(`wrong key for project ${input.project}`);
    return { status: 403, body: { detail: 'event submission rejected with_reason: ProjectId' } };
  }
  try {
    const bytes = await decodeBody(input.bytes, input.request.headers['content-encoding']);
    return { status: 200, body: { id: storeEnvelope(world, project, bytes) } };
  } catch (error) {
    rejections.push(String(error));
    return { status: 400, body: { detail: 'bad event envelope', causes: [String(error)] } };
  }
}

function publicKey({ request, url }: EnvelopeRequest): string | undefined {
  const header = request.headers['x-sentry-auth'];
  return (
    url.searchParams.get('sentry_key') ??
    /sentry_key=([0-9a-f]+)/.exec(String(header ?? ''))?.[1] ??
    undefined
  );
}

function storeEnvelope(world: World, project: Project, bytes: Buffer): string | undefined {
  const { header, items } = parseEnvelope(bytes);
  const stored = items
    .filter((item) => item.type === 'event')
    .map((item) => ingestEvent(world, project, item.payload));
  return stored[0] ?? (typeof header['event_id'] === 'string' ? header['event_id'] : undefined);
}

/** An HTML page when it looks like one, else JSON; nothing for no body. */
function send(response: ServerResponse, reply: Reply): void {
  const page = typeof reply.body === 'string' && reply.body.startsWith('<') ? reply.body : null;
  const json = reply.body === undefined ? '' : JSON.stringify(reply.body);
  const type = page === null ? 'application/json' : 'text/html';
  response.writeHead(reply.status, { 'Content-Type': type, ...reply.headers });
  response.end(page ?? json);
}
