// Marks of many pull requests by one query, against the stand-in: in doubt there is none, and what cannot be asked says so.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { Later, Refusal } from '../../src/domain/failure.ts';
import type { GitHubWorld } from '../world/github/start.ts';
import { place, shop, startInstalled, type Installed } from './github-installed.ts';

let scene: Installed;
let numbers: number[];

beforeAll(async () => {
  scene = await startInstalled();
  addCi(scene.world);
  numbers = await addPulls(scene.world, 45);
});
afterAll(() => scene.stop());

function addCi(world: GitHubWorld): void {
  world.addApp({ slug: 'ci', permissions: { checks: 'write' }, events: [], webhookSecret: 'x' });
  world.install('ci', 'acme', ['shop']);
}

let branch = 0;

/** With green checks of another app on each. */
async function addPulls(
  world: GitHubWorld,
  count: number,
  how: { checks?: number; untried?: boolean } = {},
): Promise<number[]> {
  const { checks = 1, untried = false } = how;
  const branches = Array.from({ length: count }, () => `sentry/SHOP-${(branch += 1)}`);
  const names = Array.from({ length: checks }, (_, index) => `check ${index}`);
  const given = { branches, author: 'root', checks: { app: 'ci', names }, untried };
  return (await world.addStandingPulls('acme/shop', given)).map(({ number }) => number);
}

const read = (wanted = numbers) => scene.github.host.readPullMarks(shop, wanted);

function asked(): number {
  return scene.world.requests.filter(({ path }) => path === '/graphql').length;
}

test('costs a query for forty, and leaves out what is not there', async () => {
  await scene.github.host.readRepository(shop);
  const before = asked();
  const marks = await read([...numbers, 5_000]);
  expect(asked() - before).toBe(2);
  expect([...marks.keys()].toSorted((a, b) => a - b)).toEqual(numbers);
  expect(new Set(marks.values()).size).toBe(45);
  expect(await read()).toEqual(marks);
});

test('changes for the one whose check ended otherwise under the same name, and for no other', async () => {
  const before = await read();
  const [number = 0] = numbers;
  const { octokit: ci } = await scene.world.asInstallation('ci', 'acme');
  const head = (await scene.github.host.readPullRequest(shop, number))?.headSha ?? '';
  const run = (await scene.github.host.readChecks(shop, head)).runs[0];
  await ci.rest.checks.update({ ...place, check_run_id: run?.id ?? 0, conclusion: 'failure' });
  const after = await read();
  expect(numbers.filter((one) => before.get(one) !== after.get(one))).toEqual([number]);
});

test('has none for one with more checks than a page holds', async () => {
  const [[full = 0], [over = 0]] = [
    await addPulls(scene.world, 1, { checks: 100 }),
    await addPulls(scene.world, 1, { checks: 101 }),
  ];
  expect([...(await read([full, over])).keys()]).toEqual([full]);
});

test('has none while GitHub does not know whether it merges', async () => {
  const untried = await addPulls(scene.world, 1, { untried: true });
  expect((await read(untried)).size).toBe(0);
  await scene.github.host.readPullRequest(shop, untried[0] ?? 0);
  expect((await read(untried)).size).toBe(1);
});

test('throws what a person can act on, or what is tried again', async () => {
  const post = { method: 'POST', path: /^\/graphql$/, times: 1 };
  scene.world.fail({ ...post, status: 502 });
  await expect(read()).rejects.toBeInstanceOf(Later);
  const lacking = await startInstalled(undefined, true, undefined, ['checks']);
  try {
    addCi(lacking.world);
    const marks = lacking.github.host.readPullMarks(shop, await addPulls(lacking.world, 2));
    await expect(marks).rejects.toThrow('GitHub does not let Suture ask which pull requests have changed');
    await expect(marks).rejects.toBeInstanceOf(Refusal);
  } finally {
    await lacking.stop();
  }
});
