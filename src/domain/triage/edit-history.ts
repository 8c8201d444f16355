// Who ticked what, read from the history of a body: for ticks of which no webhook told.
// It never guesses: an edit counts only when both the text before it and after it are known.

import type { Signer } from '../marker.ts';
import { boxKey, readBoxes, readTicks, type BoxName } from './ticks.ts';

type Person = { login: string; kind: 'human' | 'bot' | 'other' };

/** One version of a body, as the host remembers it. */
export type BodyVersion = {
  editor: Person;
  /** Milliseconds since 1970. */
  at: number;
  /** The whole text after the edit; null when the host does not tell. */
  body: string | null;
};

export type TickAct = BoxName & { ticked: boolean; editor: Person; at: number };

/**
 * What people's edits did to the boxes, oldest first; an emptying that a later tick took back is left out: the host's
 * times are whole seconds, so a quick hand's acts could not be told apart by them. `versions` are oldest first.
 */
export function tickActs(signer: Signer, bindingId: string, versions: readonly BodyVersion[]): TickAct[] {
  const acts = allActs(signer, bindingId, versions);
  return acts.filter(
    (act, index) =>
      act.ticked || !acts.slice(index + 1).some((later) => later.ticked && boxKey(later) === boxKey(act)),
  );
}

/**
 * Who ticked the box again after the emptying of that time; null when nobody did, or when the history does not know that
 * emptying yet. Webhooks of the two may come in any order.
 */
export function takenBackBy(
  signer: Signer,
  bindingId: string,
  { box, at, versions }: { box: BoxName; at: number; versions: readonly BodyVersion[] },
): Person | null {
  const acts = allActs(signer, bindingId, versions).filter((act) => boxKey(act) === boxKey(box));
  const emptied = acts.findLastIndex((act) => !act.ticked && act.at >= at - sameActMs);
  return emptied === -1 ? null : (acts[emptied + 1]?.editor ?? null);
}

function allActs(signer: Signer, bindingId: string, versions: readonly BodyVersion[]): TickAct[] {
  const shown = new Map<string, boolean>();
  return versions.flatMap((version, index) => {
    const before = versions[index - 1]?.body;
    const boxes = version.body === null ? [] : readBoxes(signer, bindingId, version.body);
    const returned = boxes.filter((box) => box.ticked && shown.get(boxKey(box)) === false);
    if (version.body === null) shown.clear();
    for (const box of boxes) shown.set(boxKey(box), box.ticked);
    if (before == null || version.body === null || version.editor.kind !== 'human') return [];
    const { unticked } = readTicks(signer, bindingId, { before, after: version.body });
    const { editor, at } = version;
    return [
      // Also of a line that was gone in between: a browser sends the whole body that it showed.
      ...returned.map(({ kind, subject }) => ({ kind, subject, ticked: true, editor, at })),
      ...unticked.map((box) => ({ ...box, ticked: false, editor, at })),
    ];
  });
}

/** Clocks of the host's two accounts of one edit may differ by this much. */
const sameActMs = 10_000;

/** True when an approval that is known already is this act, or came after it. */
export function isHeard(act: TickAct, approvals: readonly { problemId: string; at: number }[]): boolean {
  const from = act.ticked ? act.at - sameActMs : act.at + 1;
  return approvals.some(({ problemId, at }) => problemId === act.subject && at >= from);
}
