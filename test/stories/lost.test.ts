// Suture is away for a while, or loses its database, and everything still happens once.

import { readdirSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunningSuture } from '../world/suture.ts';
import { until, type World } from '../world/world.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { pullOf, pullsOf, quiet, resolved, tick, triageIssueWith } from './steps.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 90_000 });

let world: World;
let suture: RunningSuture;

beforeAll(async () => {
  world = await startKiosk();
  suture = await world.start();
});
afterAll(() => world.close());

/** GitHub sends again to the address it knows. */
async function startAgain(): Promise<void> {
  suture = await world.start({ PORT: new URL(suture.url).port });
}

describe('while nobody listened', () => {
  it('a merge, a tick and a command happened, and each is heard once', async () => {
    const merged = await crashAt(world, 1);
    const ticked = await crashAt(world, 2);
    const commanded = await crashAt(world, 3);
    await tick(world, merged);
    const pull = await pullOf(world, merged);
    const issue = await triageIssueWith(world, `- [ ] **${ticked}**`);
    await quiet(world);
    await suture.stop();
    await world.merge(pull.number);
    await world.setBox(ticked, true);
    await world.comment(issue.number, `/sentry fix ${commanded}`);
    await world.github.deliveries.idle();
    await startAgain();
    await resolved(world, merged);
    await pullOf(world, ticked);
    await pullOf(world, commanded);
    await quiet(world);
    for (const shortId of [merged, ticked, commanded]) expect(await pullsOf(world, shortId)).toHaveLength(1);
    const said = await world.comments(issue.number);
    expect(said.filter(({ body }) => body.includes(commanded) && !body.startsWith('/sentry'))).toHaveLength(
      1,
    );
  });

  it('each failed delivery was asked for once', async () => {
    const again = world.github.deliveries
      .all()
      .filter(({ appSlug, redelivery }) => appSlug === 'suture' && redelivery)
      .map(({ guid }) => guid);
    expect(again.length).toBeGreaterThanOrEqual(3);
    expect(new Set(again).size).toBe(again.length);
    await suture.stop();
    await startAgain();
    await until('the look at the record', () =>
      world.github.requests.some(({ path }) => path === '/app/hook/deliveries'),
    );
    await quiet(world);
    const asked = world.github.requests.filter(({ path }) => path.endsWith('/attempts'));
    expect(asked).toHaveLength(again.length);
  });
});

describe('a database that was damaged', () => {
  it('is set aside, said, and rebuilt: what was proposed is resolved, and nothing is proposed twice', async () => {
    const before = await crashAt(world, 4);
    const after = await crashAt(world, 5);
    await tick(world, before);
    const pull = await pullOf(world, before);
    await quiet(world);
    await suture.kill();
    truncateSync(path.join(world.dataDir, 'db', 'global', 'pg_control'), 0);
    await startAgain();
    const [aside] = readdirSync(world.dataDir).filter((name) => name.startsWith('db.damaged-'));
    expect(suture.output()).toContain('the database was damaged; it is set aside');
    const ready = await fetch(`${suture.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      expect.objectContaining({
        notices: [expect.stringContaining(`The database was damaged and is set aside as ${aside}.`)],
      }),
    ]);
    await world.ci.idle();
    await world.merge(pull.number);
    await resolved(world, before);
    await tick(world, after);
    await pullOf(world, after);
    await quiet(world);
    for (const shortId of [before, after]) expect(await pullsOf(world, shortId)).toHaveLength(1);
    const issue = await triageIssueWith(world, `**${before}** · fixed ✅`);
    const said = (await world.comments(issue.number)).filter(({ body }) =>
      body.includes(`**${before} is fixed.**`),
    );
    expect(said).toHaveLength(1);
  });
});
