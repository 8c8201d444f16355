// The repository's own ledger of who works on what, `.claude/active-runs.md`: hostile text that is only read.
// Two ways of writing an entry are known, a bullet with a time and a heading with a date; what is neither is skipped.

import { utcMidnight } from '../dates.ts';
import { overlaps, staleAfterMs } from './ledger.ts';

export const activeRunsPath = '.claude/active-runs.md';

export type DeclaredRun = {
  /** As written there; hostile. */
  name: string;
  startedAt: number;
  paths: string[];
};

const mostText = 200_000;
const mostEntries = 200;
const mostPaths = 200;
const day = 24 * 60 * 60 * 1000;

/** Entries under "Active" that say they have started and are not done. Never throws. */
export function readActiveRuns(text: string): DeclaredRun[] {
  return entriesOf(activeSection(text.slice(0, mostText)))
    .slice(0, mostEntries)
    .flatMap((entry) => {
      const startedAt = timeOf(entry);
      if (startedAt === null || isOver(entry)) return [];
      return [{ name: nameOf(entry), startedAt, paths: pathsOf(entry) }];
    });
}

/** Those younger than two hours that touch these files. A date without a time counts for the whole day. */
export function declaredOverlap(
  runs: readonly DeclaredRun[],
  mine: { paths: readonly string[]; now: number },
): { run: DeclaredRun; paths: string[] }[] {
  return runs
    .filter((run) => mine.now - run.startedAt < staleAfterMs)
    .map((run) => ({
      run,
      paths: mine.paths.filter((path) => run.paths.some((other) => overlaps(path, other))),
    }))
    .filter(({ paths }) => paths.length > 0);
}

function activeSection(text: string): string[] {
  const lines = text.split(/\r?\n/);
  const from = lines.findIndex((line) => /^##\s+active\b/i.test(line));
  if (from < 0) return [];
  const rest = lines.slice(from + 1);
  const to = rest.findIndex((line) => /^##\s/.test(line));
  return to < 0 ? rest : rest.slice(0, to);
}

/** An entry begins at a heading of the third level, or at a bullet that is not indented and begins with a time. */
function entriesOf(lines: readonly string[]): string[][] {
  const entries: string[][] = [];
  for (const line of lines) {
    if (/^###\s/.test(line) || /^[-*]\s+(?:\*\*)?\[\d{4}-/.test(line)) entries.push([line]);
    else entries.at(-1)?.push(line);
  }
  return entries;
}

function timeOf(entry: readonly string[]): number | null {
  const found = /(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d))?/.exec(entry.join('\n'));
  if (!found) return null;
  const [year = 0, month = 0, dayOfMonth = 0, hour, minute] = found
    .slice(1)
    .map((part) => (part === undefined ? undefined : Number(part)));
  const midnight = utcMidnight(year, month, dayOfMonth);
  if (hour === undefined || minute === undefined) return midnight + day - staleAfterMs;
  return midnight + (hour * 60 + minute) * 60_000;
}

function isOver(entry: readonly string[]): boolean {
  const text = entry.join('\n');
  const status = /status\W{0,6}(\w+)/i.exec(text)?.[1]?.toLowerCase();
  return status !== 'started' || /^#.*\b(?:complete|completed|shipped|aborted)\b/im.test(text);
}

function nameOf(entry: readonly string[]): string {
  return (entry[0] ?? '').replaceAll(/^[#*\-\s]+|\*\*|\[[^\]]*\]/g, '').trim();
}

/** What stands in code spans on a line that is about paths; `{a,b}` names several. */
function pathsOf(entry: readonly string[]): string[] {
  const lines = entry.filter((line) => /^\s*(?:[-*]\s+)?(?:\*\*)?paths?\b/i.test(line));
  const spans = lines.flatMap((line) =>
    [...line.matchAll(/`([^`\n]{1,300})`/g)].map(([, path]) => path ?? ''),
  );
  return spans
    .flatMap(spread)
    .filter((path) => path !== activeRunsPath)
    .slice(0, mostPaths);
}

function spread(path: string): string[] {
  const [, before = '', inside = '', after = ''] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(path) ?? [];
  return inside === '' ? [path] : inside.split(',').map((part) => before + part.trim() + after);
}
