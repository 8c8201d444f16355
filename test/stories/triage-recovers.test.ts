// What a maintainer did while Suture was down, or before they noticed a mistake, counts afterwards.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { commitFile } from '../world/commit-file.ts';
import type { RunningSuture } from '../world/suture.ts';
import { people, place, startWorld, until, type World } from '../world/world.ts';
import { triageIssueWith } from './steps.ts';

let world: World;
let suture: RunningSuture;
let issue: number;

const settings = (text: string): string =>
  commitFile(world.github.repositoryDirectory(`${place.owner}/${place.repo}`), {
    path: '.github/sentry.yml',
    text,
  });

beforeAll(async () => {
  world = await startWorld();
  world.sentry.addSyntheticIssues({ org: 'lantern', project: 'shop', count: 7, title: 'Broken page' });
  settings('limits:\n  files: many\n');
  suture = await world.start();
  issue = (await until('the triage issue', () => world.triageIssue())).number;
});
afterAll(() => world.close());

async function lastComment(): Promise<{ id: number; body: string }> {
  const { data } = await world.github
    .as(people.maintainer)
    .rest.issues.listComments({ ...place, issue_number: issue, per_page: 100 });
  const last = data.at(-1);
  return { id: last?.id ?? 0, body: last?.body ?? '' };
}

it('a box in an answer, ticked while Suture was down, starts what it stands for, once', async () => {
  await world.comment(issue, '/sentry fix all');
  const asked = await until('the question', async () => {
    const last = await lastComment();
    return last.body.includes('That is 7 Sentry issues') ? last : null;
  });
  await suture.stop();
  const ticked = asked.body.replace('- [ ]', '- [x]');
  await world.github
    .as(people.maintainer)
    .rest.issues.updateComment({ ...place, comment_id: asked.id, body: ticked });
  suture = await world.start();
  const answer = await until('the confirmation', async () => {
    const last = await lastComment();
    return last.body.startsWith('Confirmed by mia: SHOP-1') ? last : null;
  });
  expect(answer.id).toBe(asked.id);
  await triageIssueWith(world, /### Needs a person(?:\n.*)*SHOP-7/);
  await suture.stop();
  suture = await world.start();
  await triageIssueWith(world, /refreshed/);
  expect((await lastComment()).body).toBe(answer.body);
});

it('a settings file that was mended is in force, and the complaint is gone', async () => {
  expect((await world.triageIssue())?.body).toContain('.github/sentry.yml line 2');
  settings('label: broken-in-production\nprotected-paths: [src/cart.ts]\n');
  await suture.stop();
  suture = await world.start();
  const mended = await triageIssueWith(world, /^(?![\s\S]*sentry\.yml line)/);
  expect(mended.number).toBe(issue);
  // The label is that of the next triage issue.
  await world.github
    .as(people.maintainer)
    .rest.issues.update({ ...place, issue_number: issue, state: 'closed' });
  world.sentry.addSyntheticIssues({ org: 'lantern', project: 'shop', count: 1, title: 'Another page' });
  await suture.stop();
  suture = await world.start();
  const { data } = await until('a fresh triage issue', async () => {
    const found = await world.github
      .as(people.maintainer)
      .rest.issues.listForRepo({ ...place, labels: 'broken-in-production' });
    return found.data.length > 0 ? found : null;
  });
  expect(data[0]?.body).toContain('Another page');
});
