// Reading boxes out of a triage issue's body, and carrying fresh ones into a new body.
// It trusts only lines whose mark verifies with the text that people saw beside it.

import { decode, tickMark, verifyTick, type Signer } from './marker.ts';

export type Box = { problemId: string; ticked: boolean };

const boxLine = /^- \[([ xX])\] (.*?) <!-- suture:tick (\S+) ([\w-]+) -->\s*$/;

/** One checklist line. `visible` must be inert already. */
export function renderBox(
  signer: Signer,
  line: { bindingId: string; problemId: string; visible: string; ticked: boolean },
): string {
  return `- [${line.ticked ? 'x' : ' '}] ${line.visible} ${tickMark(signer, line)}`;
}

/** Every genuine box of the body. A problem named twice counts as ticked only when every box of it is. */
export function readBoxes(signer: Signer, bindingId: string, body: string): Box[] {
  const boxes = new Map<string, boolean>();
  for (const line of body.split('\n')) {
    const box = readBox(signer, bindingId, line);
    if (box) boxes.set(box.problemId, box.ticked && boxes.get(box.problemId) !== false);
  }
  return [...boxes].map(([problemId, ticked]) => ({ problemId, ticked }));
}

/** What one edit did to the boxes. Lines that changed in any other way do not count. */
export function readTicks(
  signer: Signer,
  bindingId: string,
  edit: { before: string; after: string },
): { ticked: string[]; unticked: string[] } {
  const before = new Map(readBoxes(signer, bindingId, edit.before).map((box) => [box.problemId, box.ticked]));
  const changed = readBoxes(signer, bindingId, edit.after).filter(
    (box) => before.get(box.problemId) === !box.ticked,
  );
  return {
    ticked: changed.filter((box) => box.ticked).map((box) => box.problemId),
    unticked: changed.filter((box) => !box.ticked).map((box) => box.problemId),
  };
}

function readBox(signer: Signer, bindingId: string, line: string): Box | null {
  const [, mark, visible, id, signature] = boxLine.exec(line.trimEnd()) ?? [];
  if (mark === undefined || visible === undefined || id === undefined || signature === undefined) return null;
  const problemId = decode(id);
  const genuine = verifyTick(signer, { bindingId, problemId, visible, signature });
  return genuine ? { problemId, ticked: mark !== ' ' } : null;
}
