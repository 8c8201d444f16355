// The GitHub room against the stand-in, where the port's contract does not reach: deliveries, limits, lost answers.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Later, Refusal } from '../../src/domain/failure.ts';
import { readHeaders, verifyGitHub } from '../../src/github/webhook.ts';
import type { Happening } from '../../src/ports.ts';
import { place, shop, startInstalled, webhookSecret, type Installed } from './github-installed.ts';
import { failureOf } from './github-recorded.ts';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function start(webhookUrl?: string): Promise<Installed> {
  const installed = await startInstalled(webhookUrl);
  stops.push(installed.stop);
  return installed;
}

/** A door that verifies what arrives and lets the room read it. */
async function listen(read: (raw: Buffer, headers: NodeJS.Dict<string | string[]>) => Promise<void>) {
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      await read(Buffer.concat(await request.toArray()), request.headers);
      response.writeHead(202).end();
    };
    answer().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  stops.push(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/github/webhooks`;
}

/**
 * Octokit waits when a token younger than five seconds is refused, for it may not be known everywhere yet. The clock is
 * only ever put forward: Octokit's pacing, shared by the process, would wait out a step back.
 */
function letTokensAge(): void {
  vi.setSystemTime(Date.now() + 10_000);
}

const triage = { title: 'Triage', body: '- [ ] one', labels: ['suture'] };

describe('lost answers', () => {
  test('of a creation that was carried out: Later, and there is one issue', async () => {
    const { world, github } = await start();
    world.fail({ method: 'POST', path: /\/issues$/, status: 502, times: 1, after: true });
    expect(await failureOf(github.host.createIssue(shop, triage))).toBeInstanceOf(Later);
    expect(await github.host.listIssues(shop, 'suture', 'all')).toHaveLength(1);
  });

  test('of a read: asked once more', async () => {
    const { world, github } = await start();
    world.fail({ method: 'GET', path: /\/issues$/, status: 0, times: 1 });
    expect(await github.host.listIssues(shop, 'suture', 'all')).toEqual([]);
  });
});

describe('limits', () => {
  test.each([true, false])('(secondary: %s) are Later, as long as told', async (secondary) => {
    const { world, github } = await start();
    await github.host.readRepository(shop);
    world.rateLimit({ appSlug: 'suture', remaining: 0, resetInSeconds: 120, secondary });
    const failure = await failureOf(github.host.createIssue(shop, triage));
    expect(failure).toBeInstanceOf(Later);
    const wait = failure instanceof Later ? failure.retryAfterMs : 0;
    // Both ends in whole seconds, and the test takes a moment.
    expect(wait).toBeGreaterThan(110_000);
    expect(wait).toBeLessThanOrEqual(122_000);
  });
});

describe('an installation', () => {
  test('that ends is a Refusal; one that begins anew is found', async () => {
    const { world, github, installation } = await start();
    const { number } = await github.host.createIssue(shop, triage);
    letTokensAge();
    world.uninstall(installation);
    const failure = await failureOf(github.host.readIssue(shop, number));
    expect(failure).toBeInstanceOf(Refusal);
    expect(failure.message).toContain('is not installed on acme/shop');
    world.install('suture', 'acme', ['shop']);
    expect((await github.host.readIssue(shop, number))?.number).toBe(number);
  });

  test('that was made anew between two calls is not noticed', async () => {
    const { world, github, installation } = await start();
    const { number } = await github.host.createIssue(shop, triage);
    const { token } = await github.host.gitAccess(shop);
    letTokensAge();
    world.uninstall(installation);
    world.install('suture', 'acme', ['shop']);
    expect((await github.host.comment(shop, number, 'hello')).body).toBe('hello');
    expect((await github.host.gitAccess(shop)).token).not.toBe(token);
  });
});

describe('the app', () => {
  test('lacks nothing when it was made from the table', async () => {
    const { github } = await start();
    expect(await github.checkApp()).toEqual([]);
  });
});

describe('deliveries', () => {
  test('of a tick, a comment, a close and our own edit arrive in our words', async () => {
    const heard: Happening[] = [];
    const url = await listen(async (raw, headers) => {
      const { event, delivery, signature } = readHeaders(headers);
      expect(await verifyGitHub(raw, signature, webhookSecret)).toBe(true);
      heard.push(...(await github.receive({ id: delivery, event, body: raw.toString('utf8') })));
    });
    const { world, github } = await start(url);
    const root = world.as('root');
    const { number } = await github.host.createIssue(shop, triage);
    const issue = { ...place, issue_number: number };
    await root.rest.issues.update({ ...issue, body: '- [x] one' });
    await github.host.updateIssue(shop, number, { body: '- [ ] one' });
    await root.rest.issues.createComment({ ...issue, body: '/sentry fix PER-1' });
    await root.rest.issues.update({ ...issue, state: 'closed' });
    await world.deliveries.idle();

    expect(heard.filter(({ kind }) => kind === 'body-edited')).toEqual([
      {
        kind: 'body-edited',
        repo: shop,
        issue: number,
        editor: { login: 'root', kind: 'human' },
        bodyBefore: '- [ ] one',
        bodyAfter: '- [x] one',
        at: expect.any(Number),
      },
      expect.objectContaining({ editor: { login: 'suture[bot]', kind: 'bot' }, bodyAfter: '- [ ] one' }),
    ]);
    expect(heard).toContainEqual(expect.objectContaining({ kind: 'commented', body: '/sentry fix PER-1' }));
    expect(heard).toContainEqual({ kind: 'issue-changed', repo: shop, issue: number, change: 'closed' });
    expect(heard).toContainEqual({ kind: 'installation-changed', repos: [shop] });
  });
});
