// A repository that wants one pull request at a time, and no drafts: its settings say so, and the rest waits in sight.

import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { place, people, until, type World } from '../world/world.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { pullOf, pullsOf, quiet, section, tick, triageIssueWith } from './steps.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let world: World;

beforeAll(async () => {
  const settings = 'draft: false\nlimits:\n  open-pull-requests: 1\n';
  world = await startKiosk({ files: { '.github/sentry.yml': settings } });
  await world.start();
});
afterAll(() => world.close());

it('opens the first at once, without a draft, and the next when that one is done', async () => {
  const first = await crashAt(world, 1);
  const second = await crashAt(world, 2);
  await tick(world, first);
  const pull = await pullOf(world, first);
  const { data } = await world.github
    .as(people.maintainer)
    .rest.pulls.get({ ...place, pull_number: pull.number });
  expect(data.draft).toBe(false);
  await tick(world, second);
  const issue = await triageIssueWith(world, 'waits: 1 pull request is open');
  expect(section(issue, 'In work')).toMatch(
    new RegExp(
      `- \\[x\\] \\*\\*${second}\\*\\* · waits: 1 pull request is open · approved by mia, .* · untick to withdraw`,
    ),
  );
  await quiet(world);
  expect(await pullsOf(world, second)).toEqual([]);
  await world.closePull(pull.number);
  const next = await pullOf(world, second);
  expect(next.branch).toContain(second.toLowerCase());
  await until('nothing waits', async () => !(await world.triageIssue())?.body.includes('waits: '));
});
