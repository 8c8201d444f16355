// Limits on pull requests: a fix whose turn has not come waits on the triage issue, and begins when one is done.

import type { Fix } from '../domain/fix.ts';
import { stageOf } from '../domain/stage.ts';
import type { LifeFacts } from '../domain/pull/life-facts.ts';
import { hasTurn, waitReason } from '../domain/pull/pull-limits.ts';
import { repoName, type Binding } from '../domain/problem.ts';
import type { Ports, Rows } from '../ports.ts';
import { bindingOf, bindingsOf } from './bindings.ts';
import { keepLife } from './keep-life.ts';
import { fixJob, refreshJob } from './receive-delivery.ts';
import { readKnownSettings } from './view.ts';

type Needs = Pick<Ports, 'store' | 'clock' | 'bindings'>;

/** True when the fix must not begin yet; why is remembered. What has pushed already goes on. */
export async function waitsForTurn(ports: Needs, fixId: string): Promise<boolean> {
  const fix = await ports.store.readFix(fixId);
  if (!fix || fix.facts.proposal || !isBefore(fix)) return false;
  const binding = bindingOf(ports, fix.bindingId);
  const { limits } = (await readKnownSettings(ports, binding)).settings;
  if (hasTurn(fix.facts)) return false;
  const now = ports.clock.now();
  const waits = await ports.store.transaction(async (rows) => {
    // Several may ask at once. Whoever has the lock of the repository's ledger decides alone until this is written.
    await rows.updateLedger(repoName(binding.repo), (runs) => runs);
    const others = (await fixesOf(rows, bindingsOf(ports, binding.repo))).filter(({ id }) => id !== fixId);
    const reason = waitReason(others, { limits, now });
    await remember(rows, fix, { waits: reason, turn: reason === null ? now : null });
    return reason;
  });
  if (waits !== fix.facts.life.waits) await ports.store.send([refreshJob(fix.bindingId)]);
  return waits !== null;
}

async function remember(rows: Rows, fix: Fix, life: Pick<LifeFacts, 'waits' | 'turn'>): Promise<void> {
  await rows.updateFix(fix.id, (known) => {
    if (!isBefore(known)) return known;
    const progress = life.waits === null ? known.facts.progress : null;
    return { ...known, facts: { ...known.facts, progress, life: { ...known.facts.life, ...life } } };
  });
}

/** Who has ended without a pull request, or joined another's, makes room for one that waits. Once. */
export async function giveTurnBack(ports: Needs, binding: Binding, fix: Fix): Promise<void> {
  const { life, pull, ending, joined } = fix.facts;
  if (life.turn !== null && (pull || ending || joined)) await giveWay(ports, binding, fix);
}

/** The turn is somebody else's now; whoever gave it asks for another. */
export async function giveWay(ports: Needs, binding: Binding, fix: Fix): Promise<void> {
  await keepLife(ports, fix, () => ({ turn: null }));
  await wakeWaiting(ports, binding);
}

/** Whoever waits in that repository, oldest word first: each asks again whether its turn has come. */
export async function wakeWaiting(ports: Needs, binding: Binding): Promise<void> {
  const waiting = (await fixesOf(ports.store, bindingsOf(ports, binding.repo))).filter(
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

async function fixesOf(rows: Pick<Rows, 'readFixes'>, bindings: readonly Binding[]): Promise<Fix[]> {
  const fixes: Fix[] = [];
  for (const { id } of bindings) fixes.push(...(await rows.readFixes(id)));
  return fixes;
}
