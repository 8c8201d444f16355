// Replacing stretches of a text and leaving every other character as it was.
// It must not know what the text means.

/** Offsets in UTF-16 units; `start === end` inserts. */
export type Edit = { start: number; end: number; text: string };

/** Applies edits that do not overlap, in any order. Insertions at one place keep the order given. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = edits.map((edit, index) => ({ edit, index }));
  sorted.sort((left, right) => left.edit.start - right.edit.start || left.index - right.index);
  let result = '';
  let from = 0;
  for (const { edit } of sorted) {
    result += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return result + text.slice(from);
}

/** Where the line of an offset starts. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The blanks a line starts with. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';
}
