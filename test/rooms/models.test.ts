// The way to models, against a real server that plays the model API: what it sees, what passes, what stops.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Agent, request } from 'undici';
import { addSpent, nothingSpent, type Cap, type Spent } from '../../src/domain/agent/spending.ts';
import { createModels } from '../../src/models/models.ts';
import type { ModelSettings } from '../../src/models/settings.ts';
import type { ModelDoor, Spendings } from '../../src/ports.ts';
import { quietLog } from './store-world.ts';

type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string };

const realKey = 'the-operators-real-key';
const noCap: Cap = { requests: null, tokens: null, money: null };
const clock = { now: () => Date.UTC(2026, 10, 25, 12) };

let upstream: Server;
let seen: Seen[];
let answer: (seen: Seen, response: ServerResponse) => void;
let spendings: Spendings & { days: Map<string, Spent> };
const doors: ModelDoor[] = [];

beforeEach(async () => {
  seen = [];
  answer = (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  upstream = createServer((incoming, response) => void take(incoming, response));
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  spendings = memory();
});

afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()));
  upstream.closeAllConnections();
  upstream.close();
});

async function take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const { method = '', url = '', headers } = incoming;
  const one = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
  seen.push(one);
  answer(one, response);
}

function memory(): Spendings & { days: Map<string, Spent> } {
  const days = new Map<string, Spent>();
  return {
    days,
    addSpending: async (day, spent) => void days.set(day, addSpent(days.get(day) ?? nothingSpent, spent)),
    readSpending: async (day) => days.get(day) ?? nothingSpent,
  };
}

function address(): string {
  return `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
}

async function open(change: Partial<ModelSettings> = {}): Promise<ModelDoor> {
  const settings: ModelSettings = {
    url: `${address()}/gateway`,
    key: realKey,
    prices: null,
    fixCap: noCap,
    dayCap: noCap,
    ...change,
  };
  const door = await createModels({ settings, spendings, clock, log: quietLog }).open();
  doors.push(door);
  return door;
}

type Asked = { status: number; text: string };

async function ask(door: ModelDoor, path: string, headers?: Record<string, string>): Promise<Asked> {
  const given = headers ?? { authorization: `Bearer ${door.key}` };
  const url = `http://127.0.0.1:${door.port}${path}`;
  const { statusCode, body } = await request(url, { method: 'POST', headers: given, body: '{"model":"m"}' });
  return { status: statusCode, text: await body.text() };
}

const usage = (tokens: number): string =>
  JSON.stringify({ usage: { prompt_tokens: tokens, completion_tokens: 0 } });

describe('what passes', () => {
  it.each([
    ['/v1/messages?beta=true', 'x-api-key', ''],
    ['/v1/chat/completions', 'authorization', 'Bearer '],
    ['/v1beta/models/m:streamGenerateContent?alt=sse', 'x-goog-api-key', ''],
    ['/openai/responses', 'api-key', ''],
  ])('goes below the configured path with the real key in its own form: %s', async (path, header, before) => {
    const door = await open();
    const { status } = await ask(door, path, { [header]: before + door.key, cookie: 'a=b', 'x-own': 'kept' });
    expect(status).toBe(200);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'POST', url: `/gateway${path}`, body: '{"model":"m"}' });
    expect(seen[0]?.headers).toMatchObject({ [header]: before + realKey, 'x-own': 'kept' });
    expect(JSON.stringify(seen)).not.toContain(door.key);
    expect(seen[0]?.headers).not.toHaveProperty('cookie');
    expect(seen[0]?.headers.host).toBe(new URL(address()).host);
  });

  it('takes a key out of the query', async () => {
    const door = await open();
    await ask(door, `/v1beta/models/m:generateContent?key=${door.key}&alt=sse`, {});
    expect(seen[0]).toMatchObject({ url: '/gateway/v1beta/models/m:generateContent?alt=sse' });
    expect(seen[0]?.headers['x-goog-api-key']).toBe(realKey);
  });

  it('comes through the Unix socket as well', async () => {
    const door = await open();
    const dispatcher = new Agent({ connect: { socketPath: door.socket } });
    const headers = { 'x-api-key': door.key };
    const { statusCode } = await request('http://models/v1/models', { headers, dispatcher });
    expect({ statusCode, url: seen[0]?.url }).toEqual({ statusCode: 200, url: '/gateway/v1/models' });
    await dispatcher.close();
  });

  it('streams: the first words arrive before the model has said the last', async () => {
    const door = await open();
    const finish = Promise.withResolvers<void>();
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(
        'data: {"type":"message_start","message":{"usage":{"input_tokens":7,"output_tokens":1}}}\n\n',
      );
      void finish.promise.then(() =>
        response.end('data: {"type":"message_delta","usage":{"output_tokens":30}}\n\ndata: [DONE]\n\n'),
      );
    };
    const { body } = await request(`http://127.0.0.1:${door.port}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': door.key },
      body: '{}',
    });
    const chunks = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    const first = await chunks.next();
    expect(Buffer.from(first.value ?? []).toString('utf8')).toContain('message_start');
    finish.resolve();
    let rest = '';
    for (let next = await chunks.next(); !next.done; next = await chunks.next())
      rest += Buffer.from(next.value).toString('utf8');
    expect(rest).toContain('[DONE]');
    await door.close();
    expect(door.spent()).toEqual({ requests: 1, tokens: 37, money: null });
  });
});

describe('what does not pass', () => {
  it.each([
    ['no key', '/v1/messages', {}, 401],
    ['another key', '/v1/messages', { 'x-api-key': 'guessed' }, 401],
    ['the real key', '/v1/messages', { 'x-api-key': realKey }, 401],
    ['a path that leads out', '/v1/../../admin', null, 404],
    ['a path that leads out, written otherwise', '/v1/%2e%2e/%2e%2e/admin', null, 404],
    ['another host', '//example.org/v1/messages', null, 404],
  ])('%s', async (_, path, headers, status) => {
    const door = await open();
    const raw = await rawRequest(door, path, headers ?? { 'x-api-key': door.key });
    expect(raw).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(seen).toEqual([]);
  });

  it('another host in absolute form, and a tunnel', async () => {
    const door = await open();
    const headers = { 'x-api-key': door.key };
    expect(await rawRequest(door, 'http://example.org/v1/messages', headers)).toMatch(/^HTTP\/1.1 404 /);
    expect(await rawRequest(door, 'example.org:443', headers, 'CONNECT')).not.toMatch(/^HTTP\/1.1 200/);
    expect(seen).toEqual([]);
  });

  it('a redirect: it is not followed and not handed on', async () => {
    const door = await open();
    answer = (_, response) => void response.writeHead(307, { location: `${address()}/elsewhere` }).end();
    expect(await ask(door, '/v1/messages')).toMatchObject({ status: 502 });
    expect(seen.map(({ url }) => url)).toEqual(['/gateway/v1/messages']);
  });

  it('the real key in an answer that repeats it', async () => {
    const door = await open();
    answer = ({ headers }, response) =>
      void response
        .writeHead(401, { 'content-type': 'application/json', 'retry-after': '7' })
        .end(JSON.stringify({ error: `The key ${headers['x-api-key'] as string} is not known.` }));
    const headers = { 'x-api-key': door.key };
    const url = `http://127.0.0.1:${door.port}/v1/messages`;
    const refused = await request(url, { method: 'POST', headers, body: '{}' });
    const text = await refused.body.text();
    expect(JSON.parse(text)).toEqual({ error: `The key ${door.key} is not known.` });
    expect(refused.headers).toMatchObject({ 'content-type': 'application/json', 'retry-after': '7' });
    expect(JSON.stringify(refused.headers)).not.toContain(realKey);
  });

  it('anything after it was closed', async () => {
    const door = await open();
    await door.close();
    await expect(ask(door, '/v1/messages')).rejects.toThrow('ECONNREFUSED');
  });
});

describe('what it counts', () => {
  it('a whole answer, with money by the prices', async () => {
    const door = await open({ prices: { input: 10, output: 20, cacheRead: 1, cacheWrite: 1 } });
    answer = (_, response) => void response.end('{"usage":{"prompt_tokens":1000,"completion_tokens":500}}');
    await ask(door, '/chat/completions');
    await door.close();
    expect(door.spent()).toEqual({ requests: 1, tokens: 1500, money: 0.02 });
    expect(spendings.days.get('2026-11-25')).toEqual({ requests: 1, tokens: 1500, money: 0.02 });
  });

  it('an answer that says nothing of it, by its length, and one that was refused, not', async () => {
    const door = await open();
    answer = (_, response) => void response.end('x'.repeat(400));
    await ask(door, '/chat/completions');
    answer = (_, response) => void response.writeHead(500).end('x'.repeat(400));
    await ask(door, '/chat/completions');
    await door.close();
    expect(door.spent()).toEqual({ requests: 2, tokens: 104, money: null });
  });
});

describe('where it stops', () => {
  it('at the cap of one fix, with a sentence, and says so to whoever waits', async () => {
    const door = await open({ fixCap: { ...noCap, tokens: 150 } });
    answer = (_, response) => void response.end(usage(100));
    expect((await ask(door, '/v1/responses')).status).toBe(200);
    expect(door.usedUp.aborted).toBe(false);
    expect((await ask(door, '/v1/responses')).status).toBe(200);
    expect(door.usedUp.aborted).toBe(true);
    const stopped = await ask(door, '/v1/responses');
    expect(stopped.status).toBe(403);
    expect(stopped.text).toContain('The cap of one fix is reached: 150 tokens (MODEL_CAP_FIX: 150 tokens).');
    expect(seen).toHaveLength(2);
  });

  it('lets the last request of a cap end in peace', async () => {
    const door = await open({ fixCap: { ...noCap, requests: 1 } });
    answer = (_, response) => void response.end(usage(100));
    await ask(door, '/v1/responses');
    expect(door.usedUp.aborted).toBe(false);
    expect((await ask(door, '/v1/responses')).status).toBe(403);
    expect(door.usedUp.reason).toMatchObject({ name: 'Refusal' });
  });

  it('in the middle of an answer that goes beyond', async () => {
    const door = await open({ fixCap: { ...noCap, tokens: 150 } });
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"usageMetadata":{"promptTokenCount":151}}\n\n');
    };
    void ask(door, '/v1beta/models/m:streamGenerateContent').catch(() => null);
    await once(door.usedUp, 'abort');
    expect(door.usedUp.reason).toMatchObject({ name: 'Refusal' });
  });

  it('at the cap of the day, also after a restart, and starts anew the next day', async () => {
    spendings.days.set('2026-11-24', { requests: 999, tokens: 9_999, money: null });
    const dayCap = { ...noCap, tokens: 150 };
    answer = (_, response) => void response.end(usage(151));
    const door = await open({ dayCap });
    await ask(door, '/v1/responses');
    await door.close();
    const why =
      "Today's cap is reached: 150 tokens (MODEL_CAP_DAY: 150 tokens). It starts anew at midnight UTC.";
    await expect(open({ dayCap })).rejects.toThrow(why);
  });
});

/** Byte for byte, because clients tidy a path up before they send it. */
async function rawRequest(
  door: ModelDoor,
  path: string,
  headers: Record<string, string>,
  method = 'POST',
): Promise<string> {
  const { connect } = await import('node:net');
  const socket = connect(door.port, '127.0.0.1');
  const lines = Object.entries({ ...headers, host: 'models', connection: 'close', 'content-length': '0' });
  socket.write(
    `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
  );
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  await once(socket, 'close');
  return text;
}
