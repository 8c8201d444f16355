// A change that touches another package than the one that crashed is proved by that package's checks, too.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Fixer } from '../../src/ports.ts';
import { climbIn } from './reproduce-stage.ts';

vi.setConfig({ testTimeout: 240_000 });

const source = `'use strict';\n\nmodule.exports.first = (list) => list[0].name;\n`;
const testOf = (file: string, call: string) =>
  `require('node:test').test('it', () => require('node:assert').ok(require('${file}').${call}));\n`;
const manifest = (name: string) => JSON.stringify({ name, private: true, scripts: { test: 'node --test' } });

const files = {
  'shop/package.json': manifest('shop'),
  'shop/list.js': source,
  'shop/test/list.test.js': testOf('../list.js', `first([{ name: 'a' }])`),
  'words/package.json': manifest('words'),
  'words/index.js': `module.exports.none = () => 'none';\n`,
  'words/test/words.test.js': testOf('../index.js', 'none()'),
};

const facts = {
  file: 'shop/list.js',
  at: '[0].^name',
  message: "Cannot read properties of undefined (reading 'name')",
  function: 'first',
};

/** Mends the list, and writes that into the other package. */
function writer(words: string): Fixer {
  return {
    name: 'writer',
    fix: (_task, dir) => {
      writeFileSync(path.join(dir, 'shop/list.js'), source.replace('list[0].name', 'list[0]?.name'));
      writeFileSync(path.join(dir, 'words/index.js'), words);
      const description = { summary: 'a', strategy: 'b', symptom: null, rootCause: 'c', change: 'd' };
      return Promise.resolve({ outcome: 'changed', description });
    },
  };
}

it.each([
  ['keeps the other package whole', `module.exports.none = () => 'nothing';\n`, 'fixed', 'passed'],
  ['breaks the other package', `module.exports.none = () => '';\n`, 'failed', 'failed'],
])('%s', async (_, words, outcome, told) => {
  const result = await climbIn({ files, facts, fixer: writer(words) });
  expect(result.outcome).toBe(outcome);
  const rows = result.ladder.filter(({ step }) => /^(?:npm|checks)/.test(step));
  expect(rows.slice(-4).map(({ step, result: how }) => `${step}: ${how}`)).toEqual([
    'checks at the base: passed',
    'checks at the base: passed',
    'npm test (shop): passed',
    `npm test (words): ${told}`,
  ]);
  expect(rows[1]?.detail).toContain('npm test (words): 1 passed');
});
