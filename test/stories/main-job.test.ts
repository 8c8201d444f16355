// The main job, from a crash to "resolved", as people meet it: real processes, real HTTP, real git, a real SDK.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, until, type World } from '../world/world.ts';
import type { RunningSuture } from '../world/suture.ts';

describe('from a crash to resolved', () => {
  let world: World;
  let suture: RunningSuture;

  beforeAll(async () => {
    world = await startWorld();
    suture = await world.start();
  });
  afterAll(() => world.close());

  it('tells the whole story', async () => {
    await world.crash('related-product');
    const shortId = (await until('the problem', () => world.problems()[0])).shortId;
    const issue = await until('the triage issue', () => world.triageIssue());
    expect(issue.title).toBe('Sentry triage: shop');
    expect(issue.body).toContain(`- [ ] **${shortId}**`);
    await world.setBox(shortId, true);
    const pull = await until('the pull request', async () => (await world.pulls())[0], 25_000).catch(
      (error: unknown) => {
        throw new Error(`${String(error)}\n${suture.output()}`);
      },
    );
    expect(pull.title).toContain(shortId);
    await world.ci.idle();
    await world.merge(pull.number);
    await until('resolved', () => world.problems()[0]?.status === 'resolved');
  }, 120_000);
});
