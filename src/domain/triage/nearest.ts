// The known word nearest to a mistyped one.

/** The candidate at the smallest edit distance, when at most a third of the word (at least two) must change. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const wanted = word.slice(0, 60).toUpperCase();
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distance(wanted, candidate.slice(0, 60).toUpperCase()) }))
    .toSorted((left, right) => left.distance - right.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, Math.floor(wanted.length / 3)) ? best.candidate : null;
}

/** Insertions, deletions and replacements that turn one word into the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let left = 1; left <= from.length; left += 1) {
    const next = [left];
    for (let right = 1; right <= to.length; right += 1) {
      const replaced = (row[right - 1] ?? 0) + (from[left - 1] === to[right - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[right] ?? 0) + 1, (next[right - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
