// What GitHub says has not changed costs nothing and is the same; what has changed is never served from memory.

import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { conditional } from '../../src/github/conditional.ts';
import { place, shop, startInstalled } from './github-installed.ts';

test('a pull request and its checks read again are free until something changes', async () => {
  const { world, github, stop } = await startInstalled();
  try {
    const branches = ['sentry/SHOP-1'];
    world.addApp({ slug: 'ci', permissions: { checks: 'write' }, events: [], webhookSecret: 'x' });
    world.install('ci', 'acme', ['shop']);
    const checks = { app: 'ci', names: ['test'] };
    const [pull] = await world.addStandingPulls('acme/shop', { branches, author: 'root', checks });
    const { number = 0, sha = '' } = pull ?? {};
    const read = async () => [
      await github.host.readPullRequest(shop, number),
      await github.host.readChecks(shop, sha),
    ];
    const first = await read();
    const before = world.requests.length;
    expect(await read()).toEqual(first);
    const again = world.requests.slice(before);
    expect(again.map(({ status }) => status)).toEqual([304, 304, 304]);
    const { octokit: ci } = await world.asInstallation('ci', 'acme');
    await ci.rest.checks.create({ ...place, head_sha: sha, name: 'lint', conclusion: 'failure' });
    await world.as('root').rest.pulls.update({ ...place, pull_number: number, title: 'Another' });
    expect(await read()).toMatchObject([
      { title: 'Another' },
      { runs: [{ name: 'lint' }, { name: 'test' }] },
    ]);
  } finally {
    await stop();
  }
});

describe('a server with ETags', () => {
  let server: Server;
  let url: string;
  let says: string;
  const asked: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const etag = `"${says}"`;
      const unchanged = request.headers['if-none-match'] === etag;
      asked.push(`${request.headers['if-none-match'] ?? 'all'} ${unchanged ? 304 : 200}`);
      response.writeHead(unchanged ? 304 : 200, { etag, 'x-ratelimit-remaining': `${asked.length}` });
      response.end(unchanged ? undefined : says);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());
  beforeEach(() => {
    asked.length = 0;
    says = 'one';
  });

  const get = (path = '/a', authorization = 'token a', method = 'GET') =>
    [`${url}${path}`, { method, headers: { authorization } }] as const;
  test('is asked each time, and its "not modified" becomes the answer it gave before', async () => {
    const read = conditional(fetch);
    await read(...get());
    const again = await read(...get());
    expect([again.status, again.url, await again.text()]).toEqual([200, `${url}/a`, 'one']);
    expect(again.headers.get('x-ratelimit-remaining')).toBe('2');
    says = 'two';
    expect(await (await read(...get())).text()).toBe('two');
    expect(asked).toEqual(['all 200', '"one" 304', '"one" 200']);
  });

  test('is asked in full by another token, by the app itself, and for anything but reading', async () => {
    const read = conditional(fetch);
    await read(...get());
    await read(...get('/a', 'token b'));
    await read(...get('/a', 'bearer signed'));
    await read(...get('/a', 'bearer signed'));
    await read(...get('/a', 'token a', 'POST'));
    await read(...get('/b'));
    expect(asked).toEqual(Array.from({ length: 6 }, () => 'all 200'));
  });

  test('is remembered as far as there is room: what was not asked for longest goes first', async () => {
    says = 'x'.repeat(100);
    const read = conditional(fetch, { mostBytes: 250, mostBytesEach: 200 });
    for (const path of ['/a', '/b', '/a', '/c']) await read(...get(path));
    asked.length = 0;
    for (const path of ['/a', '/c', '/b']) await read(...get(path));
    expect(asked.map((line) => line.slice(-3))).toEqual(['304', '304', '200']);
    says = 'y'.repeat(201);
    await read(...get('/c'));
    asked.length = 0;
    await read(...get('/c'));
    expect(asked).toEqual(['all 200']);
  });
});
