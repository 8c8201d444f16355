// Reading boxes out of a body that people can edit, and what one edit did to them.
// It trusts only lines whose mark verifies with the text that people saw beside it.

import {
  decode,
  tickKinds,
  tickMark,
  verifyTick,
  type Signer,
  type TickKind,
  type TickLine,
} from '../marker.ts';

/** `subject` is the problem's id; for `confirm`, the ids joined by commas. */
export type BoxName = { kind: TickKind; subject: string };
export type Box = BoxName & { ticked: boolean };

const boxLine = new RegExp(
  `^- \\[([ xX])\\] (.*?) <!-- suture:(${tickKinds.join('|')}) (\\S+) ([\\w-]+) -->\\s*$`,
);

/** One checklist line. `visible` must be inert already. */
export function renderBox(signer: Signer, line: TickLine & { ticked: boolean }): string {
  return `- [${line.ticked ? 'x' : ' '}] ${line.visible} ${tickMark(signer, line)}`;
}

export function boxKey(box: BoxName): string {
  return `${box.kind} ${box.subject}`;
}

/** Every genuine box of the body. One named twice counts as ticked only when every box of it is. */
export function readBoxes(signer: Signer, bindingId: string, body: string): Box[] {
  const boxes = new Map<string, Box>();
  for (const line of body.split('\n')) {
    const box = readBox(signer, bindingId, line);
    if (!box) continue;
    const known = boxes.get(boxKey(box));
    boxes.set(boxKey(box), { ...box, ticked: box.ticked && known?.ticked !== false });
  }
  return [...boxes.values()];
}

export type Edit = { before: string; after: string };
export type Ticks = { ticked: BoxName[]; unticked: BoxName[] };

/**
 * What one edit did to the boxes. Lines that changed in any other way do not count. An emptied box counts only when
 * it is all the edit did: a browser that sends an outdated body empties what others have ticked meanwhile.
 */
export function readTicks(signer: Signer, bindingId: string, edit: Edit): Ticks {
  const before = new Map(readBoxes(signer, bindingId, edit.before).map((box) => [boxKey(box), box.ticked]));
  const changed = readBoxes(signer, bindingId, edit.after).filter(
    (box) => before.get(boxKey(box)) === !box.ticked,
  );
  const names = (wanted: boolean): BoxName[] =>
    changed.filter((box) => box.ticked === wanted).map(({ kind, subject }) => ({ kind, subject }));
  const alone = changed.length === 1 && withoutTicks(edit.before) === withoutTicks(edit.after);
  return { ticked: names(true), unticked: alone ? names(false) : [] };
}

function withoutTicks(body: string): string {
  return body
    .replaceAll('\r\n', '\n')
    .replaceAll(/^- \[[xX]\] /gm, '- [ ] ')
    .trimEnd();
}

function readBox(signer: Signer, bindingId: string, line: string): Box | null {
  const [, mark, visible, named, id, signature] = boxLine.exec(line.trimEnd()) ?? [];
  const kind = tickKinds.find((one) => one === named);
  if (!mark || !kind || visible === undefined || id === undefined || signature === undefined) return null;
  const subject = decode(id);
  const genuine = verifyTick(signer, { kind, bindingId, subject, visible, signature });
  return genuine ? { kind, subject, ticked: mark !== ' ' } : null;
}
