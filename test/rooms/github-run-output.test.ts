// What CI says about a failure, as far as the app may read it: output, annotations, the end of an Actions job's log.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { place, shop, startInstalled, type Installed } from './github-installed.ts';

const name = 'acme/shop';
const at = '2026-11-25T10:00:00.0000000Z ';
const log = [
  `${at}##[group]Run npm test`,
  `${at}not ok 1 - totals an empty cart`,
  `${at}##[error]Process completed with exit code 1.`,
  `${at}Post job cleanup.`,
].join('\n');

type Scene = Installed & { run(): Promise<number> };

async function start(actions: boolean): Promise<Scene> {
  const scene = await startInstalled(undefined, actions);
  const permissions = { checks: 'write' } as const;
  scene.world.addApp({ slug: 'github-actions', permissions, events: [], webhookSecret: 'x' });
  scene.world.install('github-actions', 'acme', ['shop']);
  const { octokit } = await scene.world.asInstallation('github-actions', 'acme');
  const root = scene.world.as('root').rest;
  const sha = (await root.git.getRef({ ...place, ref: 'heads/main' })).data.object.sha;
  const run = async (): Promise<number> => {
    const remark = { path: 'src/cart.ts', start_line: 3, end_line: 3, annotation_level: 'failure' } as const;
    const { data } = await octokit.rest.checks.create({
      ...place,
      name: 'test',
      head_sha: sha,
      conclusion: 'failure',
      output: { title: 'Tests', summary: '1 failed', annotations: [{ ...remark, message: 'got 3' }] },
    });
    return data.id;
  };
  return { ...scene, run };
}

let may: Scene;
let mayNot: Scene;

beforeAll(async () => {
  [may, mayNot] = await Promise.all([start(true), start(false)]);
});
afterAll(() => Promise.all([may.stop(), mayNot.stop()]));

test('output, annotations, and the log up to its last error', async () => {
  const run = await may.run();
  may.world.setJobLog(name, run, log);
  expect(await may.github.host.readRunOutput(shop, run)).toBe(
    [
      'Tests\n1 failed',
      'src/cart.ts:3: got 3',
      'Run npm test\nnot ok 1 - totals an empty cart\nProcess completed with exit code 1.',
    ].join('\n\n'),
  );
});

test('the token is not shown to where the log lies', async () => {
  const read = may.world.requests.filter(({ path }) => path.startsWith('/_logs/'));
  expect(read.map(({ actor, status }) => [actor, status])).toEqual([['nobody', 200]]);
});

test('without the permission for logs, and without a log, the rest is told', async () => {
  const run = await mayNot.run();
  mayNot.world.setJobLog(name, run, log);
  expect(await mayNot.github.host.readRunOutput(shop, run)).toBe('Tests\n1 failed\n\nsrc/cart.ts:3: got 3');
  expect(await may.github.host.readRunOutput(shop, await may.run())).toBe(
    'Tests\n1 failed\n\nsrc/cart.ts:3: got 3',
  );
});

test('a log that cannot be fetched is no failure', async () => {
  const run = await may.run();
  may.world.setJobLog(name, run, log);
  may.world.fail({ method: 'GET', path: /^\/_logs\//, status: 500, times: 1 });
  expect(await may.github.host.readRunOutput(shop, run)).toBe('Tests\n1 failed\n\nsrc/cart.ts:3: got 3');
});
