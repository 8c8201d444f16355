// A person who ticks while the bot rewrites the same text never loses the tick.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { place, until, type World } from '../world/world.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { triageIssueWith } from './steps.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

/** One line of arithmetic instead of a library: the same sequence in every run. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

describe('ticking while the text is rewritten', () => {
  let world: World;
  const shortIds: string[] = [];

  beforeAll(async () => {
    world = await startKiosk();
    await world.start();
    for (let shelf = 1; shelf <= 15; shelf += 1) shortIds.push(await crashAt(world, shelf));
    for (const shortId of shortIds) await triageIssueWith(world, `- [ ] **${shortId}**`);
  });
  afterAll(() => world.close());

  /** What the page in the browser does: it sends back the whole text that it showed, with one box changed. */
  async function tickFast(shortId: string): Promise<void> {
    const issue = await world.triageIssue();
    const body = issue?.body.replace(`- [ ] **${shortId}**`, `- [x] **${shortId}**`) ?? '';
    if (issue && body !== issue.body)
      await world.github.as('ray').rest.issues.update({ ...place, issue_number: issue.number, body });
  }

  it('unticks every one of 30 ticks of a reader, and loses none of the answers', async () => {
    const roll = dice(7);
    for (let round = 0; round < 30; round += 1) {
      const shortId = shortIds[roll(shortIds.length)] ?? '';
      // Each new event makes the bot rewrite the counts at some moment round the tick.
      const event = crashAt(world, 1 + roll(15));
      await pause(roll(60));
      await tickFast(shortId);
      await event;
    }
    await until('every box to be empty', async () => !(await world.triageIssue())?.body.includes('- [x]'));
  });
});
