// Who ticked what, read from the history of a body: for ticks of which no webhook told.
// It never guesses: an edit counts only when both the text before it and after it are known.

import type { Signer } from './marker.ts';
import { boxKey, readTicks, type BoxName } from './ticks.ts';

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

/** What people's edits did to the boxes, oldest first; of each box only the last act. `versions` are oldest first. */
export function tickActs(signer: Signer, bindingId: string, versions: readonly BodyVersion[]): TickAct[] {
  const acts = new Map<string, TickAct>();
  for (const [index, version] of versions.entries()) {
    const before = versions[index - 1]?.body;
    if (before == null || version.body === null) continue;
    const { ticked, unticked } = readTicks(signer, bindingId, { before, after: version.body });
    const { editor, at } = version;
    if (editor.kind !== 'human') continue;
    for (const box of ticked) acts.set(boxKey(box), { ...box, ticked: true, editor, at });
    for (const box of unticked) acts.set(boxKey(box), { ...box, ticked: false, editor, at });
  }
  return [...acts.values()].toSorted((left, right) => left.at - right.at);
}

/** Clocks of the host's two accounts of one edit may differ by this much. */
const sameActMs = 10_000;

/** True when an approval that is known already is this act, or came after it. */
export function isHeard(act: TickAct, approvals: readonly { problemId: string; at: number }[]): boolean {
  return approvals.some(
    (approval) => approval.problemId === act.subject && approval.at >= act.at - sameActMs,
  );
}
