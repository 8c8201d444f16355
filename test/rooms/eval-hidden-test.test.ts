// How the test of a project's own fix is run against ours: what is asked of its runner, and what its answers mean.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { judge } from '../../eval/hidden-test.ts';

const dir = mkdtempSync(join(tmpdir(), 'suture-hidden-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Judges with a runner that answers in turn: with the change, then at the base. */
async function judged(framework: string, answers: readonly boolean[]) {
  const commands: (readonly string[])[] = [];
  const left = [...answers];
  type Place = Parameters<typeof judge>[1];
  const place = {
    repository: { readText: async () => 'it()' },
    worktree: { dir, reset: async () => {} },
    checks: {
      run: async ({ command }: { command: readonly string[] }) => {
        commands.push(command);
        return { passed: left.shift() };
      },
    },
  } as unknown as Place;
  const files = [{ path: 'test/a.js', at: 'fix:test/a.js' }];
  const said = await judge({ framework, files, verified: true }, place);
  return { said, commands };
}

it('gives a test more time than a busy machine takes', async () => {
  expect((await judged('mocha', [true, false])).commands).toEqual([
    ['mocha', '--timeout', '60000', 'test/a.js'],
    ['mocha', '--timeout', '60000', 'test/a.js'],
  ]);
});

it('tells green, red and what says nothing apart', async () => {
  expect((await judged('mocha', [true, false])).said).toBe('green');
  expect((await judged('mocha', [false, false])).said).toBe('red');
  expect((await judged('mocha', [true, true])).said).toEqual({
    unknown: 'its test does not fail at the base here',
  });
  expect((await judged('ava', [true, false])).said).toEqual({ unknown: 'tests of ava are not run here' });
});
