// The GitHub stand-in's webhooks: who gets them, how they are signed, and the faults a test can order.

import { verify } from '@octokit/webhooks-methods';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startGitHub, type GitHubWorld } from '../world/github/start.ts';

const shop = { owner: 'acme', repo: 'shop' };
const secret = "It's a Secret to Everybody";
type Received = { headers: IncomingHttpHeaders; body: string };

let world: GitHubWorld;
let receiver: Server;
let received: Received[];
let answerWith = 200;

beforeEach(async () => {
  received = [];
  answerWith = 200;
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(answerWith).end('ok');
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  world = await startGitHub();
  world.addUser('ada');
  await world.addRepository({ owner: 'acme', name: 'shop' });
  world.setRole('acme/shop', 'ada', 'write');
  world.addApp({
    slug: 'suture',
    permissions: { issues: 'write' },
    events: ['issues', 'issue_comment', 'push'],
    webhookUrl: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
    webhookSecret: secret,
  });
  world.install('suture', 'acme', ['shop']);
  await world.deliveries.idle();
  received.length = 0;
});

afterEach(async () => {
  await world.close();
  receiver.close();
  receiver.closeAllConnections();
});

const openIssue = (title: string) => world.as('ada').rest.issues.create({ ...shop, title, body: '- [ ] ä' });
const titles = (): string[] =>
  received.map((one) => (JSON.parse(one.body) as { issue: { title: string } }).issue.title);
const guids = (): string[] => received.map((one) => String(one.headers['x-github-delivery']));

test('a tick arrives signed, with the whole old and new body and who did it', async () => {
  const { data } = await openIssue('Triage');
  await world.as('ada').rest.issues.update({ ...shop, issue_number: data.number, body: '- [x] ä' });
  await world.deliveries.idle();
  const tick = received.find((one) => one.body.includes('"action":"edited"'));
  expect(tick?.headers).toMatchObject({
    'x-github-event': 'issues',
    'user-agent': expect.stringMatching(/^GitHub-Hookshot\//) as string,
    'x-github-delivery': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    'x-github-hook-installation-target-type': 'integration',
  });
  expect(await verify(secret, tick?.body ?? '', String(tick?.headers['x-hub-signature-256']))).toBe(true);
  expect(JSON.parse(tick?.body ?? '')).toMatchObject({
    changes: { body: { from: '- [ ] ä' } },
    issue: { body: '- [x] ä' },
    sender: { login: 'ada', type: 'User' },
    repository: { full_name: 'acme/shop' },
    installation: { id: expect.any(Number) as number },
  });
});

test('a body that did not change tells nobody', async () => {
  const { data } = await openIssue('Triage');
  await world.as('ada').rest.issues.update({ ...shop, issue_number: data.number, body: '- [ ] ä' });
  await world.deliveries.idle();
  expect(received).toHaveLength(1);
});

test('an event without the permission is not delivered', async () => {
  world.addApp({
    slug: 'deaf',
    permissions: { contents: 'read' },
    events: ['issues'],
    webhookUrl: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
    webhookSecret: secret,
  });
  world.install('deaf', 'acme', ['shop']);
  await openIssue('Triage');
  await world.deliveries.idle();
  expect(world.deliveries.all().filter((one) => one.appSlug === 'deaf' && one.event === 'issues')).toEqual(
    [],
  );
});

test('held deliveries wait, and go out in reverse when reordered', async () => {
  world.deliveries.hold();
  await openIssue('first');
  await openIssue('second');
  await world.deliveries.idle();
  expect(titles()).toEqual([]);
  world.deliveries.reorder();
  world.deliveries.release();
  await world.deliveries.idle();
  expect(titles()).toEqual(['second', 'first']);
});

test('a dropped delivery never arrives and can be redelivered under its GUID', async () => {
  world.deliveries.drop(1);
  await openIssue('lost');
  await openIssue('kept');
  await world.deliveries.idle();
  expect(titles()).toEqual(['kept']);
  const lost = world.deliveries.all().find((one) => one.payload.includes('lost'));
  expect(lost?.status).toBe('failed to connect to host');
  await world.deliveries.redeliver(lost?.guid ?? '');
  expect(titles()).toEqual(['kept', 'lost']);
  expect(guids()[1]).toBe(lost?.guid);
  expect(world.deliveries.all().at(-1)).toMatchObject({ redelivery: true, status: 'OK', statusCode: 200 });
});

test('a repeated delivery arrives twice with one GUID', async () => {
  world.deliveries.repeat(1);
  await openIssue('twice');
  await world.deliveries.idle();
  expect(titles()).toEqual(['twice', 'twice']);
  expect(new Set(guids()).size).toBe(1);
});

test('a refused delivery is logged and never tried again', async () => {
  answerWith = 500;
  await openIssue('refused');
  await world.deliveries.idle();
  expect(received).toHaveLength(1);
  expect(world.deliveries.all().at(-1)).toMatchObject({ statusCode: 500, redelivery: false });
});
