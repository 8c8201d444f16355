// A person who ticks while the bot rewrites the same text never loses the tick, and never starts it twice.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendEvent } from '../world/sentry/send-envelope.ts';
import { until, type World } from '../world/world.ts';
import { startKiosk } from './kiosk.ts';
import { section, tick } from './steps.ts';

const rounds = 30;

describe('ticking while the text is rewritten', () => {
  let world: World;
  let botReads = Promise.withResolvers<void>();

  beforeAll(async () => {
    world = await startKiosk({
      observe: ({ method, path }) => {
        if (method === 'GET' && path === '/repos/lantern/shop/issues/1') botReads.resolve();
      },
    });
    await world.start();
    for (let number = 1; number <= rounds; number += 1) await happen(number);
    await until(
      'all of them on the list',
      async () => boxes('[ ]', (await world.triageIssue())?.body) === rounds,
    );
  });
  afterAll(() => world.close());

  /** One more event of that problem, without frames: its fix ends at once, and its count makes the bot write. */
  function happen(number: number): Promise<string> {
    return sendEvent(world.dsn, {
      type: 'Error',
      value: `broken ${number}`,
      frames: [],
      fingerprint: [`bare ${number}`],
    });
  }

  it(`acts on each of ${rounds} ticks exactly once`, async () => {
    const random = dice(20_261_123);
    const shortIds = world.problems().map((problem) => problem.shortId);
    for (const [round, shortId] of shortIds.entries()) {
      botReads = Promise.withResolvers<void>();
      await happen(1 + random(rounds));
      // Every other time right between the bot's reading and its writing, else anywhere round it.
      await (round % 2 === 0 ? botReads.promise : pause(random(120)));
      await world.setBox(shortId, true);
    }
    const issue = await until('an answer to every tick', async () => {
      const now = await world.triageIssue();
      return boxes('', section(now, 'Needs a person')) === rounds ? now : null;
    });
    expect(boxes('[x]', issue.body)).toBe(0);
    for (const shortId of shortIds) expect(issue.body.split(`- **${shortId}** ·`)).toHaveLength(2);
    expect(await world.pulls()).toEqual([]);
  });
});

describe('ticking an issue that was only just opened', () => {
  it('counts, even when the answer to opening it was lost', async () => {
    const world = await startKiosk();
    try {
      await world.start();
      world.github.fail({ method: 'POST', path: /\/issues$/, status: 502, times: 1, after: true });
      await sendEvent(world.dsn, { type: 'Error', value: 'broken', frames: [], fingerprint: ['bare'] });
      await tick(world, 'SHOP-1');
      await until('the tick to count', () =>
        world.sentry.requests.some(({ path }) => path.includes('/events/latest')),
      );
    } finally {
      await world.close();
    }
  });
});

/** Lines that start with this box, or with none. */
function boxes(box: string, text = ''): number {
  const start = box === '' ? '- **' : `- ${box} **`;
  return text.split('\n').filter((line) => line.startsWith(start)).length;
}

/** The same sequence in every run. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}
