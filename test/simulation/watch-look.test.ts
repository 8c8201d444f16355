// A look at a resolved problem says how it was when the source was asked, not when its answer came.

import { expect, it } from 'vitest';
import { approvedFacts, type Fix } from '../../src/domain/fix.ts';
import { watch } from '../../src/jobs/watch.ts';
import type { Ports } from '../../src/ports.ts';
import { startScene } from './pull-stage.ts';

const day = 24 * 60 * 60 * 1000;

it('is dated by the question', async () => {
  const { ports, binding, problem } = startScene();
  const asked = ports.clock.now();
  let now = asked;
  const source: Ports['source'] = {
    ...ports.source,
    readProblem: async () => {
      now += 60_000;
      return { ...problem, status: 'resolved' };
    },
  };
  const { shortId, title, permalink } = problem;
  const names = { bindingId: binding.id, problemId: problem.id, shortId, title, permalink, attempt: 1 };
  const seen = { release: null, waitsAfter: null, before: 3, total: 3, after: 0, checkedAt: 0, end: null };
  const facts: Fix['facts'] = {
    ...approvedFacts({ by: 'ada', at: 1, via: 'tick', hint: null }),
    resolution: { at: asked - 8 * day, how: 'now', note: null },
    watch: { ...seen, since: asked - 8 * day },
  };
  await ports.store.createFix({ id: 'f1', ...names, facts });
  await watch({ ...ports, source, clock: { now: () => now } }, { fixId: 'f1' });
  const known = await ports.store.readFix('f1');
  expect(known?.facts.watch).toMatchObject({ checkedAt: asked, end: { kind: 'gone', at: asked } });
});
