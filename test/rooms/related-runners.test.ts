// The runners themselves, really run for some files only. Jest and vitest come from the registry.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createChecks } from '../../src/checks/checks.ts';
import type { Check, CheckResult } from '../../src/ports.ts';
import { silentLog as log } from './fixers-stage.ts';
import { sandboxForChecks } from '../world/sandbox.ts';

vi.setConfig({ testTimeout: 900_000 });

const confined = await sandboxForChecks();
const { sandbox } = confined;
afterAll(() => confined.close());

let base: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'suture-runners-'));
});
afterEach(() => {
  // Go's caches are of folders that nobody may write.
  execFileSync('chmod', ['-R', 'u+w', base]);
  rmSync(base, { recursive: true, force: true });
});

const root = () => path.join(base, 'repository', 'fix');
const checks = () => createChecks({ dataDir: path.join(base, 'data'), sandbox, installHosts: [], log });

function lay(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root(), file)), { recursive: true });
    writeFileSync(path.join(root(), file), text);
  }
}

async function tests(): Promise<Check> {
  const found = await checks().find(root(), []);
  const check = found.find(({ kind }) => kind === 'tests');
  if (!check) throw new Error('no tests');
  return check;
}

/** What they say; null when no test reaches the files. */
async function runRelated(...paths: string[]): Promise<CheckResult | null> {
  const related = await checks().related(await tests(), paths, root());
  if (related === null) throw new Error('nobody can say');
  return related === 'none' ? null : checks().run(related, root());
}

type Sample = { manifest: object; head: string; prepare: () => void | Promise<unknown>; name: string };

const samples: Record<string, Sample> = {
  vitest: {
    manifest: {
      type: 'module',
      scripts: { test: 'TILL=unit vitest run --coverage --silent' },
      devDependencies: { vite: '8.3.8', vitest: '5.1.0' },
    },
    head: `import { expect, test } from 'vitest';\nimport { b } from './b.js';\n`,
    prepare: () => checks().install(root()),
    name: 'src/b.test.js > adds',
  },
  jest: {
    manifest: {
      scripts: { test: 'TILL=unit jest --coverage --silent' },
      devDependencies: { jest: '30.2.0' },
      jest: { coverageThreshold: { global: { lines: 100 } } },
    },
    head: `const { b } = require('./b');\n`,
    prepare: () => checks().install(root()),
    name: 'src/b.test.js > adds',
  },
  'node:test': {
    manifest: { type: 'module', scripts: { test: 'TILL=unit node --test --test-reporter dot' } },
    head: `import assert from 'node:assert';\nimport { test } from 'node:test';\nimport { b } from './b.js';\nconst expect = (is) => ({ toBe: (wanted) => assert.equal(is, wanted) });\n`,
    prepare: () => undefined,
    name: 'adds',
  },
};

describe.each(Object.entries(samples))('%s', (runner, { manifest, head, prepare, name }) => {
  const isModule = runner !== 'jest';
  const a = (sum: number) => (isModule ? `export const a = ${sum};\n` : `exports.a = ${sum};\n`);
  const files = {
    'package.json': JSON.stringify({ name: 'till', private: true, ...manifest }),
    'src/a.js': a(1),
    'src/b.js': isModule
      ? `import { a } from './a.js';\nexport const b = () => a + 1;\n`
      : `const { a } = require('./a');\nexports.b = () => a + 1;\n`,
    'src/alone.js': '',
    'src/b.test.js': `${head}test('adds', () => {\n  expect(b()).toBe(2);\n  expect(process.env.TILL).toBe('unit');\n});\n`,
    // It would fail, if it was run.
    'src/c.test.js': `throw new Error('nobody asked for this one');\n`,
  };

  it('runs the tests that reach a file, and no others', async () => {
    lay(files);
    await prepare();
    expect(await runRelated('src/a.js')).toMatchObject({ passed: true, passes: 1, summary: '1 passed' });
    lay({ 'src/a.js': a(2) });
    expect(await runRelated('src/a.js')).toMatchObject({ passed: false, failures: [name] });
    // One of them is not there yet.
    expect(await runRelated('src/a.js', 'src/new.js')).toMatchObject({ passed: false, failures: [name] });
    lay({ 'src/d.test.js': (files['src/b.test.js'] ?? '').replace('adds', 'adds, too') });
    const both = [name, name.replace('b.test', 'd.test').replace('adds', 'adds, too')];
    expect((await runRelated('src/a.js'))?.failures.toSorted()).toEqual(both);
    for (const alone of ['src/alone.js', 'src/new.js']) {
      const none = await runRelated(alone);
      if (none !== null) expect(none).toMatchObject({ passed: true, passes: 0, failures: [] });
    }
  });
});

function works(program: string): boolean {
  try {
    execFileSync(program, ['version'], { stdio: 'ignore', timeout: 60_000 });
    return true;
  } catch {
    console.warn(`Skipped: ${program} does not work here.`);
    return false;
  }
}

const goTest = (name: string, body = '') =>
  `package ${name}\n\nimport "testing"\n\nfunc TestIt(t *testing.T) {${body}}\n`;
const shop = (...names: string[]) =>
  ['go test', ...names.map((name) => `example.org/shop/${name}`)].join(' ');

describe.skipIf(!works('go'))('go', () => {
  const files = {
    'go.mod': 'module example.org/shop\n\ngo 1.21\n',
    'cart/cart.go': 'package cart\n\nfunc Total() int { return 1 }\n',
    'cart/cart_test.go': goTest('cart'),
    'order/order.go':
      'package order\n\nimport "example.org/shop/cart"\n\nfunc Sum() int { return cart.Total() }\n',
    'order/order_test.go': goTest('order', ' if Sum() != 1 { t.Fail() } '),
    'outer/outer_test.go':
      'package outer_test\n\nimport (\n\t"testing"\n\n\t"example.org/shop/order"\n)\n\nfunc TestIt(t *testing.T) { order.Sum() }\n',
    'untested/untested.go': 'package untested\n\nimport _ "example.org/shop/order"\n',
    'other/other.go': 'package other\n',
    'other/other_test.go': goTest('other', ' t.Fail() '),
  };

  it('runs the tests of the package, and of those that depend on it', async () => {
    lay(files);
    const check = await tests();
    const commandOf = async (...paths: string[]) => {
      const related = await checks().related(check, paths, root());
      return related === null || related === 'none' ? related : related.command.join(' ');
    };
    expect(await commandOf('cart/cart.go')).toBe(shop('cart', 'order', 'outer'));
    expect(await commandOf('order/new.go')).toBe(shop('order', 'outer'));
    expect(await commandOf('other/other_test.go', 'order/order.go')).toBe(shop('order', 'other', 'outer'));
    expect(await commandOf('untested/untested.go')).toBe('none');
    expect(await commandOf('fresh/fresh.go')).toBe('none');
    expect(await commandOf('cart/cart.go', 'cart/testdata/a.txt')).toBeNull();
    expect(await runRelated('cart/cart.go')).toMatchObject({ passed: true });
    lay({ 'cart/cart.go': 'package cart\n\nfunc Total() int { return 2 }\n' });
    expect(await runRelated('cart/cart.go')).toMatchObject({ failures: ['example.org/shop/order TestIt'] });
    lay({ 'cart/cart.go': 'package cart\n\nfunc Total() int { return }\n' });
    expect((await runRelated('cart/cart.go'))?.failures).toContain('example.org/shop/cart does not build');
  });
});
