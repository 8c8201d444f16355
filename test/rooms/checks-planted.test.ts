// What a check may leave in its worktree for us to read: links that lead out, pipes that nobody writes to.

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChecks } from '../../src/checks/checks.ts';
import { readWithin } from '../../src/run/read-within.ts';
import { sandboxForChecks } from '../world/sandbox.ts';
import type { Log } from '../../src/ports.ts';

const silent = () => undefined;
const log: Log = { info: silent, warn: silent, error: silent, child: () => log };
const confined = await sandboxForChecks();
const { sandbox } = confined;
afterAll(() => confined.close());

let base: string;
let root: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'suture-planted-'));
  root = path.join(base, 'work');
  mkdirSync(root);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const checks = () => createChecks({ dataDir: path.join(base, 'data'), sandbox, installHosts: [], log });

function write(files: Record<string, string | object>): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** A check that does this to its worktree. */
const plant = (script: string) =>
  checks().run({ name: 'planter', kind: 'tests', command: ['sh', '-ec', script], dir: '.' }, root);

async function testsOfJest() {
  chmodSync(path.join(root, 'tools/jest'), 0o755);
  return (await checks().runOne('a.test.js', root)).tests;
}

describe('what a check has planted', () => {
  it.each([
    ['a link that leads out', 'ln -sfn "$OUT" "$NAME"'],
    ['a pipe', 'rm -f "$NAME"; mkfifo "$NAME"'],
    ['a folder', 'rm -f "$NAME"; mkdir "$NAME"'],
    ['a huge file', 'truncate -s 1G "$NAME"'],
  ])('is not read in the place of a file that says which checks there are: %s', async (_, script) => {
    const outside = path.join(base, 'outside.json');
    writeFileSync(outside, JSON.stringify({ scripts: { test: 'node --test', types: 'tsc --noEmit' } }));
    write({
      'package.json': { scripts: { test: 'node --test' } },
      'pyproject.toml': '[tool.pytest]\n',
      'tsconfig.json': {},
      'test/a.test.js': '',
    });
    for (const name of ['package.json', 'pyproject.toml', 'tsconfig.json'])
      expect(await plant(`NAME=${name} OUT=${outside}; ${script}`)).toMatchObject({ passed: true });
    expect(await checks().find(root, [])).toEqual([]);
    expect(await checks().runnerOf('test/a.test.js', root)).toBeNull();
    expect(readWithin(root, 'package.json')).toBeNull();
  });

  it.each([
    ['a link that leads out', (outside: string) => `fs.symlinkSync(${JSON.stringify(outside)}, report);`],
    ['a pipe', () => `require('node:child_process').execFileSync('mkfifo', [report]);`],
    ['a folder', () => `fs.mkdirSync(report); fs.writeFileSync(report + '/x', '');`],
  ])('is not taken for the report of a test run: %s', async (_, script) => {
    const forged = {
      testResults: [{ assertionResults: [{ title: 'shows it', status: 'passed', ancestorTitles: [] }] }],
    };
    const outside = path.join(base, 'outside.json');
    writeFileSync(outside, JSON.stringify(forged));
    const head = `#!/usr/bin/env node\nconst fs = require('node:fs');
      const report = process.argv.find((word) => word.startsWith('--outputFile=')).slice(13);\n`;
    const jest = (code: string) => {
      write({ 'package.json': { scripts: { test: 'jest' } }, 'tools/jest': head + code });
      mkdirSync(path.join(root, 'node_modules/.bin'), { recursive: true });
      rmSync(path.join(root, 'node_modules/.bin/jest'), { force: true });
      symlinkSync('../../tools/jest', path.join(root, 'node_modules/.bin/jest'));
    };
    // A report that lies there as a file is believed: it is the runner's word.
    jest(`fs.writeFileSync(report, ${JSON.stringify(JSON.stringify(forged))});`);
    expect(await testsOfJest()).toEqual([{ name: 'shows it', thrown: null }]);
    jest(script(outside));
    expect(await testsOfJest()).toEqual([]);
    expect(readFileSync(outside, 'utf8')).toContain('shows it');
  });

  it('may be a link that stays within', () => {
    write({ 'shared/package.json': { name: 'x' } });
    symlinkSync('shared/package.json', path.join(root, 'package.json'));
    expect(readWithin(root, 'package.json')).toBe('{"name":"x"}');
    expect(readWithin(root, '../outside.json')).toBeNull();
    expect(readWithin(root, 'shared/package.json', 3)).toBeNull();
  });
});
