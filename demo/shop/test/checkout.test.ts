import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addLine, emptyCart } from '../src/cart.ts';
import { catalogue } from '../src/catalogue.ts';
import { quote } from '../src/checkout.ts';
import { handlingFee, rates, shippingCost } from '../src/shipping.ts';

const [lamp] = catalogue.products;
assert.ok(lamp);

test('shipping is charged by the started kilogram', () => {
  assert.equal(shippingCost({ country: 'DE', grams: 1 }, rates), handlingFee + 320);
  assert.equal(shippingCost({ country: 'DE', grams: 1001 }, rates), handlingFee + 640);
});

test('nothing is shipped to the counter', () => {
  assert.equal(shippingCost({ country: 'pickup', grams: 500 }, rates), undefined);
});

test('the total is goods and shipping', () => {
  const cart = emptyCart();
  addLine(cart, lamp, 2);
  assert.deepEqual(quote(cart, 'AT'), { goods: 6980, shipping: 1210, total: 8190 });
  assert.deepEqual(quote(cart, 'pickup'), { goods: 6980, shipping: 0, total: 6980 });
});
