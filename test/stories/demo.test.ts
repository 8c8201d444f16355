// `npm run demo -- --once` as a newcomer runs it: a child process, its answer, and what it leaves behind.

import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startDemo, type DemoProcess } from './demo-process.ts';

const summaryShape = z.strictObject({
  ok: z.boolean(),
  steps: z.array(z.strictObject({ name: z.string().min(1), ms: z.number().nonnegative() })),
  pullRequests: z.array(
    z.strictObject({
      number: z.number(),
      url: z.url(),
      branch: z.string(),
      files: z.array(z.string()),
      merged: z.boolean(),
    }),
  ),
  problems: z.array(z.strictObject({ shortId: z.string(), stage: z.string(), sentryStatus: z.string() })),
});

describe('npm run demo', () => {
  const started: DemoProcess[] = [];
  function start(args: readonly string[]): DemoProcess {
    const demo = startDemo(args);
    started.push(demo);
    return demo;
  }
  afterEach(() => Promise.all(started.splice(0).map((demo) => demo.close())));

  it('plays the story to its end and says it as JSON', async () => {
    const demo = start(['--once', '--json']);
    const status = await demo.ended;
    expect(status, demo.output()).toBe(0);
    const summary = summaryShape.parse(JSON.parse(demo.answer()));
    expect(summary.ok).toBe(true);
    expect(summary.problems).toEqual([
      { shortId: 'SHOP-1', stage: 'resolved', sentryStatus: 'resolved' },
      { shortId: 'SHOP-2', stage: 'resolved', sentryStatus: 'resolved' },
      { shortId: 'SHOP-3', stage: 'refused', sentryStatus: 'unresolved' },
      { shortId: 'SHOP-4', stage: 'to-archive', sentryStatus: 'unresolved' },
    ]);
    expect(summary.pullRequests.map(({ files, merged }) => ({ files, merged }))).toEqual([
      { files: ['src/catalogue.ts', 'test/catalogue.test.ts'], merged: true },
      { files: ['src/orders.ts', 'test/orders.test.ts'], merged: true },
    ]);
    expect(summary.steps.map(({ name }) => name)).toContain('SHOP-2 merge');
    expect(demo.leftovers()).toEqual([]);
  });

  it('ends in "resolved" with one pull request each, too, while webhooks get lost, calls fail and Suture is killed', async () => {
    const demo = start(['--once', '--chaos', '7', '--json']);
    const status = await demo.ended;
    expect(status, demo.output()).toBe(0);
    const summary = summaryShape.parse(JSON.parse(demo.answer()));
    expect(summary.problems.map(({ stage }) => stage)).toEqual([
      'resolved',
      'resolved',
      'refused',
      'to-archive',
    ]);
    expect(summary.pullRequests.map(({ merged }) => merged)).toEqual([true, true]);
    expect(demo.output()).toMatch(/chaos {5}Suture is killed/);
    expect(demo.output()).toMatch(/chaos {5}the next \d webhooks of GitHub and of Sentry are lost/);
    expect(demo.leftovers()).toEqual([]);
  }, 600_000);

  it('ends everything when it is asked to stop in the middle', async () => {
    const demo = start(['--once']);
    await demo.said(/SHOP-1 {2}mia ticked the box/);
    demo.interrupt();
    expect(await demo.ended, demo.output()).toBe(130);
    expect(demo.leftovers()).toEqual([]);
  });

  it.each([[['--onse']], [['--json']], [['now']], [['--chaos', '3']], [['--once', '--chaos', 'x']]])(
    'refuses %j as wrong use',
    async (args) => {
      const demo = start(args);
      expect(await demo.ended).toBe(2);
      expect(demo.output()).toContain('Usage:');
      expect(demo.answer()).toBe('');
    },
    60_000,
  );
});
