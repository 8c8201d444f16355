// What was formatted once, and has not changed since, is not formatted again: a formatter takes a second to start.

import { expect, it } from 'vitest';
import { tidy } from '../../src/jobs/repair/tidy.ts';
import type { Needs, Turn } from '../../src/jobs/repair/result.ts';

const diffOf = (file: string, line: string): string =>
  `diff --git a/${file} b/${file}\n--- a/${file}\n+++ b/${file}\n@@ -1 +1 @@\n-old\n+${line}\n`;

/** A worktree whose diff is that, and a formatter that writes its files down. */
function scene(diff: string) {
  const asked: string[] = [];
  const format = async (file: string) => {
    asked.push(file);
    return null;
  };
  const worktree = { dir: '/', work: async () => ({ changes: [], diff }) };
  const ports = { checks: { format } } as unknown as Needs;
  return { asked, ports, turn: { worktree, limits: { files: 5, lines: 80 } } as unknown as Turn };
}

it('formats what came, or changed, since it was tidy', async () => {
  const first = diffOf('a.ts', 'one');
  const { asked, ports, turn } = scene(first + diffOf('b.ts', 'two'));
  await tidy(ports, turn, first);
  expect(asked).toEqual(['b.ts']);
  await tidy(ports, turn, diffOf('a.ts', 'another'));
  expect(asked.slice(1)).toEqual(['a.ts', 'b.ts']);
});

it('formats all of it when nothing is known, and nothing of a change that is too large', async () => {
  const { asked, ports, turn } = scene(diffOf('a.ts', 'one') + diffOf('b.ts', 'two'));
  await tidy(ports, turn);
  expect(asked).toEqual(['a.ts', 'b.ts']);
  await tidy(ports, { ...turn, limits: { files: 1, lines: 80 } });
  expect(asked).toHaveLength(2);
});
