import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { log } from './log.ts';
import { routes, type Answer, type Route } from './routes.ts';
import type { Shop } from './shop.ts';

const bodyLimit = 64 * 1024;

export function createShopServer(shop: Shop): Server {
  return createServer((request, response) => {
    serve(shop, request, response).catch((error: unknown) => {
      response.writeHead(500).end();
      // Not ours to hide: whoever watches the process learns of it, and the supervisor starts a clean one.
      throw error;
    });
  });
}

async function serve(shop: Shop, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://shop');
  const found = findRoute(request.method ?? 'GET', url.pathname);
  if (!found) return send(response, { status: 404, json: { error: 'not found' } });
  const fields = await readFields(request);
  if (!fields) return send(response, { status: 400, json: { error: 'the body is no JSON object' } });
  const answer = await found.route.handle({ shop, params: found.params, query: url.searchParams, fields });
  log.info('request', { method: found.route.method, path: found.route.path, status: answer.status });
  send(response, answer);
}

function findRoute(method: string, path: string): { route: Route; params: Record<string, string> } | undefined {
  for (const route of routes) {
    const params = route.method === method ? matchPath(route.path, path) : undefined;
    if (params) return { route, params };
  }
  return undefined;
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const segment = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = segment;
    else if (part !== segment) return undefined;
  }
  return params;
}

/** An empty body has no fields; undefined when it is too long or no JSON object. */
async function readFields(request: IncomingMessage): Promise<Record<string, string | number> | undefined> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > bodyLimit) return undefined;
  }
  if (text === '') return {};
  try {
    return keepScalars(JSON.parse(text));
  } catch {
    log.warn('unreadable body');
    return undefined;
  }
}

function keepScalars(value: unknown): Record<string, string | number> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const scalars = Object.entries(value).filter(([, field]) => ['string', 'number'].includes(typeof field));
  return Object.fromEntries(scalars);
}

function send(response: ServerResponse, answer: Answer): void {
  const type = answer.html === undefined ? 'application/json' : 'text/html; charset=utf-8';
  response.writeHead(answer.status, { 'content-type': type });
  response.end(answer.html ?? (answer.json === undefined ? '' : JSON.stringify(answer.json)));
}
