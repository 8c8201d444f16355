// Which words begin anew what ended without a pull request.

import { expect, it } from 'vitest';
import { approvedFacts, type Ending } from '../../src/domain/fix.ts';
import { approve, type Wish } from '../../src/jobs/approve.ts';
import type { Ports } from '../../src/ports.ts';
import { addProject, newAlerts } from '../simulation/memory/alerts.ts';
import { problemOf } from '../simulation/problems.ts';
import { signer } from '../simulation/process.ts';
import { createMemoryStore } from '../world/memory-store.ts';

const at = 1_790_000_000_000;
const approval = { by: 'ada', at, via: 'tick' as const, hint: null };

async function outcomeOf(again: Wish['again'], { endedAt }: { endedAt: number }): Promise<string> {
  const project = addProject(
    newAlerts(
      () => at,
      () => undefined,
    ),
    { org: 'acme', project: 'shop' },
  );
  const { problem } = problemOf({ project, index: 0, at });
  const binding = { id: 'acme/shop', source: project.ref, repo: { owner: 'acme', name: 'shop' } };
  const store = createMemoryStore();
  const state = { bindingId: binding.id, paused: null, projectId: null, checkedAt: at, listedAt: at };
  await store.saveBindingState(state);
  await store.saveProblems(binding.id, [problem], at);
  const ending: Ending = { kind: 'refused', reason: 'The host lets nobody in now.', at: endedAt };
  const { id: problemId, shortId, title, permalink } = problem;
  const names = { bindingId: binding.id, problemId, shortId, title, permalink, attempt: 1 };
  const facts = { ...approvedFacts({ ...approval, at: at - 100 }), ending, announced: true, cleanedUp: true };
  await store.createFix({ id: 'first', ...names, facts });
  const ports = { store, clock: { now: () => at + 100 }, signer } as unknown as Ports;
  const wish = { binding, problemId, approval, act: 'tick:acme/shop#1', again, named: false };
  const outcome = await approve(ports, wish);
  expect(await store.readFixes(binding.id)).toHaveLength(outcome === 'started' ? 2 : 1);
  return outcome;
}

it.each<[string, Wish['again'], number, string]>([
  ['a box ticked after the end, on an issue that could not be written since', 'older', at - 1, 'started'],
  ['a box ticked before the end, and heard later', 'older', at + 1, 'not-waiting'],
  ['a retry, whenever it ended', 'any', at + 1, 'started'],
  ['a confirmation of many, among them one that ended', 'none', at - 1, 'not-waiting'],
])('%s', async (_, again, endedAt, outcome) => {
  expect(await outcomeOf(again, { endedAt })).toBe(outcome);
});
