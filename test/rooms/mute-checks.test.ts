// A check that fails the same before a change and with it says nothing of the change: something else must prove it.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Fixer } from '../../src/ports.ts';
import { climbIn } from './reproduce-stage.ts';

vi.setConfig({ testTimeout: 240_000 });

const source = `'use strict';\n\nmodule.exports.first = (list) => list[0].name;\n`;
const mended = source.replace('list[0].name', 'list[0]?.name');

const fixer: Fixer = {
  name: 'writer',
  fix: (_task, dir) => {
    writeFileSync(path.join(dir, 'list.js'), mended);
    return Promise.resolve({
      outcome: 'changed',
      description: {
        summary: 'An empty list is asked for nothing.',
        strategy: 'writer',
        symptom: 'It crashes.',
        rootCause: 'A list is empty.',
        change: 'It is asked.',
      },
    });
  },
};

const facts = {
  file: 'list.js',
  at: '[0].^name',
  message: "Cannot read properties of undefined (reading 'name')",
  function: 'first',
};

function climb(scripts: Record<string, string>) {
  const files = {
    'package.json': JSON.stringify({ name: 'list', private: true, scripts }),
    'list.js': source,
    'serve.js': `console.error('Error: no dist/index.html, after ' + process.uptime() + ' s');\nprocess.exitCode = 1;\n`,
    'test/list.test.js': `require('node:test').test('first', () => require('../list.js').first([{ name: 'a' }]));\n`,
  };
  return climbIn({ files, facts, fixer });
}

it('is no proof by itself', async () => {
  const result = await climb({ test: 'node serve.js' });
  expect(result.outcome).toBe('failed');
  expect(result.ladder.map(({ step, result: how }) => `${step} ${how}`)).toContain('npm test skipped');
  expect('reason' in result && result.reason).toMatch(
    /so nothing proves the change\. Name checks that work here as `checks` in `\.github\/sentry\.yml`, then write `\/sentry retry` with the issue's short id\.$/,
  );
});

it('stands in no way of a part of it that says something', async () => {
  const result = await climb({ test: 'node serve.js', unit: 'node --test' });
  expect(result.ladder.map(({ step, result: how }) => `${step} ${how}`)).toEqual([
    'clean worktree passed',
    'checks at the base passed',
    'change passed',
    'policy passed',
    'npm test skipped',
    'npm run unit passed',
    expect.stringMatching(/^reproduced /),
  ]);
  expect(result.outcome).toBe('fixed');
});
