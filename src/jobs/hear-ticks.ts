// Ticks that no webhook told of: found standing in the body, or overwritten by a write of ours that crossed them.
// Who made them is asked of the host's history; without an answer they wait (promise 4).

import { isHeard, tickActs, type TickAct } from '../domain/triage/edit-history.ts';
import { waitsForWord } from '../domain/triage/triage-lines.ts';
import { boxKey } from '../domain/triage/ticks.ts';
import type { TriageView } from '../domain/triage/triage-view.ts';
import type { Ports, StoredIssue } from '../ports.ts';
import { actOnBoxes } from './act-on-boxes.ts';
import { refreshJob } from './receive-delivery.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'signer'>;

/** A webhook gets so long before the host is asked. */
const momentMs = 5_000;

export type Seen = {
  view: TriageView;
  issue: number;
  /** Boxes that stand ticked and were not rejected. */
  carry: ReadonlySet<string>;
  /** Whether the body was just written: then an edit may have been overwritten. */
  wrote: boolean;
  /** Whether we knew the issue before; the history of a stranger's database is not acted on again. */
  known: boolean;
};

/** 1. which ticks stand unheard, and for how long  2. ask who made them  3. act on what was not heard  4. remember. */
export async function hearTicks(ports: Needs, seen: Seen): Promise<void> {
  const { binding } = seen.view;
  const now = ports.clock.now();
  const before = await noteStanding(ports, seen, now);
  if (!before) return;
  const fresh = before.unheard.filter((tick) => !tick.asked);
  const due = fresh.filter((tick) => now - tick.since >= momentMs).map((tick) => tick.box);
  if (fresh.length > due.length) await ports.store.send([laterJob(binding.id)]);
  if (!seen.wrote && due.length === 0) return;
  const versions = await ports.host.readBodyVersions(binding.repo, seen.issue);
  const acts = tickActs(ports.signer, binding.id, versions ?? []);
  const readTo = Math.max(0, before.versionsReadTo, ...(versions ?? []).map((version) => version.at));
  const since = seen.known && before.versionsReadTo > 0 ? before.versionsReadTo : Number.POSITIVE_INFINITY;
  const standing = due.flatMap((box) => acts.findLast((act) => act.ticked && boxKey(act) === box) ?? []);
  const wanted = acts.filter((act) => act.at >= since || standing.includes(act));
  const acted = await actOnAll(ports, seen, wanted);
  // Acted on just now it will be gone soon; one that stands after an act that was heard long ago is nobody's.
  const open = due.filter((box) => !acted.some((act) => boxKey(act) === box) || isOld(fresh, box, now));
  await remember(ports, { bindingId: binding.id, readTo, open });
  // What started something has asked for its own refresh; to look at once again at what did not would never end.
  if (acted.length > 0) await ports.store.send([laterJob(binding.id)]);
  if (open.length > 0) await ports.store.send([refreshJob(binding.id)]);
}

/** A tick that was acted on leads to a fix long before this. */
const longMs = 60_000;

function isOld(standing: StoredIssue['unheard'], box: string, now: number): boolean {
  return standing.some((tick) => tick.box === box && now - tick.since >= longMs);
}

/** Which boxes stand ticked though they wait. Gives the row as it is then. */
async function noteStanding(ports: Needs, seen: Seen, now: number): Promise<StoredIssue | null> {
  const { view } = seen;
  const waiting = new Set([
    ...view.waiting.map(({ problem }) => `tick ${problem.id}`),
    ...view.toArchive.map((fix) => `archive ${fix.problemId}`),
    ...view.inWork.filter(waitsForWord).map((fix) => `anyway ${fix.problemId}`),
  ]);
  const standing = [...seen.carry].filter((box) => waiting.has(box));
  const known = await ports.store.readIssue(view.binding.id);
  if (!known || (standing.length === 0 && known.unheard.length === 0)) return known;
  let noted: StoredIssue | null = known;
  await ports.store.updateIssue(view.binding.id, (now_) => {
    const kept = now_?.unheard.filter((tick) => standing.includes(tick.box)) ?? [];
    const fresh = standing.filter((box) => !kept.some((tick) => tick.box === box));
    noted = now_ && {
      ...now_,
      unheard: [...kept, ...fresh.map((box) => ({ box, since: now, asked: false }))],
    };
    return noted;
  });
  return noted;
}

/** In the order they were made. What came before an approval that is known is settled by it. */
async function actOnAll(ports: Needs, seen: Seen, acts: readonly TickAct[]): Promise<readonly TickAct[]> {
  const { binding } = seen.view;
  const fixes = await ports.store.readFixes(binding.id);
  const approvals = fixes.map((fix) => ({ problemId: fix.problemId, at: fix.facts.approval.at }));
  const goneOn = fixes.flatMap(({ problemId, facts }) =>
    facts.anyway ? [{ problemId, at: facts.anyway.at }] : [],
  );
  const unheard = acts.filter((act) => !isHeard(act, act.kind === 'anyway' ? goneOn : approvals));
  for (const { kind, subject, ticked, editor, at } of unheard) {
    const box = { kind, subject };
    await actOnBoxes(ports, {
      binding,
      issue: seen.issue,
      editor,
      at,
      ticked: ticked ? [box] : [],
      unticked: ticked ? [] : [box],
    });
  }
  return unheard;
}

async function remember(
  ports: Needs,
  { bindingId, readTo, open }: { bindingId: string; readTo: number; open: readonly string[] },
): Promise<void> {
  await ports.store.updateIssue(bindingId, (known) =>
    known
      ? {
          ...known,
          versionsReadTo: Math.max(known.versionsReadTo, readTo),
          unheard: known.unheard.map((tick) => (open.includes(tick.box) ? { ...tick, asked: true } : tick)),
        }
      : null,
  );
}

/** Under a key of its own, so that it does not hold up a refresh that is due now. */
function laterJob(bindingId: string): ReturnType<typeof refreshJob> {
  return { ...refreshJob(bindingId), key: `${bindingId} ticks`, afterMs: momentMs };
}
