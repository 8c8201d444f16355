import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { createShopServer } from '../src/http.ts';
import { openShop } from '../src/shop.ts';

let provider: Server;
let server: Server;
let base: string;

const listen = async (listening: Server): Promise<string> => {
  await new Promise<void>((resolve) => {
    listening.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
};

before(async () => {
  provider = createServer((_request, response) => response.end('{"receipt":"r-7"}'));
  const paymentUrl = await listen(provider);
  server = createShopServer(openShop({ paymentUrl }));
  base = await listen(server);
});

after(() => {
  for (const open of [server, provider]) {
    open.closeAllConnections();
    open.close();
  }
});

const post = (path: string, body: unknown) =>
  fetch(base + path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });

test('shows the catalogue', async () => {
  const response = await fetch(base);
  assert.equal(response.status, 200);
  assert.match(await response.text(), /Storm lantern: 42\.50 EUR/);
});

test('answers 404 for what is not there and 400 for a broken body', async () => {
  assert.equal((await fetch(`${base}/nothing`)).status, 404);
  assert.equal((await fetch(`${base}/products/candle`)).status, 404);
  assert.equal((await post('/sessions', 'no json')).status, 400);
  assert.equal((await post('/sessions', {})).status, 400);
});

test('sells a lamp', async () => {
  const { session } = (await (await post('/sessions', { customer: 'ada' })).json()) as { session: string };
  assert.equal((await post(`/sessions/${session}/lines`, { product: 'oil-lamp', quantity: 1 })).status, 204);
  const quoted = await fetch(`${base}/sessions/${session}/quote?country=DE`);
  assert.deepEqual(await quoted.json(), { goods: 3490, shipping: 570, total: 4060 });
  const ordered = await post(`/sessions/${session}/orders`, { country: 'DE', card: '4242', gift: 'For Grace' });
  const { order } = (await ordered.json()) as { order: string };
  assert.match(await (await fetch(`${base}/orders/${order}`)).text(), /For Grace/);
  assert.equal((await fetch(`${base}/sessions/${session}`, { method: 'DELETE' })).status, 204);
});
