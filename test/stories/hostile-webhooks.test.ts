// Both doors of the real process against what a stranger or a broken sender puts on the wire.

import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningSuture } from '../world/suture.ts';
import { secrets, type World } from '../world/world.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { quiet, triageIssueWith } from './steps.ts';

type Door = {
  name: string;
  path: string;
  limit: number;
  /** What bytes that are no text get: GitHub's signature is one of text (reference github.md, 2.3). */
  noText: 400 | 401;
  headers: (body: string | Buffer) => Record<string, string>;
};

const sign = (body: string | Buffer, secret: string): string =>
  createHmac('sha256', secret).update(body).digest('hex');

const doors: readonly Door[] = [
  {
    name: 'GitHub',
    path: '/api/github/webhooks',
    limit: 25 * 1024 * 1024,
    noText: 401,
    headers: (body) => ({
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-github-delivery': crypto.randomUUID(),
      'x-hub-signature-256': `sha256=${sign(body, secrets.github)}`,
    }),
  },
  {
    name: 'Sentry',
    path: '/sentry/webhook',
    limit: 2 * 1024 * 1024,
    noText: 400,
    headers: (body) => ({
      'content-type': 'application/json',
      'sentry-hook-resource': 'issue',
      'sentry-hook-signature': sign(body, secrets.sentry),
    }),
  },
];

describe.each(doors)('the door for $name', ({ path, limit, noText, headers }) => {
  let world: World;
  let suture: RunningSuture;
  /** A delivery that would be acted on, were it genuine. */
  let genuine: string;
  let asked: number;

  beforeAll(async () => {
    world = await startKiosk();
    suture = await world.start();
    const shortId = await crashAt(world, 1);
    await triageIssueWith(world, shortId);
    await world.setBox(shortId, true, 'tom');
    await triageIssueWith(world, `- [ ] **${shortId}**`);
    // Looking round the crash goes on for a moment after the issue shows it.
    await quiet(world, 2500);
    const told = world.github.deliveries.all().filter(({ event }) => event === 'issues');
    genuine =
      path === '/sentry/webhook'
        ? (world.sentry.deliveries.all().at(-1)?.body ?? '')
        : (told.find(({ payload }) => payload.includes('"login":"tom"'))?.payload ?? '');
    expect(genuine.length).toBeGreaterThan(500);
    asked = askedBecauseOfIt(world);
  });

  /** Whatever was refused is nowhere: nothing asks the hosts anything because of it. */
  afterAll(async () => {
    await quiet(world);
    expect(askedBecauseOfIt(world)).toBe(asked);
    await world.close();
  });

  async function send(body: string | Buffer, changed: Record<string, string | null> = {}): Promise<number> {
    const all = Object.entries({ ...headers(body), ...changed });
    const kept = all.filter((entry): entry is [string, string] => entry[1] !== null);
    const response = await fetch(suture.url + path, {
      method: 'POST',
      headers: Object.fromEntries(kept),
      body,
    });
    await response.text();
    return response.status;
  }

  it('answers 401 to a wrong, an unreadable and a truncated signature, and to changed bytes', async () => {
    const name = Object.keys(headers('')).find((header) => header.includes('signature')) ?? '';
    const right = headers(genuine)[name] ?? '';
    expect(await send(genuine, { [name]: right.replace(/.$/, (end) => (end === '0' ? '1' : '0')) })).toBe(
      401,
    );
    expect(
      await send(genuine, { [name]: 'ü not a signature'.normalize('NFD').replace(/[^ -~]/g, '?') }),
    ).toBe(401);
    expect(await send(genuine, { [name]: right.slice(0, -8) })).toBe(401);
    expect(await send(`${genuine} `, { [name]: right })).toBe(401);
    expect(await send(genuine.slice(0, -20), { [name]: right })).toBe(401);
    expect(await send(genuine, headers(genuine + genuine))).toBe(401);
  });

  it('answers 401 to the secret of the other door', async () => {
    const other = path === '/sentry/webhook' ? secrets.github : secrets.sentry;
    const name = Object.keys(headers('')).find((header) => header.includes('signature')) ?? '';
    const prefix = name === 'x-hub-signature-256' ? 'sha256=' : '';
    expect(await send(genuine, { [name]: prefix + sign(genuine, other) })).toBe(401);
  });

  it('answers 400 when a header is missing, and to a body that is no JSON', async () => {
    for (const name of Object.keys(headers('')).filter((header) => header !== 'content-type'))
      expect([name, await send(genuine, { [name]: null })]).toEqual([name, 400]);
    expect(await send('this is no JSON')).toBe(400);
    expect(await send(genuine.slice(0, -20))).toBe(400);
    expect(await send('')).toBe(noText);
    expect(await send(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))).toBe(noText);
  });

  it('answers 400 to what is signed and is no delivery', async () => {
    const named = path === '/sentry/webhook' ? {} : { 'x-github-delivery': 'not one of theirs' };
    for (const body of ['[]', '{}', '"text"', '{"action":"created","data":{"issue":{}}}'])
      expect([body, await send(body, named)]).toEqual([body, 400]);
  });

  it('answers 413 to more than it reads, without reading it', async () => {
    expect(
      await declare(suture.url, path, { ...headers('{}'), 'content-length': String(limit + 1) }),
    ).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('still works afterwards', async () => {
    expect((await fetch(`${suture.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${suture.url}/readyz`)).status).toBe(200);
    expect(suture.log().filter((line) => Number(line['level']) >= 50)).toEqual([]);
  });
});

/** What acting on either genuine delivery begins with: the role of who ticked, or the problem in Sentry. */
function askedBecauseOfIt(world: World): number {
  const roles = world.github.requests.filter(({ path }) => path.includes('/collaborators/'));
  expect(roles.length).toBeGreaterThan(0);
  return roles.length + world.sentry.requests.length;
}

/** Sends the head of a request only and gives the first line of the answer. */
function declare(url: string, path: string, headers: Record<string, string>): Promise<string> {
  const { hostname, port } = new URL(url);
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect(Number(port), hostname);
  socket.write(`POST ${path} HTTP/1.1\r\nhost: ${hostname}\r\n${head.join('')}\r\n`);
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('data', (bytes: Buffer) => {
      socket.destroy();
      resolve(bytes.toString('utf8').split('\r\n')[0] ?? '');
    });
  });
}
