// All tests take too long here, so those that reach the change prove it: at the base and with the change.

import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Fixer } from '../../src/ports.ts';
import { climbIn, type Climbing } from './reproduce-stage.ts';

vi.setConfig({ testTimeout: 240_000 });

const source = `'use strict';

/**
 * @param {{ id: string, label: string }[]} items
 * @param {string} id
 * @returns {string | undefined}
 */
function labelOf(items, id) {
  const item = items.find((one) => one.id === id);
  return item.label;
}

module.exports = { labelOf };
`;
const mended = source.replace('item.label', 'item?.label');
const esm = (text: string) => text.replace('module.exports =', 'export').replace(`'use strict';\n`, '');
const waits = (ms: number) =>
  `require('node:test').test('waits', (_, done) => void setTimeout(done, ${ms}));\n`;
const asks = (call: string, answer: string) => `'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { labelOf } = require('../labels.js');

test('asks', () => {
  assert.equal(${call}, ${answer});
});
`;
const known = `labelOf([{ id: 'a', label: 'A' }], 'a')`;

const files = {
  'package.json': JSON.stringify({ name: 'till', private: true, scripts: { test: 'node --test' } }),
  'labels.js': source,
  'old.js': '',
  'test/labels.test.js': asks(known, `'A'`),
  'test/slow.test.js': waits(100_000),
};

const facts = {
  file: 'labels.js',
  at: 'item.^label',
  message: "Cannot read properties of undefined (reading 'label')",
  function: 'labelOf',
};
/** No test of ours crashes with that. */
const otherCrash = { ...facts, message: 'the shelf is full' };

function writer(write: (dir: string) => void): Fixer {
  return {
    name: 'writer',
    fix: (_task, dir) => {
      write(dir);
      const description = { summary: 'a', strategy: 'b', symptom: null, rootCause: 'c', change: 'd' };
      return Promise.resolve({ outcome: 'changed', description });
    },
  };
}

const writes = (text: string) => writer((dir) => writeFileSync(path.join(dir, 'labels.js'), text));

async function climb(climbing: Partial<Climbing>) {
  const result = await climbIn({ files, facts, fixer: writes(mended), cheapMs: 3_000, ...climbing });
  const rows = result.ladder.filter(({ step }) => /^(?:npm|checks|proof)/.test(step));
  return { ...result, rows: rows.map(({ step, result: how, detail }) => `${step} | ${how} | ${detail}`) };
}

const instead =
  'npm test | skipped | All tests take more than 3 seconds here; those that reach the changed file ran instead.';
const unproven = expect.stringMatching(/^proof \| failed \| no check says anything about this change/);

describe('a suite that takes too long', () => {
  it('is left out with the change, and its tests that reach the change prove it', async () => {
    const { outcome, rows, ladder, ...rest } = await climb({});
    expect(rows).toEqual([
      'checks at the base | passed | npm test: more than 3 seconds',
      instead,
      'checks at the base | passed | npm test, related to 1 file: 1 passed',
      'npm test, related to 1 file | passed | Passed before and after the change.',
    ]);
    expect(outcome).toBe('fixed');
    // The test that was written for it is among them.
    expect(rest).toMatchObject({ files: ['labels.js', 'test/labels.test.js'] });
    expect(ladder.at(-1)).toMatchObject({ step: 'reproduced', result: 'passed' });
  });

  it('is known to be so the next time, which the rows say', async () => {
    const { outcome, rows } = await climb({ again: true });
    expect(rows).toEqual([
      'checks at the base | passed | npm test: more than 3 seconds, known from an earlier run',
      'npm test | skipped | All tests take more than 3 seconds here, as an earlier run showed; those that reach the changed file ran instead.',
      'checks at the base | passed | npm test, related to 1 file: 1 passed, known from an earlier run at this commit',
      'npm test, related to 1 file | passed | Passed before and after the change.',
    ]);
    expect(outcome).toBe('fixed');
  });

  it('does not let through what breaks one of them', async () => {
    const { outcome, rows } = await climb({ fixer: writes(source.replace('item.label', '"none"')) });
    expect(outcome).toBe('failed');
    expect(rows.at(-1)).toBe('npm test, related to 1 file | failed | The change causes 1 new failure.');
  });

  it('with no test that reaches the change proves nothing', async () => {
    const { 'test/labels.test.js': _, ...others } = files;
    const none =
      'npm test, related to 1 file | skipped | No test reaches the changed file, so this proves nothing.';
    const base = 'checks at the base | passed | npm test, related to 1 file: no test';
    const unseen = await climb({ files: others, facts: otherCrash });
    expect(unseen.rows.slice(1)).toEqual([instead, base, none, unproven]);
    expect(unseen.outcome).toBe('failed');
    // Where a test of ours shows the crash, that proves it.
    const shown = await climb({ files: others });
    expect(shown).toMatchObject({ outcome: 'fixed', reproduced: true });
    expect(shown.rows.slice(1)).toEqual([instead, base, none]);
  });

  it('says nothing good of a change whose own new test fails', async () => {
    const { 'test/labels.test.js': _, ...others } = files;
    const fixer = writer((dir) => {
      writeFileSync(path.join(dir, 'labels.js'), mended);
      writeFileSync(path.join(dir, 'test/new.test.js'), asks(known, `'B'`));
    });
    const { outcome, rows } = await climb({ files: others, fixer });
    expect(outcome).toBe('failed');
    expect(rows.at(-1)).toBe('npm test, related to 2 files | failed | The change causes 1 new failure.');
  });

  it('is run as a whole where nobody can say which tests reach the change', async () => {
    const fixer = writer((dir) => {
      writeFileSync(path.join(dir, 'labels.js'), mended);
      rmSync(path.join(dir, 'old.js'));
    });
    const slower = { ...files, 'test/slow.test.js': waits(4_000) };
    const { outcome, rows } = await climb({ files: slower, fixer });
    expect(rows).toEqual([
      'checks at the base | passed | npm test: more than 3 seconds',
      'checks at the base | passed | npm test: 2 passed',
      'npm test | passed | Passed before and after the change.',
    ]);
    expect(outcome).toBe('fixed');
  });

  it('of vitest is narrowed by vitest, and a test that came with the change alone proves nothing', async () => {
    const slow = `import { it } from 'vitest';\nit('waits', () => new Promise((done) => setTimeout(done, 100_000)), 200_000);\n`;
    const ofVitest = {
      'package.json': JSON.stringify({
        name: 'till',
        private: true,
        type: 'module',
        scripts: { test: 'vitest run' },
      }),
      'labels.js': esm(source),
      'far.js': `export { labelOf as far } from './labels.js';\n`,
      'slow.test.js': slow,
    };
    const reaching = `import { expect, it } from 'vitest';\nimport { far } from './far.js';\nit('far', () => expect(far([{ id: 'a', label: 'A' }], 'a')).toBe('A'));\n`;
    const shared = { facts: otherCrash, fixer: writes(esm(mended)) };
    const { rows } = await climb({ ...shared, files: { ...ofVitest, 'far.test.js': reaching } });
    expect(rows.at(-1)).toBe('npm test, related to 1 file | passed | Passed before and after the change.');
    const withTest = writer((dir) => {
      writeFileSync(path.join(dir, 'labels.js'), esm(mended));
      writeFileSync(path.join(dir, 'far.test.js'), reaching);
    });
    const alone = await climb({ ...shared, files: ofVitest, fixer: withTest });
    expect(alone.rows.slice(-2)).toEqual([
      'npm test, related to 2 files | skipped | No test that was there before reaches the changed files, so this proves nothing.',
      unproven,
    ]);
    expect(alone.outcome).toBe('failed');
  });
});
