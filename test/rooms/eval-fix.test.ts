// `npm run eval -- fix` on a repository made here: what is right, wrong and refused is told apart by hidden tests.

import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';

const home = mkdtempSync(join(tmpdir(), 'suture-eval-test-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const source = `'use strict';

function first(list, cb) {
  list.load((err, res) => {
    const rows = res.rows;
    if (err) return cb(err);
    cb(null, rows[0]);
  });
}

function show(node, say) {
  say(node.title.text);
}

function size(node) {
  return node.range.end;
}

module.exports = { first, show, size };
`;

/** What people made of the first crash; for the others they wrote tests only. */
const lateCheck = `    const rows = res.rows;
    if (err) return cb(err);
`;
const inTime = `    if (err) return cb(err);

    const rows = res.rows;
`;

/** What the project's own fixes are tested by; they stand in a later commit only. */
const hidden = {
  first: `const failing = { load: (done) => done(new Error('down')) };
  lib.first(failing, (err) => assert.equal(err.message, 'down'));`,
  show: `let said = '';
  lib.show({}, (text) => (said = text));
  assert.equal(said, 'untitled');`,
  size: `assert.equal(lib.size({}), 0);`,
};

function testFile(body: string): string {
  return `const assert = require('node:assert');
const { test } = require('node:test');
const lib = require('../index.js');

test('it does not crash', () => {
  ${body}
});
`;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(home, file)), { recursive: true });
  writeFileSync(join(home, file), text);
}

function git(...args: string[]): string {
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
  return execFileSync('git', ['-C', join(home, 'work'), ...who, ...args], { encoding: 'utf8' }).trim();
}

function commit(message: string): string {
  git('add', '--all');
  git('commit', '--quiet', '-m', message);
  return git('rev-parse', 'HEAD');
}

function makeRepository(): { base: string; fix: string } {
  write(
    'work/package.json',
    JSON.stringify({ name: 'rows', private: true, scripts: { test: 'node --test' } }),
  );
  write('work/index.js', source);
  write(
    'work/test/base.test.js',
    testFile(`lib.show({ title: { text: 'a' } }, (text) => assert.equal(text, 'a'));`),
  );
  git('init', '--quiet', '--initial-branch=main');
  const base = commit('base');
  write('work/index.js', source.replace(lateCheck, inTime));
  for (const [name, body] of Object.entries(hidden)) write(`work/test/${name}.test.js`, testFile(body));
  const fix = commit('fix');
  execFileSync('git', ['clone', '--quiet', '--bare', join(home, 'work'), join(home, 'repos/owner+rows')]);
  return { base, fix };
}

function makeCase(
  name: keyof typeof hidden,
  code: string,
  { id = name, ...at }: { base: string; fix: string; /** Without a test, when another. */ id?: string },
): void {
  const lines = source.split('\n');
  const lineNo = lines.findIndex((line) => line.includes(code)) + 1;
  const line = lines[lineNo - 1] ?? '';
  const property = code.split('.').at(-1) ?? '';
  const colNo = line.indexOf(code) + code.lastIndexOf('.') + 2;
  const value = `Cannot read properties of undefined (reading '${property}')`;
  const frame = {
    filename: 'index.js',
    function: name,
    lineNo,
    colNo,
    inApp: true,
    context: [[lineNo, line]],
  };
  const exception = {
    type: 'TypeError',
    value,
    stacktrace: { frames: [{ ...frame, absPath: null, module: null }] },
  };
  const test = `test/${name}.test.js`;
  const one = {
    id,
    repo: 'owner/rows',
    baseCommit: at.base,
    fixCommit: at.fix,
    language: 'javascript',
    event: { frames: [{ function: name }] },
    sentryEvent: {
      id: '1',
      eventID: '1',
      platform: 'node',
      title: `TypeError: ${value}`,
      message: '',
      entries: [{ type: 'exception', data: { values: [exception] } }],
      tags: [],
    },
    truth: { files: ['index.js'], primary: null, frames: [] },
    test: { framework: 'node:test', files: [{ path: test, at: `${at.fix}:${test}` }], verified: id === name },
  };
  write(`cases/${id}.json`, JSON.stringify(one));
}

const answer = z.object({
  cases: z.array(z.object({ id: z.string(), verdict: z.string(), why: z.string() })),
});

it('tells right, wrong and refused apart', async () => {
  const at = makeRepository();
  makeCase('first', 'res.rows', at);
  makeCase('show', 'node.title.text', at);
  makeCase('size', 'node.range.end', at);
  makeCase('first', 'res.rows', { ...at, id: 'first-untested' });
  makeCase('show', 'node.title.text', { ...at, id: 'show-untested' });
  const main = join(import.meta.dirname, '../../eval/main.ts');
  const args = ['fix', '--cases', join(home, 'cases'), '--repos', join(home, 'repos'), '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args]);
  const verdicts = answer.parse(JSON.parse(stdout)).cases;
  expect(verdicts.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['first-untested', 'fixed'],
    ['first', 'fixed'],
    ['show-untested', 'not judged'],
    ['show', 'wrong'],
    ['size', 'refused'],
  ]);
  expect(verdicts[0]?.why).toContain('it is what people wrote');
  expect(verdicts[1]?.why).toContain('T8');
  expect(verdicts[3]?.why).toContain('T2');
  expect(verdicts[4]?.why).toContain('no caller of it is in this project');
});
