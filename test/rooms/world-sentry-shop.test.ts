// The sample shop really crashes under the official SDK, and the stand-in shows each crash as Sentry does.
// Must not look at how a crash is mended.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { restClient, type Client } from '../world/sentry/client.ts';
import { crash, crashNames, shopDir, startShop } from '../world/sentry/crashes.ts';
import * as shapes from '../world/sentry/shapes.ts';
import { startSentry, type SentryWorld } from '../world/sentry/world.ts';

let sentry: SentryWorld;
let call: Client;

beforeAll(async () => {
  sentry = await startSentry();
  sentry.addOrganization('acme');
  const { dsn } = sentry.addProject({ org: 'acme', slug: 'shop' });
  call = restClient(sentry.url, sentry.addToken({ org: 'acme', scopes: ['event:read'] }));
  const shop = await startShop({ dsn, release: 'lantern-shop@1.4.0' });
  try {
    for (const name of crashNames) await crash(shop, name);
    await crash(shop, 'related-product');
  } finally {
    await shop.stop();
  }
});

afterAll(() => sentry.close());

const eventOf = async (title: string) => {
  const issue = sentry.issues('shop').find((candidate) => candidate.title.includes(title));
  const answer = await call(`/organizations/acme/issues/${issue?.id}/events/latest/`);
  return shapes.restEvent.parse(answer.body);
};

const crashFrame = (event: Awaited<ReturnType<typeof eventOf>>) => {
  const exception = event.entries.find((entry) => entry.type === 'exception');
  return exception?.data.values.at(-1)?.stacktrace?.frames.findLast((frame) => frame.inApp);
};

test('every crash is one problem, the same crash twice is one problem', () => {
  const issues = sentry.issues('shop').map(({ title, count }) => `${count} ${title}`);
  expect(issues.toSorted()).toEqual([
    '1 PaymentFailed: the payment provider answered 503',
    "1 TypeError: Cannot read properties of undefined (reading 'customer')",
    "1 TypeError: Cannot read properties of undefined (reading 'map')",
    "1 TypeError: Cannot read properties of undefined (reading 'perKilo')",
    "2 TypeError: Cannot read properties of undefined (reading 'category')",
  ]);
});

/** V8 points at the dot of a read (at the name where the read is an argument), at the name of a call, at `new` of a throw. */
test.each([
  { title: 'category', name: 'relatedProduct', file: 'src/catalogue.ts', column: '.category' },
  { title: 'map', name: 'renderOrder', file: 'src/orders.ts', column: 'map((message)' },
  { title: 'customer', name: 'end', file: 'src/sessions.ts', column: 'customer' },
  { title: 'perKilo', name: 'shippingCost', file: 'src/shipping.ts', column: '.perKilo' },
  { title: 'PaymentFailed', name: 'charge', file: 'src/payment.ts', column: 'new PaymentFailed' },
])('$title crashes in $name of $file', async ({ title, name, file, column }) => {
  const frame = crashFrame(await eventOf(title));
  expect(frame?.filename).toBe(join(shopDir, file));
  expect(frame?.function?.split('.').at(-1)).toBe(name);
  const line = frame?.context.find(([number]) => number === frame.lineNo)?.[1] ?? '';
  expect(line.slice((frame?.colNo ?? 1) - 1, (frame?.colNo ?? 1) - 1 + column.length)).toBe(column);
});

test('the SDK was understood, and what the shop did before the crash is there', async () => {
  expect(sentry.rejections).toEqual([]);
  const crumbs = (await eventOf('PaymentFailed')).entries.find((entry) => entry.type === 'breadcrumbs');
  expect(crumbs?.data.values).toContainEqual(
    expect.objectContaining({ category: 'http', data: expect.objectContaining({ status_code: 503 }) }),
  );
});

test('the event tells release, request and that nobody handled it', async () => {
  const event = await eventOf('category');
  expect(event.release?.version).toBe('lantern-shop@1.4.0');
  expect(event.tags).toContainEqual({ key: 'handled', value: 'no' });
  const request = event.entries.find((entry) => entry.type === 'request');
  expect(request?.data).toMatchObject({ method: 'GET' });
  expect(request?.data.url).toMatch(/\/products\/tin-candle\/related$/);
  expect(event.sdk?.name).toBe('sentry.javascript.node');
});
