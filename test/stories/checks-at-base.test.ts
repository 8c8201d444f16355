// Repositories whose own checks fail, before the change or because of it.

import { afterEach, describe, expect, it } from 'vitest';
import type { World } from '../world/world.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { pullOf, section, tick, triageIssueWith } from './steps.ts';

let world: World;

afterEach(() => world.close());

function testFile(name: string, body: string): string {
  return [
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    "import { label2 } from '../src/shelf-2.ts';",
    '',
    `test('${name}', () => {`,
    `  ${body}`,
    '});',
    '',
  ].join('\n');
}

describe('checks of the target repository', () => {
  it('compares with what failed before, and does not blame the fix', async () => {
    const broken = testFile('was broken long before', "assert.equal(label2([], 'x'), 'never');");
    world = await startKiosk({ files: { 'test/broken.test.ts': broken } });
    await world.start();
    const shortId = await crashAt(world, 1);
    await tick(world, shortId);
    const pull = await pullOf(world, shortId);
    expect(pull.body).toMatch(
      /\| checks at the base \| ✓ npm test: 1 passed, 1 failed before this change too \|/,
    );
    expect(pull.body).toContain('| npm test | ✓ No new failure; 1 failure was there before the change. |');
  });

  it('proposes nothing that makes a passing test fail', async () => {
    const strict = testFile('wants to crash', "assert.throws(() => label2([], 'x'));");
    world = await startKiosk({ files: { 'test/strict.test.ts': strict } });
    await world.start();
    const shortId = await crashAt(world, 2);
    await tick(world, shortId);
    const issue = await triageIssueWith(world, '### Needs a person');
    expect(section(issue, 'Needs a person')).toMatch(/npm test: The change causes 1 new failure\./);
    expect(await world.pulls()).toEqual([]);
  });
});
