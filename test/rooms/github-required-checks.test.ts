// Which checks a branch asks for, read from the stand-in as an app that may read metadata and contents only.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { place, shop, startInstalled, type Installed } from './github-installed.ts';

let scene: Installed;
const name = 'acme/shop';

beforeAll(async () => {
  scene = await startInstalled();
  const root = scene.world.as('root');
  const { data: main } = await root.rest.git.getRef({ ...place, ref: 'heads/main' });
  for (const branch of ['classic', 'hidden', 'both', 'workflow', 'free'])
    await root.rest.git.createRef({ ...place, ref: `refs/heads/${branch}`, sha: main.object.sha });
});
afterAll(() => scene.stop());

const read = (branch: string) => scene.github.host.readRequiredChecks(shop, branch);

test('rulesets name checks, and the app they must come from', async () => {
  scene.world.protectBranch(name, 'ruled', { requiredChecks: ['test', { name: 'build', appId: 7 }] });
  expect(await read('ruled')).toEqual([
    { name: 'test', appId: null },
    { name: 'build', appId: 7 },
  ]);
});

test('classic protection is told by the branch itself', async () => {
  scene.world.protectClassically(name, 'classic', { requiredChecks: ['lint', { name: 'types', appId: 9 }] });
  expect(await read('classic')).toEqual([
    { name: 'lint', appId: null },
    { name: 'types', appId: 9 },
  ]);
});

test('both together count once each', async () => {
  scene.world.protectBranch(name, 'both', { requiredChecks: ['test'] });
  scene.world.protectClassically(name, 'both', { requiredChecks: ['test', 'lint'] });
  expect(await read('both')).toEqual([
    { name: 'test', appId: null },
    { name: 'lint', appId: null },
  ]);
});

test('what only administrators may read is not known, and no error', async () => {
  scene.world.protectClassically(name, 'hidden', { requiredChecks: ['secret'], told: false });
  expect(await read('hidden')).toEqual([]);
  const refused = scene.world.requests.filter(({ path }) =>
    path.endsWith('/protection/required_status_checks'),
  );
  expect(refused.map(({ status }) => status)).toEqual([403]);
});

test('a rule that asks for what has no name makes everything count', async () => {
  scene.world.protectBranch(name, 'workflow', { requiredChecks: ['test'], requiredWorkflow: 'guard.yml' });
  expect(await read('workflow')).toEqual([]);
});

test('a branch without rules, and one that is not there, ask for nothing', async () => {
  expect(await read('free')).toEqual([]);
  expect(await read('nowhere')).toEqual([]);
});

test('the answer is kept: asking for the same branch again costs nothing', async () => {
  await read('free');
  const before = scene.world.requests.length;
  for (let again = 0; again < 5; again += 1) await read('free');
  expect(scene.world.requests.length).toBe(before);
});

test('a failure is not kept', async () => {
  scene.world.fail({ method: 'GET', path: /\/rules\/branches\/flaky$/, status: 502, times: 2 });
  await expect(read('flaky')).rejects.toThrow('answered 502');
  expect(await read('flaky')).toEqual([]);
});

test('a run tells its app, suite and times; a status the app whose picture stands beside it', async () => {
  const app = scene.world.addApp({
    slug: 'ci',
    permissions: { checks: 'write', statuses: 'write' },
    events: [],
    webhookSecret: 'x',
  });
  scene.world.install('ci', 'acme', ['shop']);
  const { octokit } = await scene.world.asInstallation('ci', 'acme');
  const root = scene.world.as('root');
  const sha = (await root.rest.git.getRef({ ...place, ref: 'heads/main' })).data.object.sha;
  await octokit.rest.checks.create({ ...place, name: 'test', head_sha: sha, conclusion: 'success' });
  await octokit.rest.repos.createCommitStatus({ ...place, sha, context: 'by app', state: 'success' });
  await root.rest.repos.createCommitStatus({ ...place, sha, context: 'by hand', state: 'success' });
  const { runs, statuses } = await scene.github.host.readChecks(shop, sha);
  expect(runs).toMatchObject([
    {
      name: 'test',
      app: { id: app.appId, slug: 'ci' },
      suite: expect.any(Number),
      startedAt: expect.any(Number),
      completedAt: expect.any(Number),
    },
  ]);
  const apps = new Map(statuses.map(({ context, appId }) => [context, appId]));
  expect(Object.fromEntries(apps)).toEqual({ 'by app': app.appId, 'by hand': null });
});
