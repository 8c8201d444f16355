// What becomes of a problem once its pull request has met people and CI.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { place, until, type PullRequest, type World } from '../world/world.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import {
  changesInSentry,
  commentsWith,
  pullOf,
  pullsOf,
  quiet,
  resolved,
  section,
  statusOf,
  tick,
  triageIssueWith,
} from './steps.ts';

const repository = `${place.owner}/${place.repo}`;

describe('after the pull request', () => {
  let world: World;
  let stubborn: string;

  beforeAll(async () => {
    world = await startKiosk();
    await world.start();
  });
  afterAll(() => world.close());

  async function proposed(
    shelf: number,
    release = 'kiosk@1.0.0',
  ): Promise<{ shortId: string; pull: PullRequest }> {
    const shortId = await crashAt(world, shelf, release === '' ? {} : { release });
    // What one person approves within minutes is summed up together; here each is told of by itself.
    const login = `keeper-${shelf}`;
    world.github.addUser(login);
    world.github.setRole(repository, login, 'write');
    await tick(world, shortId, login);
    const pull = await pullOf(world, shortId);
    return { shortId, pull };
  }

  it('resolves at once, and says so, where the project has no release', async () => {
    const { shortId, pull } = await proposed(1, '');
    await world.ci.idle();
    await world.merge(pull.number);
    await resolved(world, shortId);
    const bodies = world.sentry.requests.filter(({ method }) => method === 'PUT').map(({ body }) => body);
    expect(bodies).toEqual([
      { status: 'resolved', statusDetails: { inNextRelease: true } },
      { status: 'resolved' },
    ]);
    const note =
      'this project has no release in Sentry, so I resolved it at once and any later event reopens it';
    await triageIssueWith(world, `  - Sentry: resolved (${note})`);
    await commentsWith(world, `- Sentry: resolved; ${note}`);
  });

  it('tries again while Sentry cannot take the resolution', async () => {
    const { shortId, pull } = await proposed(2);
    stubborn = shortId;
    world.sentry.fail({ method: 'PUT', path: /\/issues\//, status: 503, times: 1 });
    await world.ci.idle();
    await world.merge(pull.number);
    await until('the failed try', () =>
      world.sentry.requests.some(({ method, status }) => method === 'PUT' && status === 503),
    );
    expect(statusOf(world, shortId)).toBe('unresolved');
    await triageIssueWith(world, 'CI ✅ 2 checks passed · merged, waiting for Sentry to take the resolution');
  });

  it('leaves Sentry alone when it was merged with red checks, and says why', async () => {
    world.ci.pretend('failure');
    const { shortId, pull } = await proposed(3);
    await world.ci.idle();
    const changes = changesInSentry(world);
    await world.merge(pull.number);
    const issue = await triageIssueWith(world, '### Needs a person');
    expect(section(issue, 'Needs a person')).toContain(
      `- **${shortId}** · [pull request ${pull.number}](${pull.url}) was merged, but `,
    );
    expect(section(issue, 'Needs a person')).toMatch(/(?:test|types).* failed\. Sentry was left as it is/);
    await quiet(world);
    await commentsWith(world, `I left ${shortId} in Sentry as it is`);
    expect([statusOf(world, shortId), changesInSentry(world)]).toEqual(['unresolved', changes]);
    world.ci.pretend('success');
  });

  it('leaves Sentry alone when it was closed, stays closed, and starts again on a new tick only', async () => {
    const { shortId, pull } = await proposed(4);
    await world.closePull(pull.number);
    const issue = await triageIssueWith(
      world,
      `[pull request ${pull.number}](${pull.url}) was closed without a merge; Sentry was left as it is; tick to try again`,
    );
    expect(issue.body).toContain(`- [ ] **${shortId}**`);
    await quiet(world);
    await commentsWith(world, 'was closed without a merge');
    expect(await pullsOf(world, shortId)).toHaveLength(1);
    await world.setBox(shortId, true);
    const second = await pullOf(world, shortId);
    expect(second.number).not.toBe(pull.number);
    expect(statusOf(world, shortId)).toBe('unresolved');
  });

  it('waits for checks that report only after the merge', async () => {
    world.ci.hold();
    const { shortId, pull } = await proposed(5);
    await world.merge(pull.number);
    await triageIssueWith(world, 'merged, waiting for the checks of the merged change');
    await quiet(world);
    expect(statusOf(world, shortId)).toBe('unresolved');
    world.ci.release();
    await resolved(world, shortId);
  });

  it('resolves what Sentry could not take before, once', async () => {
    await resolved(world, stubborn);
    await quiet(world);
    const id = world.problems().find(({ shortId }) => shortId === stubborn)?.id ?? '';
    const tries = world.sentry.requests.filter(
      ({ method, path }) => method === 'PUT' && path.includes(`/${id}/`),
    );
    expect(tries.map(({ status }) => status)).toEqual([503, 200]);
    const issue = await triageIssueWith(world, `**${stubborn}** · fixed ✅`);
    const said = (await world.comments(issue.number)).filter(({ body }) =>
      body.includes(`**${stubborn} is fixed.**`),
    );
    expect(said).toHaveLength(1);
  });
});
