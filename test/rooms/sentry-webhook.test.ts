// Sentry's webhooks: which are believed to come from Sentry, and what is read out of them.

import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/domain/failure.ts';
import { readSentryDelivery, verifySentry } from '../../src/sentry/webhook.ts';

describe('verifySentry', () => {
  // The published test vector of the reference: escapes and `1.0` must be hashed as they were sent.
  const body = Buffer.from(
    String.raw`{"action":"created","installation":{"uuid":"a8e5d37a-696c-4c54-adb5-b3f28d64c7de"},"data":{"issue":{"id":"1","title":"Caf\u00e9 \ud83d\ude80 failed","score":1.0}},"actor":{"type":"application","id":"sentry","name":"Sentry"}}`,
  );
  const secret = 'test-client-secret';
  const right = '5b9f4b531ca388fb915e62ae46d5c9f09a15e72f0ea275e0f5fca72ea868d699';

  test('believes the bytes as they were sent', () => {
    expect(body).toHaveLength(224);
    expect(verifySentry(body, right, secret)).toBe(true);
  });

  test.each<[string, Buffer, string | undefined, string]>([
    ['the bytes printed anew', Buffer.from(JSON.stringify(JSON.parse(body.toString()))), right, secret],
    ['a changed byte', Buffer.concat([body, Buffer.from(' ')]), right, secret],
    ['another secret', body, right, 'another'],
    ['no signature', body, undefined, secret],
    ['an empty signature', body, '', secret],
    ['a short signature', body, right.slice(2), secret],
    ['a long signature', body, `${right}00`, secret],
    ['upper case', body, right.toUpperCase(), secret],
    ['a prefix', body, `sha256=${right}`, secret],
    ['no hex', body, 'z'.repeat(64), secret],
    ['an empty secret', body, createHmac('sha256', '').update(body).digest('hex'), ''],
  ])('does not believe %s', (_, bytes, signature, key) => {
    expect(verifySentry(bytes, signature, key)).toBe(false);
  });
});

const issue = {
  id: '4001',
  url: 'https://sentry.io/api/0/organizations/acme/issues/4001/',
  permalink: 'https://acme.sentry.io/issues/4001/',
  status: 'unresolved',
  substatus: 'new',
  lastSeen: '2025-11-10T20:56:00.679000+00:00',
  project: { id: '77', slug: 'shop', name: 'Shop' },
};

const event = {
  event_id: 'e4874d664c3540c1a32eab185f12c5ab',
  issue_id: '4001',
  project: 77,
  url: 'https://sentry.io/api/0/projects/acme/shop/events/e4874d664c3540c1a32eab185f12c5ab/',
};

function deliver(resource: string, action: string, data: unknown) {
  return readSentryDelivery(resource, JSON.stringify({ action, data, installation: { uuid: 'u' } }));
}

function key(action: string): string | undefined {
  return deliver('issue', action, { issue })?.dedupeKey;
}

describe('readSentryDelivery', () => {
  const shop = { id: '77', slug: 'shop', org: 'acme' };

  test('an issue that was created', () => {
    expect(deliver('issue', 'created', { issue })).toEqual({
      project: shop,
      problemId: '4001',
      dedupeKey: 'issue:4001:created:1762808160679:unresolved:new',
    });
  });

  test.each(['unresolved', 'resolved', 'assigned', 'archived', 'ignored'])(
    'an issue that was %s',
    (action) => {
      const { url: _, ...bare } = issue;
      expect(deliver('issue', action, { issue: bare })).toMatchObject({
        project: { id: '77', slug: 'shop', org: null },
        problemId: '4001',
      });
    },
  );

  test('archived and ignored are one change; created and unresolved are two', () => {
    expect(key('archived')).toBe(key('ignored'));
    expect(key('created')).not.toBe(key('unresolved'));
  });

  test('the organisation is read from the long form of the permalink', () => {
    const permalink = 'https://sentry.io/organizations/acme/issues/4001/';
    expect(deliver('issue', 'resolved', { issue: { ...issue, url: null, permalink } })?.project.org).toBe(
      'acme',
    );
  });

  test('an alert and an error', () => {
    expect(deliver('event_alert', 'triggered', { event, triggered_rule: 'Very bad' })).toEqual({
      project: shop,
      problemId: '4001',
      dedupeKey: 'event_alert:e4874d664c3540c1a32eab185f12c5ab:Very bad',
    });
    expect(deliver('error', 'created', { error: event })).toEqual({
      project: shop,
      problemId: '4001',
      dedupeKey: 'error:e4874d664c3540c1a32eab185f12c5ab',
    });
  });

  test.each(['https://sentry.io/odd/', 'not an address', '/api/0/projects/acme/shop/events/1/', null, 5])(
    'an event whose address is %j still names its project by number',
    (url) => {
      expect(deliver('error', 'created', { error: { ...event, url } })?.project).toEqual({
        id: '77',
        slug: null,
        org: null,
      });
    },
  );

  test.each([
    ['installation', 'created'],
    ['comment', 'created'],
    ['metric_alert', 'critical'],
    ['seer', 'pr_created'],
    ['issue', 'sang'],
    ['error', 'deleted'],
    ['', ''],
  ])('%s.%s says nothing about a problem', (resource, action) => {
    expect(deliver(resource, action, { issue, event, error: event })).toBeNull();
  });

  test.each<[string, string, string]>([
    ['no JSON', 'issue', '{"action":'],
    ['an empty body', 'issue', ''],
    ['a list', 'issue', '[]'],
    ['no action', 'issue', '{"data":{}}'],
    ['no issue', 'issue', '{"action":"created","data":{}}'],
    ['no data', 'event_alert', '{"action":"triggered"}'],
    ['an id that is a path', 'issue', '{"action":"created","data":{"issue":{"id":"../../1"}}}'],
    ['an event without its issue', 'error', '{"action":"created","data":{"error":{"event_id":"a1"}}}'],
  ])('%s is refused', (_, resource, body) => {
    expect(() => readSentryDelivery(resource, body)).toThrow(Refusal);
  });

  test('whatever comes, it is a hint, nothing, or a refusal', () => {
    const resource = fc.constantFrom('issue', 'event_alert', 'error', 'comment', '__proto__');
    const action = fc.constantFrom('created', 'triggered', 'resolved', 'toString');
    const data = fc.record({ issue: fc.jsonValue(), event: fc.jsonValue(), error: fc.jsonValue() });
    const whole = fc.record({ action, data }).map((body) => JSON.stringify(body));
    const nearly = fc
      .tuple(fc.constantFrom(...Object.keys(issue)), fc.jsonValue())
      .map(([key, value]) =>
        JSON.stringify({ action: 'created', data: { issue: { ...issue, [key]: value } } }),
      );
    fc.assert(
      fc.property(resource, fc.oneof(whole, nearly, fc.json(), fc.string()), (resource, body) => {
        expectHintOrRefusal(resource, body);
      }),
      { numRuns: 500 },
    );
  });
});

function expectHintOrRefusal(resource: string, body: string): void {
  try {
    const hint = readSentryDelivery(resource, body);
    expect(hint === null || /^[\w-]+$/.test(hint.problemId)).toBe(true);
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
  }
}
