// The sample repository's CI on real pushes: green at the base, red for a failing test and for a type error.
// Must not judge what a fix does.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCi, type Ci, type CiResult } from '../world/ci.ts';
import { shopDir } from '../world/sentry/crashes.ts';

let root: string;
let clone: string;
let ci: Ci;
const reported: CiResult[] = [];

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
    cwd: clone,
    encoding: 'utf8',
  }).trim();

/** Commits one changed file on the default branch and pushes it; gives the commit. */
const push = (file: string, change: (text: string) => string): string => {
  const path = join(clone, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  git('commit', '--quiet', '--all', '-m', `change ${file}`);
  git('push', '--quiet', 'origin', 'HEAD:main');
  return git('rev-parse', 'HEAD');
};

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'suture-ci-test-'));
  clone = join(root, 'clone');
  cpSync(shopDir, clone, {
    recursive: true,
    filter: (path) => basename(path) !== 'node_modules',
  });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '-m', 'the shop');
  const bare = join(root, 'shop.git');
  git('clone', '--quiet', '--bare', '.', bare);
  git('remote', 'add', 'origin', bare);
  ci = await startCi({
    repository: bare,
    report: (result) => {
      reported.push(result);
    },
  });
});

afterAll(async () => {
  await ci.close();
  rmSync(root, { recursive: true, force: true });
});

const conclusions = (result: CiResult) =>
  Object.fromEntries(result.checks.map((check) => [check.name, check.conclusion]));

test('the shop passes at its base although it can crash', { timeout: 120_000 }, async () => {
  const sha = git('rev-parse', 'HEAD');
  const result = await ci.run(sha);
  expect(result.checks.map((check) => check.output).join('\n')).toMatch(/pass 15\n/);
  expect(result).toMatchObject({ sha, ok: true });
  expect(conclusions(result)).toEqual({ test: 'success', types: 'success' });
  expect(reported).toEqual([result]);
});

test('a broken test and a type error each turn their check red', { timeout: 120_000 }, async () => {
  const broken = push('src/shipping.ts', (text) =>
    text.replace('handlingFee: Cents = 250', 'handlingFee: Cents = 0'),
  );
  expect(conclusions(await ci.run(broken))).toEqual({ test: 'failure', types: 'success' });
  const untyped = push('src/money.ts', (text) => `${text}\nexport const one: Cents = 'one';\n`);
  const result = await ci.run(untyped);
  expect(conclusions(result)).toMatchObject({ types: 'failure' });
  expect(result.checks.find((check) => check.name === 'types')?.output).toContain('TS2322');
});

test('a commit that was never pushed fails with the reason', { timeout: 120_000 }, async () => {
  const result = await ci.run('0'.repeat(40));
  expect(result.ok).toBe(false);
  expect(result.checks[0]?.output).toContain('git checkout');
});
