// Crashes of small projects shown by a test of their own runner: written, run at the base, run with the change.

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { climbIn, type Climbing } from './reproduce-stage.ts';

const shop = path.resolve(import.meta.dirname, '../../demo/shop');
const reading = (property: string) => `Cannot read properties of undefined (reading '${property}')`;

/** The last row of the proof, and what the change does to tests. */
async function shown(climbing: Climbing): Promise<string> {
  const result = await climbIn(climbing);
  const last = result.ladder.at(-1);
  if (result.outcome !== 'fixed') throw new Error(JSON.stringify(result, null, 2));
  const added = result.diff.split(/^diff --git /m).filter((part) => /^a\/(?:test|src)\/.*test/.test(part));
  const lines = added.flatMap((part) => part.split('\n').filter((line) => /^[+-]/.test(line)));
  return [`${last?.result}: ${last?.detail}`, ...lines, result.evidence?.text ?? ''].join('\n').trim();
}

describe('the sample shop, by node:test', () => {
  it('adds to the test that is there', async () => {
    expect(
      await shown({
        files: shop,
        facts: {
          file: 'src/catalogue.ts',
          at: ')!.^category',
          message: reading('category'),
          function: 'relatedProduct',
        },
      }),
    ).toMatchInlineSnapshot(`
      "passed: a test in \`test/catalogue.test.ts\` fails at the base with \`TypeError\` in \`relatedProduct\`, and passes with the change
      --- a/test/catalogue.test.ts
      +++ b/test/catalogue.test.ts
      +
      +test('relatedProduct copes with a missing product', () => {
      +  assert.equal(relatedProduct({ products: [] }, ''), undefined);
      +});"
    `);
    expect(
      await shown({
        files: shop,
        facts: { file: 'src/orders.ts', at: '!.^map', message: reading('map'), function: 'renderOrder' },
      }),
    ).toMatchInlineSnapshot(`
      "passed: a test in \`test/orders.test.ts\` fails at the base with \`TypeError\` in \`renderOrder\`, and passes with the change
      --- a/test/orders.test.ts
      +++ b/test/orders.test.ts
      +
      +test('renderOrder copes with missing gift messages', () => {
      +  assert.equal(typeof renderOrder({ id: '', customer: '', lines: [], total: 0, receipt: '' }), 'string');
      +});"
    `);
    expect(
      await shown({
        files: shop,
        facts: {
          file: 'src/sessions.ts',
          at: 'session.^customer });',
          message: reading('customer'),
          function: 'end',
        },
      }),
    ).toMatchInlineSnapshot(`
      "passed: a test in \`test/sessions.test.ts\` fails at the base with \`TypeError\` in \`end\`, and passes with the change
      --- a/test/sessions.test.ts
      +++ b/test/sessions.test.ts
      +
      +test('Sessions.end copes with a missing session', () => {
      +  new Sessions().end('');
      +});"
    `);
  });
});
