// The Sentry stand-in, the webhook side: signature, bodies, one attempt, and what tests do to deliveries.
// Must not test our own door.

import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { restClient, type Client } from '../world/sentry/client.ts';
import { sendEvent } from '../world/sentry/send-envelope.ts';
import * as shapes from '../world/sentry/shapes.ts';
import { asciiJson, sign } from '../world/sentry/signature.ts';
import { startSentry, type SentryWorld } from '../world/sentry/world.ts';

type Received = { headers: IncomingHttpHeaders; bytes: Buffer };

let sentry: SentryWorld;
let receiver: Server;
let received: Received[];
let status: number;
let dsn: string;
let uuid: string;
let call: Client;

beforeEach(async () => {
  received = [];
  status = 202;
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, bytes: Buffer.concat(chunks) });
      if (status !== 0) response.writeHead(status, { location: '/elsewhere' }).end();
    });
  });
  await new Promise<void>((resolve) => {
    receiver.listen(0, '127.0.0.1', resolve);
  });
  const webhookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  sentry = await startSentry({ webhookTimeoutMs: 200 });
  sentry.addOrganization('acme');
  ({ dsn } = sentry.addProject({ org: 'acme', slug: 'shop' }));
  ({ uuid } = sentry.addIntegration({
    org: 'acme',
    webhookUrl,
    clientSecret: 'geheim',
    events: ['issue', 'error', 'comment'],
  }));
  const token = sentry.addToken({ org: 'acme', scopes: ['event:read', 'event:write'] });
  call = restClient(sentry.url, token);
});

afterEach(async () => {
  await sentry.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

const bodies = (resource: string): unknown[] =>
  received
    .filter((one) => one.headers['sentry-hook-resource'] === resource)
    .map((one) => JSON.parse(one.bytes.toString('utf8')));

const put = async (body: unknown) => {
  await call('/organizations/acme/issues/SHOP-1/', { method: 'PUT', body });
  await sentry.deliveries.idle();
};

const crash = async (event: Parameters<typeof sendEvent>[1] = {}) => {
  await sendEvent(dsn, event);
  await sentry.deliveries.idle();
};

describe('signature', () => {
  test('the vector of the reference', () => {
    const body = asciiJson({
      action: 'created',
      installation: { uuid: 'a8e5d37a-696c-4c54-adb5-b3f28d64c7de' },
      data: { issue: { id: '1', title: 'Café 🚀 failed', score: 'ONE' } },
      actor: { type: 'application', id: 'sentry', name: 'Sentry' },
    }).replace('"ONE"', '1.0');
    expect(body).toBe(
      String.raw`{"action":"created","installation":{"uuid":"a8e5d37a-696c-4c54-adb5-b3f28d64c7de"},"data":{"issue":{"id":"1","title":"Caf\u00e9 \ud83d\ude80 failed","score":1.0}},"actor":{"type":"application","id":"sentry","name":"Sentry"}}`,
    );
    expect(sign(body, 'test-client-secret')).toBe(
      '5b9f4b531ca388fb915e62ae46d5c9f09a15e72f0ea275e0f5fca72ea868d699',
    );
  });

  test('the wire holds ASCII only and is signed byte for byte', async () => {
    await crash({ type: 'ZahlungsFehler', value: 'Prüfung 🚀 fehlgeschlagen' });
    const [first] = received;
    const text = first?.bytes.toString('latin1') ?? '';
    expect(text).toMatch(/^[\x20-\x7e]*$/);
    expect(text).toContain(String.raw`Pr\u00fcfung \ud83d\ude80 fehlgeschlagen`);
    const digest = createHmac('sha256', 'geheim')
      .update(first?.bytes ?? '')
      .digest('hex');
    expect(first?.headers['sentry-hook-signature']).toBe(digest);
    const reserialised = JSON.stringify(JSON.parse(text));
    expect(createHmac('sha256', 'geheim').update(reserialised).digest('hex')).not.toBe(digest);
  });

  test('the headers are the documented ones', async () => {
    await crash();
    expect(received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'request-id': expect.stringMatching(/^[0-9a-f]{32}$/),
      'sentry-hook-resource': 'issue',
      'sentry-hook-timestamp': expect.stringMatching(/^\d{10}$/),
      'user-agent': expect.stringMatching(/^sentry\//),
    });
  });
});

describe('bodies', () => {
  test('issue.created has addresses and the other date format', async () => {
    await crash();
    const created = shapes.issueCreatedWebhook.parse(bodies('issue')[0]);
    expect(created.installation.uuid).toBe(uuid);
    expect(created.actor).toEqual({ type: 'application', id: 'sentry', name: 'Sentry' });
    expect(created.data.issue.shortId).toBe('SHOP-1');
  });

  test('error.created for every event, issue.created for the first', async () => {
    await crash({ release: '1.0.0' });
    await crash();
    expect(bodies('issue')).toHaveLength(1);
    const errors = bodies('error').map((body) => shapes.errorWebhook.parse(body));
    expect(errors).toHaveLength(2);
    expect(errors[0]?.data.error.issue_url).toContain('/organizations/acme/issues/');
    expect(errors[0]?.data.error.tags).toContainEqual(['release', '1.0.0']);
  });

  test('resolving says how and names the receiving app as the actor', async () => {
    await crash({ release: '1.0.0' });
    await put({ status: 'resolved', statusDetails: { inNextRelease: true } });
    const resolved = shapes.issueWebhook.parse(bodies('issue')[1]);
    expect(resolved.action).toBe('resolved');
    expect(resolved.data.resolution_type).toBe('in_next_release');
    expect(resolved.actor.id).not.toBe('sentry');
    expect(resolved.data.issue.substatus).toBeNull();
  });

  test('archived, unresolved by hand, and reopened by an event', async () => {
    await crash();
    await put({ status: 'ignored', substatus: 'archived_forever' });
    await put({ status: 'unresolved' });
    await put({ status: 'resolved' });
    await crash();
    const seen = bodies('issue')
      .slice(1)
      .map((body) => shapes.issueWebhook.parse(body))
      .map(({ action, actor, data }) => [action, actor.id === 'sentry', data.issue.substatus]);
    expect(seen).toEqual([
      ['archived', false, 'archived_forever'],
      ['unresolved', false, 'ongoing'],
      ['resolved', false, null],
      ['unresolved', true, 'regressed'],
    ]);
  });

  test('comments and alerts', async () => {
    await crash();
    await call('/organizations/acme/issues/SHOP-1/notes/', { method: 'POST', body: { text: 'seen' } });
    sentry.fireAlert({ org: 'acme', issue: 'SHOP-1', rule: 'too many' });
    await sentry.deliveries.idle();
    expect(shapes.commentWebhook.parse(bodies('comment')[0]).data.comment).toBe('seen');
    expect(shapes.alertWebhook.parse(bodies('event_alert')[0]).data.triggered_rule).toBe('too many');
  });
});

const states = () => sentry.deliveries.all().map((delivery) => delivery.state);

describe('deliveries', () => {
  test.each([500, 404, 302])('status %i is not tried again', async (answer) => {
    status = answer;
    await crash();
    expect(states()).toEqual(['failed', 'failed']);
    expect(received).toHaveLength(2);
  });

  test('a receiver that does not answer in time loses the delivery', async () => {
    status = 0;
    await crash();
    expect(states()).toEqual(['failed', 'failed']);
    expect(sentry.deliveries.all()[0]?.status).toBeNull();
  });

  test('hold, reorder, release', async () => {
    sentry.deliveries.hold();
    await crash();
    expect(received).toEqual([]);
    expect(states()).toEqual(['held', 'held']);
    sentry.deliveries.reorder();
    sentry.deliveries.release();
    await sentry.deliveries.idle();
    expect(states()).toEqual(['delivered', 'delivered']);
    expect(new Set(received.map((one) => one.headers['sentry-hook-resource']))).toEqual(
      new Set(['issue', 'error']),
    );
  });

  test('drop and repeat', async () => {
    sentry.deliveries.drop(1);
    sentry.deliveries.repeat(1);
    await crash();
    expect(states()).toEqual(['dropped', 'delivered', 'delivered']);
    const ids = received.map((one) => one.headers['request-id']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('archiving may be called ignored', async () => {
    const older = await startSentry({ archivedAction: 'ignored' });
    try {
      older.addOrganization('acme');
      const project = older.addProject({ org: 'acme', slug: 'shop' });
      older.addIntegration({ org: 'acme', clientSecret: 's', events: ['issue'] });
      await sendEvent(project.dsn);
      const write = restClient(older.url, older.addToken({ org: 'acme', scopes: ['event:write'] }));
      await write('/organizations/acme/issues/SHOP-1/', { method: 'PUT', body: { status: 'ignored' } });
      expect(older.deliveries.all().map((delivery) => delivery.action)).toEqual(['created', 'ignored']);
    } finally {
      await older.close();
    }
  });

  test('without an address nothing is sent', async () => {
    sentry.addOrganization('quiet');
    const quiet = sentry.addProject({ org: 'quiet', slug: 'quiet' });
    sentry.addIntegration({ org: 'quiet', clientSecret: 's', events: ['issue'] });
    await sendEvent(quiet.dsn);
    await sentry.deliveries.idle();
    expect(states()).toEqual(['no-address']);
    expect(received).toEqual([]);
  });
});
