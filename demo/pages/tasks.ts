// Task boxes of a Markdown body: what names one, and a body with some of them ticked or emptied.
// A box is known by its line's words, so that a body which moved on meanwhile is never mistaken.

import { createHash } from 'node:crypto';

const taskLine = /^(\s*[-*+] \[)([ xX])(\] .*)$/;

export type Task = { id: string; ticked: boolean };

/** The task of that line; null when the line is none. */
export function taskOf(line: string): Task | null {
  const [, before, mark, after] = taskLine.exec(line.trimEnd()) ?? [];
  if (before === undefined || mark === undefined || after === undefined) return null;
  const id = createHash('sha256').update(`${before}${after}`).digest('hex').slice(0, 16);
  return { id, ticked: mark !== ' ' };
}

/** The body with each named box as wished. Boxes it does not have (any more) are left out. */
export function setTasks(body: string, wishes: ReadonlyMap<string, boolean>): string {
  return body
    .split('\n')
    .map((line) => {
      const task = taskOf(line);
      const wish = task ? wishes.get(task.id) : undefined;
      if (!task || wish === undefined || wish === task.ticked) return line;
      return line.replace(/\[[ xX]\]/, wish ? '[x]' : '[ ]');
    })
    .join('\n');
}
