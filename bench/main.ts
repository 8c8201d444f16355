// `npm run bench [-- name …]`: measures, each row in a file of its own, and prints what one run gave side by side.
// `-- fix --timeline` also prints what the last fix did when.
// A row must finish within 30 seconds, unless it runs only by name, and compare with something anybody can run.

import { fixLarger } from './fix-larger.ts';
import { fix } from './fix.ts';
import { locate } from './locate.ts';
import { refresh } from './refresh.ts';
import { settle } from './settle.ts';
import { webhooks } from './webhooks.ts';

/** A row gives the lines of its table: a heading first, then one line per thing measured. */
export type Row = {
  name: string;
  what: string;
  /** It takes longer than a row may, so it runs only when it is named. */
  byName?: boolean;
  run: (how: { timeline: boolean }) => Promise<readonly (readonly string[])[]>;
};

const rows: readonly Row[] = [webhooks, locate, refresh, settle, fix, fixLarger];

const words = process.argv.slice(2);
const timeline = words.includes('--timeline');
const wanted = words.filter((word) => word !== '--timeline');
const unknown = wanted.filter((name) => !rows.some((row) => row.name === name));
if (unknown.length > 0) {
  console.error(`No such row: ${unknown.join(', ')}. There are: ${rows.map((row) => row.name).join(', ')}.`);
  process.exit(2);
}

const isWanted = ({ name, byName = false }: Row): boolean =>
  wanted.length === 0 ? !byName : wanted.includes(name);
for (const row of rows.filter(isWanted)) {
  console.log(`\n${row.name}: ${row.what}\n`);
  console.log(render(await row.run({ timeline })));
}

function render(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return lines.map((line) => line.map(pad).join('   ')).join('\n');
}
