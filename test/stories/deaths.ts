// One life of a problem in which Suture is killed twice. The stories say at which moments, and on which database.

import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { RunningSuture } from '../world/suture.ts';
import { place, type World } from '../world/world.ts';
import { crashAt } from './kiosk.ts';
import { commentsWith, pullOf, pullsOf, quiet, resolved, tick, triageIssueWith } from './steps.ts';

/** A moment to die at: when Suture has asked for this, and so much later. */
export type Moment = { after: RegExp; ms: number; arrange?: (world: World) => void };

/** The two moments of a life: while the change is made, and after it was merged. */
export type Deaths = { name: string; working: Moment; settling: Moment };

/** Waits for the moment, then ends the process without a chance to put anything in order. */
async function killAt(
  world: World,
  suture: RunningSuture,
  moment: Moment,
  act: () => Promise<void>,
): Promise<void> {
  moment.arrange?.(world);
  const from = { github: world.github.requests.length, sentry: world.sentry.requests.length };
  const reached = (): boolean => {
    const asked = [
      ...world.github.requests
        .slice(from.github)
        .map(({ method, actor, path }) => `${method} ${actor} ${path}`),
      ...world.sentry.requests.slice(from.sentry).map(({ method, path }) => `${method} sentry ${path}`),
    ];
    return asked.some((line) => moment.after.test(line));
  };
  await act();
  const end = Date.now() + 60_000;
  while (!reached()) {
    if (Date.now() > end) throw new Error(`never saw ${moment.after.source}:\n${suture.output()}`);
    await pause(1);
  }
  await pause(moment.ms);
  await suture.kill();
}

/** The whole life of one problem, with two deaths in it; afterwards everything has happened exactly once. */
export async function live(
  world: World,
  shelf: number,
  { working, settling, extra }: Deaths & { extra?: Record<string, string> },
): Promise<void> {
  const shortId = await crashAt(world, shelf);
  // What one person approves within minutes is summed up together; each life is told of by itself.
  const login = `keeper-${shelf}`;
  world.github.addUser(login);
  world.github.setRole(`${place.owner}/${place.repo}`, login, 'write');
  await withSuture(world, extra, async (suture) => {
    await triageIssueWith(world, `- [ ] **${shortId}**`);
    await killAt(world, suture, working, () => tick(world, shortId, login));
  });
  await withSuture(world, extra, async (suture) => {
    const pull = await pullOf(world, shortId);
    await world.ci.idle();
    await killAt(world, suture, settling, () => world.merge(pull.number));
  });
  await withSuture(world, extra, async () => {
    await resolved(world, shortId);
    await triageIssueWith(world, `**${shortId}** · fixed ✅`);
    await quiet(world);
  });
  await expectOnce(world, shortId);
}

async function withSuture(
  world: World,
  extra: Record<string, string> | undefined,
  act: (suture: RunningSuture) => Promise<void>,
): Promise<void> {
  const suture = await world.start(extra);
  try {
    await act(suture);
  } finally {
    await suture.stop();
  }
}

async function expectOnce(world: World, shortId: string): Promise<void> {
  expect(await pullsOf(world, shortId)).toHaveLength(1);
  const said = (await commentsWith(world, shortId)).filter(({ body }) => body.includes(shortId));
  expect(said).toHaveLength(1);
  const problem = world.problems().find((known) => known.shortId === shortId);
  expect(problem?.activity.filter(({ type }) => type.startsWith('set_resolved'))).toHaveLength(1);
  const { data } = await world.github.as('mia').rest.repos.listBranches(place);
  expect(data.filter(({ name }) => name.startsWith('sentry/'))).toEqual([]);
}
