// A step that passes at once costs no write; one that lasts is shown; nothing is written once the work has ended.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Later } from '../../src/domain/failure.ts';
import { approvedFacts, type Fix } from '../../src/domain/fix.ts';
import { shownAfterMs, withSteps } from '../../src/jobs/tell-steps.ts';
import type { Job } from '../../src/ports.ts';
import { createMemoryStore } from '../world/memory-store.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_790_000_000_000 }));
afterEach(() => void vi.useRealTimers());

async function startScene() {
  const store = createMemoryStore();
  const facts = approvedFacts({ by: 'ada', at: 1, via: 'tick', hint: null });
  const names = { problemId: '1', shortId: 'SHOP-1', title: 'E', permalink: 'https://sentry.example/1' };
  const fix: Fix = { id: 'f1', bindingId: 'b', ...names, attempt: 1, facts: { ...facts, run: 'r1' } };
  await store.createFix(fix);
  const sent: Job[] = [];
  const ports = {
    store: { ...store, send: async (jobs: readonly Job[]) => void sent.push(...jobs) },
    clock: { now: () => Date.now() },
  };
  const shown = async () => (await store.readFix(fix.id))?.facts.progress ?? null;
  return { ports, store, fix, sent, shown };
}

it('shows the step that lasts, as of when it began, and refreshes once', async () => {
  const { ports, fix, sent, shown } = await startScene();
  const began = Date.now();
  await withSteps(ports, fix, async (progress) => {
    for (const step of ['one', 'two', 'three']) await progress(step);
    await vi.advanceTimersByTimeAsync(shownAfterMs - 1);
    expect(await shown()).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(await shown()).toEqual({ step: 'three', since: began });
  });
  expect(sent.map(({ name }) => name)).toEqual(['refresh']);
});

it('writes nothing once the work has ended', async () => {
  const { ports, fix, sent, shown } = await startScene();
  await withSteps(ports, fix, (progress) => progress('quick'));
  await vi.advanceTimersByTimeAsync(10 * shownAfterMs);
  expect([await shown(), sent]).toEqual([null, []]);
});

it('stops work that another run has taken over', async () => {
  const { ports, store, fix } = await startScene();
  const work = withSteps(ports, fix, async (progress) => {
    await progress('one');
    await store.updateFix(fix.id, (known) => ({ ...known, facts: { ...known.facts, run: 'r2' } }));
    await vi.advanceTimersByTimeAsync(shownAfterMs);
    await progress('two');
    throw new Error('it went on');
  });
  await expect(work).rejects.toThrow(Later);
});
