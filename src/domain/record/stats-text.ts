// Statistics as tables that read anywhere, and charts where Mermaid is drawn.
// Names from outside enter a chart as plain words only: Mermaid has no way to escape.

import { precisionChart, recordTable } from './record-text.ts';
import type { Bucket, Stats } from './stats.ts';
import { plainWords } from './stats-words.ts';
import { inline } from '../untrusted.ts';

export function statsText(stats: Stats): string {
  return [
    `**${stats.unresolved} unresolved**, ${stats.active} active, ${stats.hidden} hidden as noise.`,
    ...part('How often', stats.frequency),
    ...part('By level', stats.levels),
    ...part('By platform', stats.platforms),
    ...part('Last seen in release', stats.releases),
    ...part('Known for', stats.ages),
    ownTable(stats.record),
    ...recordTable('By fixer', stats.fixers),
    ...precisionChart(stats.fixers),
    ...recordTable('By change', stats.strategies),
    ...recordTable('By class of crash', stats.crashes),
  ].join('\n\n');
}

function part(title: string, buckets: readonly Bucket[]): string[] {
  const filled = buckets.filter((bucket) => bucket.count > 0);
  if (filled.length === 0) return [];
  const chart = filled.length > 1 ? [pie(title, filled)] : [];
  return [table(title, buckets), ...chart];
}

function table(title: string, buckets: readonly Bucket[]): string {
  return [
    `| ${title} | Sentry issues |`,
    '|---|--:|',
    ...buckets.map(({ name, count }) => `| ${inline(name, 60)} | ${count} |`),
  ].join('\n');
}

function pie(title: string, buckets: readonly Bucket[]): string {
  const slices = buckets.map(({ name, count }) => `  "${plainWords(name)}" : ${count}`);
  return ['```mermaid', 'pie showData', `  title ${plainWords(title)}`, ...slices, '```'].join('\n');
}

function ownTable({ fixed, open, refused, archived, reopened, medianToPull }: Stats['record']): string {
  const rows: [string, string][] = [
    ['fixed and resolved', String(fixed)],
    ['pull request open or merged', String(open)],
    ['left to a person', String(refused)],
    ['archived', String(archived)],
    ['came back after a fix', String(reopened)],
    ['median time from tick to pull request', medianToPull === null ? '–' : duration(medianToPull)],
  ];
  return ['| My record | |', '|---|--:|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join(
    '\n',
  );
}

/** `45 s`, `12 min`, `3 h`, `2 days`. */
function duration(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1) return `${Math.max(0, Math.round(ms / 1000))} s`;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}
