import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue } from '../src/catalogue.ts';
import { renderOrder } from '../src/orders.ts';

const [product] = catalogue.products;
assert.ok(product);

test('shows lines, gift messages and the total, all escaped', () => {
  const html = renderOrder({
    id: '1003',
    customer: 'ada',
    lines: [{ product: { ...product, name: 'Lamp <small>' }, quantity: 2 }],
    total: 6980,
    receipt: 'r-1',
    giftMessages: ['Happy birthday & all the best'],
  });
  assert.match(html, /2 x Lamp &lt;small&gt;/);
  assert.match(html, /Happy birthday &amp; all the best/);
  assert.match(html, /69\.80 EUR/);
});
