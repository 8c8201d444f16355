// Where nothing could fix a crash, nobody waits for an install and for every test to hear so.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Fixer, Refused } from '../../src/ports.ts';
import { climbIn } from './reproduce-stage.ts';

vi.setConfig({ testTimeout: 120_000 });

const source = `'use strict';\n\nmodule.exports.first = (list) => list[0].name;\n`;
const mended = source.replace('list[0].name', 'list[0]?.name');

const facts = {
  file: 'list.js',
  at: '[0].^name',
  message: "Cannot read properties of undefined (reading 'name')",
  function: 'first',
};

const no: Refused = { outcome: 'refused', tried: [{ what: 'refuser', why: 'It is not for me.' }] };

const refuser: Fixer = {
  name: 'refuser',
  fix: () => Promise.resolve(no),
  foresee: () => Promise.resolve({ result: no, write: () => Promise.resolve(true) }),
};

const writer: Fixer = {
  name: 'writer',
  fix: (_task, dir) => {
    writeFileSync(path.join(dir, 'list.js'), mended);
    const description = { summary: 'a', strategy: 'b', symptom: null, rootCause: 'c', change: 'd' };
    return Promise.resolve({ outcome: 'changed', description });
  },
};

const passes = `require('node:test').test('first', () => require('../list.js').first([{ name: 'a' }]));\n`;

function filesWith(manifest: object, test = passes): Record<string, string> {
  return {
    'package.json': JSON.stringify({ name: 'list', private: true, ...manifest }),
    'list.js': source,
    'test/list.test.js': test,
  };
}

const rowsOf = (ladder: readonly { step: string; result: string }[]): string[] =>
  ladder.map(({ step, result }) => `${step}: ${result}`);

const refusedAtOnce = [
  'clean worktree: passed',
  'checks at the base: skipped',
  'refuser: skipped',
  'change: failed',
];

it('ends the checks at the base when the only fixer refuses meanwhile', async () => {
  const endless = filesWith({ scripts: { test: 'node -e "setInterval(() => undefined, 1000)"' } });
  const result = await climbIn({ files: endless, facts, fixers: [refuser] });
  expect(result).toMatchObject({ outcome: 'refused', reason: 'refuser: It is not for me.' });
  expect(rowsOf(result.ladder)).toEqual(refusedAtOnce);
});

it('installs nothing when every fixer declines beforehand', async () => {
  const files = filesWith({
    scripts: { test: 'node --test' },
    dependencies: { missing: 'file:./is-not-there.tgz' },
  });
  const declining = { ...refuser, decline: () => Promise.resolve(no) };
  const result = await climbIn({ files, facts, fixers: [declining], install: true });
  expect(result).toMatchObject({ outcome: 'refused', reason: 'refuser: It is not for me.' });
  expect(rowsOf(result.ladder)).toEqual(refusedAtOnce);
});

it('runs them to their end when another fixer may go on', async () => {
  const declining = { ...refuser, decline: () => Promise.resolve(no) };
  const result = await climbIn({
    files: filesWith({ scripts: { test: 'node --test' } }),
    facts,
    fixers: [declining, writer],
  });
  expect(result.outcome).toBe('fixed');
  expect(rowsOf(result.ladder)).toContain('checks at the base: passed');
  expect(rowsOf(result.ladder)).toContain('npm test: passed');
});

it('tries a fixer that cannot say beforehand', async () => {
  const unsure: Fixer = {
    ...writer,
    decline: () => Promise.reject(new Error('It fell over.')),
    foresee: () => Promise.reject(new Error('It fell over.')),
  };
  const files = filesWith({ scripts: { test: 'node --test' } });
  expect((await climbIn({ files, facts, fixers: [unsure] })).outcome).toBe('fixed');
});

it('takes no change unchecked from a fixer that declined, not even one that a test proves', async () => {
  const shows = `require('node:test').test('no row', () => require('../list.js').first([]));\n`;
  const fickle: Fixer = {
    ...writer,
    decline: () => Promise.resolve(no),
    fix: (task, dir) => {
      writeFileSync(path.join(dir, 'test/none.test.js'), shows);
      return writer.fix(task, dir);
    },
  };
  const files = filesWith({ scripts: { test: 'node --test' } });
  const result = await climbIn({ files, facts, fixers: [fickle] });
  expect(result.outcome).toBe('failed');
  expect('reason' in result && result.reason).toMatch(/^checks at the base: they were left out/);
});
