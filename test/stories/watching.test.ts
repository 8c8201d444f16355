// After a resolution: whether the problem stays gone is looked at for some days, said on the triage issue, and known to
// the next attempt. The days are seconds here; the settings allow it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitFile } from '../world/commit-file.ts';
import type { RunningSuture } from '../world/suture.ts';
import { place, until, type PullRequest, type World } from '../world/world.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { pullOf, quiet, resolved, section, tick, triageIssueWith } from './steps.ts';

const repository = `${place.owner}/${place.repo}`;

describe('after the resolution', () => {
  let world: World;
  let suture: RunningSuture;
  let pull: PullRequest;
  let shortId: string;

  beforeAll(async () => {
    world = await startKiosk();
    suture = await world.start();
  });
  afterAll(() => world.close());

  /** A turn of the timer: there is one at every start. */
  async function turn(): Promise<void> {
    await suture.stop();
    suture = await world.start();
    await quiet(world);
  }

  async function fixedAt(shelf: number): Promise<{ shortId: string; pull: PullRequest }> {
    const id = await crashAt(world, shelf, { release: 'kiosk@1.0.0' });
    await tick(world, id);
    const made = await pullOf(world, id);
    await world.ci.idle();
    await world.merge(made.number);
    await resolved(world, id);
    return { shortId: id, pull: made };
  }

  it('waits for the next release, which brings the fix', async () => {
    ({ shortId, pull } = await fixedAt(1));
    const issue = await triageIssueWith(
      world,
      'Watched from the next release on: 1 event in the 14 days before',
    );
    expect(issue.body).toContain(`- **${shortId}** · fixed ✅`);
  });

  it('looks rarely: a turn of the timer right afterwards asks nothing about it', async () => {
    const id = world.problems().find((problem) => problem.shortId === shortId)?.id ?? '';
    const asked = () => world.sentry.requests.filter(({ path }) => path.endsWith(`/issues/${id}/`)).length;
    const before = asked();
    await turn();
    expect(asked()).toBe(before);
  });

  it('lists it again, marked, when it comes back in that release', async () => {
    world.sentry.createRelease({ org: 'lantern', project: 'shop', version: 'kiosk@1.1.0' });
    expect(await crashAt(world, 1, { release: 'kiosk@1.1.0' })).toBe(shortId);
    const issue = await triageIssueWith(world, `- [ ] **${shortId}**`);
    const line = section(await triageIssueWith(world, 'It came back: '), 'Waiting for you');
    expect(line).toContain(`↩ back after [pull request ${pull.number}](${pull.url}) was merged`);
    expect(line).toContain('(tried: T1 non-null assertion · `src/shelf-1.ts`)');
    expect(issue.body).toContain(' ↩ |');
  });

  it('tells the next attempt what was tried and why it did not hold', async () => {
    const dir = world.github.repositoryDirectory(repository);
    // The guard is lost again, as by a bad merge: the same template finds the same place.
    const { data } = await world.github.as('mia').rest.repos.getContent({ ...place, path: 'src/shelf-2.ts' });
    const text = 'content' in data ? Buffer.from(data.content, 'base64').toString('utf8') : '';
    commitFile(dir, { path: 'src/shelf-1.ts', text: text.replaceAll('label2', 'label1') });
    await world.setBox(shortId, true);
    const next = await until('another pull request', async () =>
      (await world.pulls()).find(({ number }) => number > pull.number),
    );
    const tried = next.body.split('What was tried before')[1]?.split('</details>')[0] ?? '';
    expect(tried).toContain(
      `[pull request ${pull.number}](${pull.url}) · T1 non-null assertion · \`src/shelf-1.ts\``,
    );
    expect(tried).toContain('It came back: ');
  });

  it('says so when it stayed gone for as long as the repository wants', async () => {
    const dir = world.github.repositoryDirectory(repository);
    commitFile(dir, { path: '.github/sentry.yml', text: 'watch-days: 0.00001\n' });
    const fixed = await fixedAt(3);
    await triageIssueWith(world, `**${fixed.shortId}** · fixed ✅`);
    world.sentry.createRelease({ org: 'lantern', project: 'shop', version: 'kiosk@1.2.0' });
    // One turn reads the settings, one meets the release, one finds that the time is over.
    for (let turns = 0; turns < 3; turns += 1) await turn();
    const issue = await triageIssueWith(world, 'Gone since kiosk@');
    // A release is no mention: what would make one of it is parted by a character without width.
    expect(issue.body.replaceAll('&#8203;', '')).toContain(
      'Gone since kiosk@1.2.0: 1 event in the 14 days before, 0 in 1 day since',
    );
  });
});
