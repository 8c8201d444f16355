// Counts per day as a line of small bars, which every reader of Markdown shows.

const bars = '▁▂▃▄▅▆▇█';

/** One bar per count, scaled to the largest; a day without events is the lowest bar. Empty for no counts. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts
    .map((count) => bars[count <= 0 ? 0 : Math.max(1, Math.round((count / most) * (bars.length - 1)))] ?? '')
    .join('');
}
