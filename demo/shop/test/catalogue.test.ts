import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue, findProduct, relatedProduct } from '../src/catalogue.ts';

test('finds a product by its id', () => {
  assert.equal(findProduct(catalogue, 'oil-lamp')?.name, 'Oil lamp');
  assert.equal(findProduct(catalogue, 'candle'), undefined);
});

test('recommends another product of the same category', () => {
  assert.equal(relatedProduct(catalogue, 'oil-lamp')?.id, 'reading-lamp');
});

test('recommends nothing when the product is the only one of its category', () => {
  assert.equal(relatedProduct(catalogue, 'wick'), undefined);
});
