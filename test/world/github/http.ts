// The HTTP side: reads a request, finds its route, and writes the answer with GitHub's headers.
// Knows no route by name except git's and the rate limit.

import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { notFound, Refused, refusal, type Answer } from './answers.ts';
import { actorName, identify, type Actor } from './auth.ts';
import type { Fault, Faults } from './faults.ts';
import { isGitPath, serveGit } from './git/smart-http.ts';
import type { Limits } from './limits.ts';
import { movedAnswer, movedGit, namedPath } from './renames.ts';
import { findRoute } from './routes.ts';
import type { State } from './state.ts';

export type RequestLogEntry = { method: string; path: string; status: number; actor: string };

/** Answers a GET for people (a web page); false when it does not know the address. */
export type Pages = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** One API exchange as it went over the wire, with the route's pattern (null when none matched). */
export type Exchanged = { method: string; pattern: string | null; path: string; answer: Answer };

export type Serving = {
  state: State;
  limits: Limits;
  faults: Faults;
  requests: RequestLogEntry[];
  pages: Pages | null;
  observe: ((exchanged: Exchanged) => void) | null;
};

type Exchange = {
  serving: Serving;
  request: IncomingMessage;
  response: ServerResponse;
  method: string;
  url: URL;
  /** Without the `/api/v3` that GitHub Enterprise Server puts before it. */
  path: string;
  fault: Fault | null;
};

/** Serves one request to its end. */
export async function serve(
  serving: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', serving.state.url);
  const path = namedPath(serving.state, url.pathname.replace(/^\/api(\/v3)?(?=\/)/, ''));
  const fault = serving.faults.take(method, path, request.headers['user-agent'] ?? '');
  const exchange: Exchange = { serving, request, response, method, url, path, fault };
  const elsewhere = isGitPath(path) ? movedGit(serving.state, url) : null;
  if (elsewhere !== null) return void response.writeHead(301, { location: elsewhere }).end();
  if (isGitPath(path)) return serveGitExchange(exchange);
  const found = findRoute(method, path);
  if (!found && !fault && serving.pages && (await serving.pages(request, response))) return;
  await serveApi(exchange);
}

async function serveGitExchange(exchange: Exchange): Promise<void> {
  const { serving, request, response, url, method, path, fault } = exchange;
  const body = await readBody(request);
  if (fault && !fault.after) return failGit(exchange, fault);
  const work = () =>
    serveGit(serving.state, { request, response: fault ? deaf(response) : response, url, body });
  const done = method === 'POST' ? await inTurn(serving.state, lockKey(path), work) : await work();
  serving.requests.push({ method, path, status: fault ? fault.status : done.status, actor: done.actor });
  if (fault) cutOrAnswer(response, fault);
}

/** Takes an answer and sends it nowhere, for work that succeeds while the caller learns of a failure. */
function deaf(response: ServerResponse): ServerResponse {
  const silent = Object.create(response) as ServerResponse;
  silent.writeHead = () => silent;
  silent.end = () => silent;
  return silent;
}

function failGit({ serving, response, method, path }: Exchange, fault: Fault): void {
  serving.requests.push({ method, path, status: fault.status, actor: 'unknown' });
  cutOrAnswer(response, fault);
}

function cutOrAnswer(response: ServerResponse, fault: Fault): void {
  if (fault.status === 0) response.destroy();
  else response.writeHead(fault.status, { 'content-type': 'text/plain' }).end('Server Error');
}

async function serveApi(exchange: Exchange): Promise<void> {
  const { serving, request, response, method, path, fault } = exchange;
  const token = /^\S+\s+(\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const body = await readBody(request);
  let actor: Actor = { kind: 'nobody' };
  let answer: Answer;
  try {
    actor = identify(serving.state, request.headers.authorization);
    if (path !== '/rate_limit') serving.limits.take(token, actor);
    answer = await answerApi(exchange, { actor, token, body });
  } catch (error) {
    answer = answerFor(error);
  }
  if (fault) answer = { status: fault.status, body: { message: 'Server Error' } };
  serving.observe?.({ method, path, pattern: findRoute(method, path)?.pattern ?? null, answer });
  if (isUnchanged(request, answer)) {
    serving.limits.refund(token);
    answer = { status: 304, headers: answer.headers ?? {} };
  }
  serving.requests.push({ method, path, status: answer.status, actor: actorName(actor) });
  if (answer.status === 0) response.destroy();
  else write(exchange, answer, serving.limits.headers(token, actor));
}

function answerFor(error: unknown): Answer {
  if (error instanceof Refused) return error.answer;
  // A fault of the stand-in itself: say it loudly, so that a test does not chase the wrong thing.
  process.stderr.write(`GitHub stand-in: ${error instanceof Error ? error.stack : String(error)}\n`);
  return { status: 500, body: { message: 'The stand-in failed; see its standard error.' } };
}

type Asker = { actor: Actor; token: string; body: Buffer };

async function answerApi(exchange: Exchange, { actor, token, body }: Asker): Promise<Answer> {
  const { serving, request, method, url, path, fault } = exchange;
  if (fault && !fault.after) return { status: fault.status };
  if (path === '/rate_limit') return { status: 200, body: rateLimit(serving.limits.view(token, actor)) };
  const moved = movedAnswer(serving.state, method, path);
  if (moved) return moved;
  const found = findRoute(method, path);
  if (!found) throw notFound();
  const ask = {
    state: serving.state,
    method,
    path,
    params: found.params,
    query: url.searchParams,
    body: parseBody(body),
    accept: request.headers.accept ?? '',
    actor,
    token,
  };
  const work = async () => found.handle(ask);
  return method === 'GET' ? work() : inTurn(serving.state, lockKey(path), work);
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw refusal(400, 'Problems parsing JSON');
    throw error;
  }
}

function rateLimit(view: { limit: number; used: number; resetAt: number }) {
  const { limit, used, resetAt } = view;
  const core = { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(resetAt / 1000) };
  const search = { limit: 30, used: 0, remaining: 30, reset: core.reset };
  return { resources: { core, search, graphql: { ...core, used: 0, remaining: limit } }, rate: core };
}

/** Repository of the path: what changes one repository happens one after the other. */
const lockKey = (path: string): string =>
  /^(?:\/repos)?\/([^/]+\/[^/]+?)(?:\.git)?(?:\/|$)/.exec(path)?.[1]?.toLowerCase() ?? '';

const turns = new WeakMap<State, Map<string, Promise<unknown>>>();

function inTurn<T>(state: State, key: string, work: () => Promise<T>): Promise<T> {
  const byKey = turns.get(state) ?? new Map<string, Promise<unknown>>();
  turns.set(state, byKey);
  const mine = (byKey.get(key) ?? Promise.resolve()).then(work);
  byKey.set(
    key,
    mine.catch(() => undefined),
  );
  return mine;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function bytesOf(answer: Answer): Buffer | null {
  if (answer.raw) return answer.raw.bytes;
  return answer.body === undefined ? null : Buffer.from(JSON.stringify(answer.body));
}

/** As GitHub's, it holds for the token that got it: whoever comes with another one is answered in full. */
function etagOf(bytes: Buffer, { headers }: IncomingMessage): string {
  const hash = createHash('sha256')
    .update(headers.authorization ?? '')
    .update(headers.accept ?? '');
  return `W/"${hash.update(bytes).digest('hex')}"`;
}

function isUnchanged(request: IncomingMessage, answer: Answer): boolean {
  const bytes = answer.status === 200 && request.method === 'GET' ? bytesOf(answer) : null;
  const asked = request.headers['if-none-match'];
  if (bytes === null || asked === undefined) return false;
  return asked.replace(/^W\//, '') === etagOf(bytes, request).replace(/^W\//, '');
}

function write(
  { request, response, serving }: Exchange,
  answer: Answer,
  limits: Record<string, string>,
): void {
  const bytes = bytesOf(answer);
  response.writeHead(answer.status, {
    date: new Date(serving.state.now()).toUTCString(),
    server: 'github.com',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-request-id': randomUUID().slice(0, 18).toUpperCase(),
    ...limits,
    ...(bytes && { 'content-type': answer.raw?.type ?? 'application/json; charset=utf-8' }),
    ...(bytes && answer.status === 200 && request.method === 'GET' && { etag: etagOf(bytes, request) }),
    ...answer.headers,
  });
  response.end(bytes ?? undefined);
}
