// Limits on pull requests: a fix whose turn has not come waits on the triage issue, and begins when one is done.

import { stageOf, type Fix } from '../domain/fix.ts';
import { waitReason } from '../domain/pull-limits.ts';
import type { Binding } from '../domain/problem.ts';
import type { Ports } from '../ports.ts';
import { bindingOf, bindingsOf } from './bindings.ts';
import { fixJob, refreshJob } from './receive-delivery.ts';
import { readKnownSettings } from './view.ts';

type Needs = Pick<Ports, 'store' | 'clock' | 'bindings'>;

/** True when the fix must not begin yet; why is remembered. What has pushed already goes on. */
export async function waitsForTurn(ports: Needs, fixId: string): Promise<boolean> {
  const fix = await ports.store.readFix(fixId);
  if (!fix || fix.facts.proposal || !isBefore(fix)) return false;
  const binding = bindingOf(ports, fix.bindingId);
  const { limits } = (await readKnownSettings(ports, binding)).settings;
  const others = (await fixesOf(ports, binding)).filter(({ id }) => id !== fixId);
  const waits = waitReason(others, { limits, now: ports.clock.now() });
  if (waits !== fix.facts.life.waits) await remember(ports, fix, waits);
  return waits !== null;
}

async function remember(ports: Needs, fix: Fix, waits: string | null): Promise<void> {
  await ports.store.updateFix(fix.id, (known) => {
    if (!isBefore(known)) return known;
    const progress = waits === null ? known.facts.progress : null;
    return { ...known, facts: { ...known.facts, progress, life: { ...known.facts.life, waits } } };
  });
  await ports.store.send([refreshJob(fix.bindingId)]);
}

/** Whoever waits in that repository, oldest word first: each asks again whether its turn has come. */
export async function wakeWaiting(ports: Needs, binding: Binding): Promise<void> {
  const waiting = (await fixesOf(ports, binding)).filter(
    (fix) => fix.facts.life.waits !== null && isBefore(fix),
  );
  const ordered = waiting.toSorted((left, right) => left.facts.approval.at - right.facts.approval.at);
  for (const fix of ordered) {
    const own = bindingOf(ports, fix.bindingId);
    const { sideBySide } = (await readKnownSettings(ports, own)).settings;
    await ports.store.send([fixJob(fix.id, own, sideBySide)]);
  }
}

/** One that joined another's pull request needs no turn of its own. */
function isBefore({ facts }: Fix): boolean {
  return facts.joined === null && (stageOf(facts) === 'approved' || stageOf(facts) === 'working');
}

async function fixesOf(ports: Needs, binding: Binding): Promise<Fix[]> {
  const bindings = bindingsOf(ports, binding.repo);
  return (await Promise.all(bindings.map(({ id }) => ports.store.readFixes(id)))).flat();
}
