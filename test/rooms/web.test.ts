// The server by real HTTP: what is stored and answered for good and bad deliveries, health pages, the orderly end.

import { type Socket, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/domain/failure.ts';
import type { Job } from '../../src/ports.ts';
import { type Readiness, type RunningServer, startServer } from '../../src/web/server.ts';
import { rememberingLog } from './store-world.ts';
import { githubDoor, githubHeaders, sentryDoor, sentryHeaders } from './web-doors.ts';

const secret = "It's a Secret to Everybody";
const github = '/api/github/webhooks';
const sentry = '/sentry/webhook';
const payload = JSON.stringify({ action: 'edited', issue: { title: 'Café 🚀' } });

let stored: Job[];
let store: (jobs: readonly Job[]) => Promise<void>;
let readiness: Readiness;
let server: RunningServer;
let log: ReturnType<typeof rememberingLog>;

beforeEach(async () => {
  stored = [];
  store = async (jobs) => void stored.push(...jobs);
  readiness = { ready: true };
  log = rememberingLog();
  server = await startServer({
    host: '127.0.0.1',
    port: 0,
    doors: [githubDoor(secret), sentryDoor(secret)],
    queue: { send: (jobs) => store(jobs) },
    readiness: async () => readiness,
    log: log.log,
  });
});

afterEach(async () => {
  await server.close({ graceMs: 0 });
});

type Send = { body?: string | Buffer; headers?: Record<string, string>; method?: string };

async function ask(path: string, { body, headers, method = 'POST' }: Send = {}) {
  const answer = await fetch(server.url + path, {
    method,
    ...(body ? { body } : {}),
    ...(headers ? { headers } : {}),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text };
}

async function askRaw(text: string): Promise<string> {
  const socket = await open();
  socket.write(text);
  return answerOn(socket);
}

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

function answerOn(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString();
    });
    socket.on('error', () => resolve(heard));
    socket.on('close', () => resolve(heard));
  });
}

const without = (headers: Record<string, string>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));

describe('a verified delivery', () => {
  it('is stored as it came and then acknowledged, from GitHub', async () => {
    const answer = await ask(github, { body: payload, headers: githubHeaders(secret, payload, 'guid-1') });
    expect(answer.status).toBe(202);
    expect(stored).toEqual([
      {
        name: 'receive-delivery',
        id: 'github guid-1',
        data: { from: 'github', event: 'issues', delivery: 'guid-1', body: payload },
      },
    ]);
  });

  it('is checked over the raw bytes, with escapes as Sentry sends them', async () => {
    // reference sentry.md, 1.3: parsing and printing again would change these bytes.
    const body = '{"data":{"title":"Caf\\u00e9 \\ud83d\\ude80","score":1.0},"nul":"\\u0000"}';
    expect((await ask(sentry, { body, headers: sentryHeaders(secret, body, 'r1') })).status).toBe(202);
    expect(stored[0]?.data).toMatchObject({ body });
  });

  it('matches the test vector that GitHub publishes', async () => {
    // reference github.md, 2.3. The body is signed rightly and is not JSON: 400, not 401.
    const body = 'Hello, World!';
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    const headers = { ...githubHeaders(secret, body, 'g'), 'x-hub-signature-256': signature };
    expect((await ask(github, { body, headers })).status).toBe(400);
    expect(stored).toEqual([]);
  });

  it('that the door ignores is acknowledged and stored nowhere', async () => {
    const headers = { ...githubHeaders(secret, payload, 'g'), 'x-github-event': 'ping' };
    expect((await ask(github, { body: payload, headers })).status).toBe(202);
    expect(stored).toEqual([]);
  });

  it('is not acknowledged while it is not stored: 503 when the queue is down', async () => {
    store = async () => {
      throw new Error('connection lost, password=hunter2');
    };
    const answer = await ask(github, { body: payload, headers: githubHeaders(secret, payload, 'g') });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('10');
    expect(answer.text).not.toContain('hunter2');
  });
});

describe('a bad delivery is refused and stored nowhere', () => {
  const good = githubHeaders(secret, payload, 'g');
  const cases: [string, number, string, Send][] = [
    ['forged', 401, github, { body: payload, headers: githubHeaders('another secret', payload, 'g') }],
    ['forged for Sentry', 401, sentry, { body: payload, headers: sentryHeaders('another', payload, 'g') }],
    ['changed after signing', 401, github, { body: `${payload} `, headers: good }],
    [
      'with a signature of another length',
      401,
      sentry,
      { body: payload, headers: { ...sentryHeaders(secret, payload, 'g'), 'sentry-hook-signature': 'ab' } },
    ],
    [
      'with an odd signature',
      401,
      github,
      { body: payload, headers: { ...good, 'x-hub-signature-256': 'sha256=' } },
    ],
    ['signed but not JSON', 400, sentry, { body: 'a=b', headers: sentryHeaders(secret, 'a=b', 'g') }],
    [
      'signed but cut',
      400,
      sentry,
      { body: payload.slice(0, -5), headers: sentryHeaders(secret, payload.slice(0, -5), 'g') },
    ],
    [
      'signed but not UTF-8',
      400,
      sentry,
      {
        body: Buffer.from([0x22, 0xff, 0x22]),
        headers: sentryHeaders(secret, Buffer.from([0x22, 0xff, 0x22]), 'g'),
      },
    ],
    ['empty', 401, github, { headers: good }],
    [
      'of another content type',
      415,
      github,
      { body: payload, headers: { ...good, 'content-type': 'text/plain' } },
    ],
    [
      'as a form',
      415,
      github,
      { body: 'payload=x', headers: { ...good, 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    ['without a signature', 400, github, { body: payload, headers: without(good, 'x-hub-signature-256') }],
    ['without a delivery id', 400, github, { body: payload, headers: without(good, 'x-github-delivery') }],
    [
      'too large',
      413,
      sentry,
      { body: Buffer.alloc(2 * 1024 * 1024 + 1, 32), headers: sentryHeaders(secret, '', 'g') },
    ],
  ];
  it.each(cases)('%s: %i', async (_, status, path, send) => {
    const answer = await ask(path, send);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toHaveProperty('error');
    expect(stored).toEqual([]);
  });

  it('is answered 413 before the body comes, when its announced length is too large', async () => {
    const head = `POST ${sentry} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nsentry-hook-resource: issue\r\nrequest-id: r\r\nsentry-hook-signature: ab\r\n`;
    expect(await askRaw(`${head}content-length: 99999999\r\n\r\n`)).toMatch(/^HTTP\/1.1 413 /);
    const chunk = 'x'.repeat(0x80000);
    const chunks = `80000\r\n${chunk}\r\n`.repeat(5);
    expect(await askRaw(`${head}transfer-encoding: chunked\r\n\r\n${chunks}`)).toMatch(/^HTTP\/1.1 413 /);
    expect(stored).toEqual([]);
  });

  it('is dropped when its sender goes away in the middle', async () => {
    const socket = await open();
    const headers = Object.entries(githubHeaders(secret, payload, 'g')).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    socket.write(`POST ${github} HTTP/1.1\r\nhost: x\r\n${headers.join('')}content-length: 500\r\n\r\n{"a":`);
    socket.end();
    await answerOn(socket);
    await expect
      .poll(() => log.lines.map((line) => line.message))
      .toContain('a request was cut off by its sender');
    expect(stored).toEqual([]);
    expect((await ask('/healthz', { method: 'GET' })).status).toBe(200);
  });
});

describe('pages', () => {
  it('say that the process lives and whether it is ready, in sentences', async () => {
    expect(await ask('/healthz', { method: 'GET' })).toMatchObject({ status: 200, text: '{"alive":true}' });
    expect((await ask('/healthz', { method: 'HEAD' })).text).toBe('');
    expect((await ask('/readyz', { method: 'GET' })).status).toBe(200);
    readiness = { ready: false, store: 'The database does not answer.' };
    const answer = await ask('/readyz', { method: 'GET' });
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.text)).toEqual(readiness);
  });

  it('answers 404 and 405 in JSON', async () => {
    expect(await ask('/nothing?token=secret', { method: 'GET' })).toMatchObject({
      status: 404,
      text: '{"error":"There is nothing here."}',
    });
    const answer = await ask(github, { method: 'GET' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
    expect((await ask('/healthz', { body: payload })).headers.get('allow')).toBe('GET, HEAD');
  });
});

it('logs a request id and no header, body, secret or query', async () => {
  const answer = await ask(`${github}?token=query-secret`, {
    body: payload,
    headers: githubHeaders(secret, payload, 'g'),
  });
  await ask(github, { body: payload, headers: githubHeaders('wrong', payload, 'g') });
  await expect.poll(() => log.lines.length).toBe(2);
  const text = JSON.stringify(log.lines);
  expect(text).toContain(answer.headers.get('x-request-id'));
  for (const hidden of ['sha256', 'query-secret', secret, 'Café']) expect(text).not.toContain(hidden);
});

it('answers what is under way before it closes, and takes nothing new', async () => {
  const held = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  store = async (jobs) => {
    arrived.resolve();
    await held.promise;
    stored.push(...jobs);
  };
  const underWay = ask(github, { body: payload, headers: githubHeaders(secret, payload, 'g') });
  await arrived.promise;
  const closed = server.close();
  await expect(ask('/healthz', { method: 'GET' })).rejects.toThrow('fetch failed');
  held.resolve();
  expect((await underWay).status).toBe(202);
  await closed;
  expect(stored).toHaveLength(1);
});

it('refuses to start on a taken port, with what to do', async () => {
  const again = startServer({
    host: '127.0.0.1',
    port: server.port,
    doors: [],
    queue: { send: store },
    readiness: async () => readiness,
    log: log.log,
  });
  await expect(again).rejects.toBeInstanceOf(Refusal);
  await expect(again).rejects.toThrow(`Cannot listen on 127.0.0.1:${server.port} (EADDRINUSE)`);
});
