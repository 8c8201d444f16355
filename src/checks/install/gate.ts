// The only way out of the sandbox while packages are installed: a proxy of ours on a Unix socket that passes the
// hosts it was given and refuses all others. It must not read what goes through it, nor keep any of it.

import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect as connectPlain, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectSecure } from 'node:tls';

export type GateSettings = {
  /** `host` for the usual ports, or `host:port`; lower case. */
  hosts: ReadonlySet<string>;
  /** The operator's own proxy for a host, or null for the direct way. */
  upstream: (host: string) => URL | null;
  /** Where it listens: a Unix socket, or 0 for any port of loopback. */
  socket: string | 0;
};

export type Gate = {
  /** On loopback; 0 on a Unix socket. */
  port: number;
  /** What was asked for and not passed, each once, in order. */
  refused(): readonly string[];
  close(): Promise<void>;
};

type Target = { host: string; port: number };

const usualPorts = [80, 443];
const connectMs = 30_000;

/** Listens until it is closed; connections that are open then are cut. */
export async function openGate(settings: GateSettings): Promise<Gate> {
  const refused = new Set<string>();
  const open = new Set<Duplex>();
  const passes = (target: Target | null): target is Target => {
    if (target && isAllowed(settings.hosts, target)) return true;
    if (target) refused.add(nameOf(target));
    return false;
  };
  const server = createServer((request, response) => {
    const target = targetOfUrl(request.url ?? '');
    if (passes(target)) passOn(request, response, { target, upstream: settings.upstream(target.host) });
    else response.writeHead(403).end(refusal);
  });
  server.on('connect', (request: IncomingMessage, near: Duplex) => {
    open.add(near);
    near.on('error', () => near.destroy());
    const target = targetOfName(request.url ?? '');
    if (!passes(target)) return void near.end(`HTTP/1.1 403 Forbidden\r\n\r\n${refusal}`);
    tunnel(target, settings.upstream(target.host)).then(
      (far) => join(near, far, open),
      () => near.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'),
    );
  });
  if (settings.socket === 0) server.listen(0, '127.0.0.1');
  else server.listen(settings.socket);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    refused: () => [...refused],
    close: async () => {
      for (const stream of open) stream.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      if (settings.socket !== 0) await rm(settings.socket, { force: true });
    },
  };
}

const refusal = 'Suture passes only the registries that its operator has set up.\n';

function isAllowed(hosts: ReadonlySet<string>, target: Target): boolean {
  return hosts.has(nameOf(target)) || (hosts.has(target.host) && usualPorts.includes(target.port));
}

function nameOf({ host, port }: Target): string {
  return usualPorts.includes(port) ? host : `${host}:${port}`;
}

function targetOfName(name: string): Target | null {
  const url = URL.parse(`http://${name}`);
  if (!url || url.username || url.pathname !== '/') return null;
  // The default port of the scheme is left out by the parser; a CONNECT always names one.
  return { host: url.hostname.toLowerCase(), port: Number(url.port || 80) };
}

function targetOfUrl(text: string): Target | null {
  const url = URL.parse(text);
  return url?.protocol === 'http:'
    ? { host: url.hostname.toLowerCase(), port: Number(url.port || 80) }
    : null;
}

function join(near: Duplex, far: Socket, open: Set<Duplex>): void {
  open.add(far);
  near.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  near.pipe(far).pipe(near);
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => {
      open.delete(one);
      other.destroy();
    });
  }
}

/** A connection to the target, through the operator's proxy when there is one. */
async function tunnel(target: Target, upstream: URL | null): Promise<Socket> {
  if (!upstream) return connected(connectPlain({ ...target, timeout: connectMs }), 'connect');
  const far = await toProxy(upstream);
  const head = [`CONNECT ${target.host}:${target.port} HTTP/1.1`, `Host: ${target.host}:${target.port}`];
  far.write([...head, ...authorization(upstream), '', ''].join('\r\n'));
  const answer = await headOf(far);
  if (/^HTTP\/1\.[01] 200\b/.test(answer)) return far;
  far.destroy();
  throw new Error(`The proxy answered ${answer.split('\r\n')[0]}`);
}

function toProxy(upstream: URL): Promise<Socket> {
  const secure = upstream.protocol === 'https:';
  const place = { host: upstream.hostname, port: Number(upstream.port || (secure ? 443 : 80)) };
  if (!secure) return connected(connectPlain({ ...place, timeout: connectMs }), 'connect');
  return connected(connectSecure({ ...place, servername: upstream.hostname }), 'secureConnect');
}

async function connected<T extends Socket>(socket: T, event: 'connect' | 'secureConnect'): Promise<T> {
  socket.once('timeout', () => socket.destroy(new Error('It took too long to connect.')));
  await once(socket, event);
  socket.setTimeout(0);
  return socket;
}

/** Up to the empty line; what follows it stays to be read. */
async function headOf(socket: Socket): Promise<string> {
  let head = Buffer.alloc(0);
  for (;;) {
    const chunk = socket.read() as Buffer | null;
    if (chunk) head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end >= 0) {
      if (end + 4 < head.length) socket.unshift(head.subarray(end + 4));
      return head.toString('latin1', 0, end);
    }
    if (head.length > 16_384) throw new Error('The proxy answered too much.');
    if (!chunk) await once(socket, 'readable');
    if (socket.readableEnded || socket.destroyed) throw new Error('The proxy hung up.');
  }
}

function authorization({ username, password }: URL): string[] {
  if (username === '') return [];
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return [`Proxy-Authorization: Basic ${Buffer.from(pair).toString('base64')}`];
}

/** A registry without TLS: the request goes on as it came. */
function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  { target, upstream }: { target: Target; upstream: URL | null },
): void {
  const url = new URL(request.url ?? '');
  const path = upstream ? url.href : `${url.pathname}${url.search}`;
  const { 'proxy-connection': _drop, ...headers } = request.headers;
  const [name, value] = authorization(upstream ?? url)[0]?.split(': ') ?? [];
  const far = httpRequest({
    host: upstream?.hostname ?? target.host,
    port: upstream ? Number(upstream.port || 80) : target.port,
    method: request.method,
    path,
    headers: upstream && name && value ? { ...headers, [name]: value } : headers,
  });
  far.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  far.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  request.pipe(far);
}
