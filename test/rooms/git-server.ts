// A real git host for the git room's tests: smart HTTP by `git http-backend` with Basic auth.
// It must not know GitHub; test/world has the stand-in that does.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type GitServer = {
  root: string;
  origin: string;
  token: string;
  /** Address of a repository, without credentials. */
  url(name: string): string;
  /** Makes a bare repository and gives its folder. */
  create(name: string): string;
  /** Every request so far: method, path, and whether it carried the right token. */
  requests: { method: string; path: string; authorised: boolean; authorization: string | null }[];
  /** When set, answers instead of git. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  stop(): Promise<void>;
};

const backend = path.join(
  execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(),
  'git-http-backend',
);

export async function startGitServer(): Promise<GitServer> {
  const root = mkdtempSync(path.join(tmpdir(), 'suture-host-'));
  const token = 'ghs_1234_eyJhbGciOiJSUzI1NiJ9.c3V0dXJlLXRlc3Q.bm90LWEtcmVhbC10b2tlbg';
  const expected = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  const server = createServer((request, response) => answer(request, response));
  const self: GitServer = {
    root,
    token,
    origin: '',
    requests: [],
    intercept: null,
    url: (name) => `${self.origin}/${name}.git`,
    create: (name) => createBare(path.join(root, `${name}.git`)),
    stop: () => stop(server, root),
  };
  function answer(request: IncomingMessage, response: ServerResponse): void {
    const authorization = request.headers.authorization ?? null;
    const authorised = authorization === expected;
    self.requests.push({ method: request.method ?? '', path: request.url ?? '', authorised, authorization });
    if (self.intercept?.(request, response)) return;
    if (authorised) return serveGit(root, request, response);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end('who are you');
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  self.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return self;
}

function createBare(dir: string): string {
  mkdirSync(dir, { recursive: true });
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', dir]);
  execFileSync('git', ['-C', dir, 'config', 'http.receivepack', 'true']);
  return dir;
}

function serveGit(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://host');
  const child = spawn(backend, {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method,
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'x-access-token',
    },
  });
  child.stdin.on('error', () => child.stdin.destroy());
  request.pipe(child.stdin);
  let head = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    if (response.headersSent) return void response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    writeHead(response, head.toString('latin1', 0, end));
    response.write(head.subarray(end + 4));
  });
  child.on('close', () => response.end());
}

function writeHead(response: ServerResponse, head: string): void {
  const headers = head.split('\r\n').map((line) => line.split(/: (.*)/s));
  const status = headers.find(([name]) => name?.toLowerCase() === 'status')?.[1];
  const rest = headers.filter(([name]) => name?.toLowerCase() !== 'status');
  response.writeHead(
    status ? Number.parseInt(status, 10) : 200,
    Object.fromEntries(rest.map(([name, value]) => [name, value])),
  );
}

async function stop(server: Server, root: string): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(root, { recursive: true, force: true });
}
