// What one person approved together is summed up together, in one comment when the last of it has ended; a fix that
// was approved alone keeps a comment of its own.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunningSuture } from '../world/suture.ts';
import { until, type World } from '../world/world.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { pullOf, quiet, resolved, triageIssueWith } from './steps.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

describe('a batch', () => {
  let world: World;
  let suture: RunningSuture;
  let issue: number;
  let ids: string[];

  beforeAll(async () => {
    world = await startKiosk();
    suture = await world.start();
    ids = [];
    for (const shelf of [1, 2, 3]) ids.push(await crashAt(world, shelf));
    await triageIssueWith(world, `- [ ] **${ids[1]}**`);
    issue = (await triageIssueWith(world, `- [ ] **${ids[2]}**`)).number;
  });
  afterAll(() => world.close());

  async function summaries(): Promise<string[]> {
    const said = await world.comments(issue);
    return said
      .map(({ body }) => body)
      .filter((body) => /\*\*Summary\*\*|is fixed|without a merge\./.test(body));
  }

  it('says nothing while a part of it is under way', async () => {
    const [first = '', second = ''] = ids;
    await world.comment(issue, `/sentry fix ${first},${second}`);
    const pull = await pullOf(world, first);
    await pullOf(world, second);
    await world.ci.idle();
    await world.merge(pull.number);
    await resolved(world, first);
    await triageIssueWith(world, `**${first}** · fixed ✅`);
    await quiet(world);
    expect(await summaries()).toEqual([]);
  });

  it('is summed up once the last one has ended', async () => {
    const [first = '', second = ''] = ids;
    await world.closePull((await pullOf(world, second)).number);
    const [text = ''] = await until('the summary', async () => {
      const all = await summaries();
      return all.length > 0 && all;
    });
    expect(text).toMatch(/^\*\*Summary\*\* of what mia approved on /);
    expect(text).toContain('- Sentry issues triaged: 2\n');
    expect(text).toContain(`- Fixed and resolved: 1 (${first})\n- Archived: 0\n- Needs a person: 0\n`);
    expect(text).toContain(`- Closed without a merge, left as they are: 1 (${second})\n`);
    expect(text).toMatch(/- Commits: 1 \(`[0-9a-f]{10}`\)\n- Files changed: 1 \(`src\/shelf-1\.ts`\)/);
  });

  it('stays one comment, also after a restart', async () => {
    await suture.stop();
    suture = await world.start();
    await quiet(world);
    expect(await summaries()).toHaveLength(1);
  });

  it('takes in what the same person approves within some minutes, by editing that comment', async () => {
    const third = ids[2] ?? '';
    await world.setBox(third, true);
    const pull = await pullOf(world, third);
    await world.ci.idle();
    await world.merge(pull.number);
    await resolved(world, third);
    await until('the edit', async () => (await summaries())[0]?.includes('triaged: 3'));
    expect(await summaries()).toHaveLength(1);
  });
});
