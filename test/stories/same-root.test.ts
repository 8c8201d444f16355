// Two problems with one root, the same class of exception in the same function of the same file, are one bug: one pull
// request closes both, and each is resolved by a request of its own.

import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunningSuture } from '../world/suture.ts';
import { until, type PullRequest, type World } from '../world/world.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { pullOf, pullsOf, quiet, resolved, section, statusOf, tick, triageIssueWith } from './steps.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

describe('two problems with one root', () => {
  let world: World;
  let suture: RunningSuture;
  const ids: string[] = [];
  let pull: PullRequest;

  beforeAll(async () => {
    world = await startKiosk();
    suture = await world.start();
    for (const fingerprint of ['one', 'two', 'three'])
      ids.push(await crashAt(world, 1, { release: 'kiosk@1.0.0', fingerprint: [fingerprint] }));
  });
  afterAll(() => world.close());

  const name = (index: number): string => ids[index] ?? '';

  /** The one open pull request; throws when there are two. */
  async function onlyPull(): Promise<PullRequest> {
    const open = (await world.pulls()).filter(({ state }) => state === 'open');
    expect(open).toHaveLength(1);
    return open[0]!;
  }

  it('makes one pull request of two approvals at once', async () => {
    await triageIssueWith(world, `- [ ] **${name(0)}**`);
    const issue = await triageIssueWith(world, `- [ ] **${name(1)}**`);
    await world.comment(issue.number, `/sentry fix ${name(0)},${name(1)}`);
    await triageIssueWith(world, 'Pull request open');
    await until('both to be listed', async () => {
      const body = (await world.pulls())[0]?.body ?? '';
      return [name(0), name(1)].every((id) => body.includes(id)) && body.includes('Closes as well');
    });
    await quiet(world);
    pull = await onlyPull();
    const open = section(await triageIssueWith(world, '(same cause as '), 'Pull request open');
    expect(open.match(new RegExp(`\\[pull request ${pull.number}\\]`, 'g'))).toHaveLength(2);
  });

  it('lets a third that is approved later join the open pull request', async () => {
    await tick(world, name(2));
    await until('it to be listed', async () => (await world.pulls())[0]?.body.includes(`[${name(2)}]`));
    await triageIssueWith(world, new RegExp(`\\*\\*${name(2)}\\*\\* · \\[pull request ${pull.number}\\]`));
    expect((await onlyPull()).number).toBe(pull.number);
  });

  it('knows all three again when the database is lost', async () => {
    await suture.stop();
    await rm(path.join(world.dataDir, 'database'), { recursive: true, force: true });
    suture = await world.start();
    await quiet(world, 2_000);
    const open = section(await triageIssueWith(world, '### Pull request open'), 'Pull request open');
    expect(open.match(new RegExp(`\\[pull request ${pull.number}\\]`, 'g'))).toHaveLength(3);
    expect((await onlyPull()).number).toBe(pull.number);
  });

  it('resolves each by its own request after the merge', async () => {
    await world.ci.idle();
    await world.merge(pull.number);
    for (const id of ids) await resolved(world, id);
    await triageIssueWith(world, '<details><summary>Done (3)</summary>');
    const writes = world.sentry.requests.filter(({ method }) => method === 'PUT');
    const wanted = world.problems().map(({ id }) => id);
    const resolvedIds = writes.map((write) => /issues\/(\d+)\/$/.exec(write.path)?.[1]);
    expect(resolvedIds).toHaveLength(wanted.length);
    expect(new Set(resolvedIds)).toEqual(new Set(wanted));
  });

  it('leaves all of them alone when the pull request is closed, and starts one over on its own tick', async () => {
    const again = [];
    for (const fingerprint of ['four', 'five'])
      again.push(await crashAt(world, 2, { release: 'kiosk@1.0.0', fingerprint: [fingerprint] }));
    const [first = '', second = ''] = again;
    await tick(world, first);
    const refused = await pullOf(world, first);
    await tick(world, second);
    await until('it to be listed', async () => (await pullOf(world, first)).body.includes(`[${second}]`));
    await triageIssueWith(world, new RegExp(`\\*\\*${second}\\*\\* · \\[pull request ${refused.number}\\]`));
    await world.closePull(refused.number);
    await triageIssueWith(world, new RegExp(`- \\[ \\] \\*\\*${first}\\*\\*.* was closed without a merge`));
    await tick(world, second);
    const fresh = await pullOf(world, second);
    expect(fresh.branch).toContain(second.toLowerCase());
    expect(await pullsOf(world, first)).toHaveLength(1);
    expect([statusOf(world, first), statusOf(world, second)]).toEqual(['unresolved', 'unresolved']);
  });
});
