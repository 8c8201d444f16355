import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addLine, emptyCart, subtotal, weight } from '../src/cart.ts';
import { catalogue } from '../src/catalogue.ts';

const [lamp] = catalogue.products;
assert.ok(lamp);

test('an empty cart costs and weighs nothing', () => {
  assert.equal(subtotal(emptyCart()), 0);
  assert.equal(weight(emptyCart()), 0);
});

test('the same product twice is one line', () => {
  const cart = emptyCart();
  addLine(cart, lamp, 1);
  addLine(cart, lamp, 2);
  assert.equal(cart.lines.length, 1);
  assert.equal(subtotal(cart), 3 * lamp.price);
});

test('refuses quantities that are no whole number from 1 to 99', () => {
  for (const quantity of [0, 100, 1.5, Number.NaN]) {
    assert.throws(() => addLine(emptyCart(), lamp, quantity), RangeError);
  }
});
