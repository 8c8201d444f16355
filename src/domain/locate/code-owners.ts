// Reads CODEOWNERS: whom a repository names for a path. It must not notify anyone; texts show names inert.

/** Where the code host looks, in its order. */
export const codeOwnersPaths: readonly string[] = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

const longestPattern = 400;

/** The owners of the last matching line; empty when none matches or the line names nobody. */
export function ownersOf(text: string, path: string): string[] {
  const rules = text.split('\n').flatMap((line) => {
    const [pattern, ...owners] = line
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/\s+/);
    return pattern && pattern.length <= longestPattern ? [{ pattern, owners }] : [];
  });
  const last = rules.findLast((rule) => matches(rule.pattern, path));
  return last?.owners.filter((owner) => /^@[\w./-]+$|^\S+@\S+$/.test(owner)) ?? [];
}

/**
 * Patterns as in .gitignore without negation: anchored when a slash stands before the end, `*` within a
 * folder, `**` across, a folder owns what is below it. Compared segment by segment, so that no pattern is slow.
 */
function matches(pattern: string, path: string): boolean {
  const anchored = pattern.replace(/\/$/, '').includes('/');
  const parts = pattern
    .replace(/^\//, '')
    .split('/')
    .filter((part) => part !== '');
  const wanted = anchored ? parts : ['**', ...parts];
  return fits(wanted, path.split('/'), pattern.endsWith('/'));
}

/** Which prefixes of the path the pattern so far may have consumed, part by part: never more than parts times path. */
function fits(pattern: readonly string[], path: readonly string[], folder: boolean): boolean {
  let reached = new Set([0]);
  for (const part of pattern) reached = new Set([...reached].flatMap((at) => consumed(part, path, at)));
  if (reached.has(path.length)) return !folder || pattern.at(-1) === '**';
  // `docs/*` owns the files of that folder and nothing deeper; every other ending owns all below.
  return pattern.at(-1) !== '*' && reached.size > 0;
}

/** How far the path is consumed once this part of the pattern has stood at `at`. */
function consumed(part: string, path: readonly string[], at: number): number[] {
  if (part === '**') return Array.from({ length: path.length - at + 1 }, (_, step) => at + step);
  return at < path.length && fitsSegment(part, path[at] ?? '') ? [at + 1] : [];
}

/** `*` inside one segment, piece after piece. */
function fitsSegment(pattern: string, segment: string): boolean {
  const pieces = pattern.split('*');
  let from = 0;
  for (const [index, piece] of pieces.entries()) {
    const at =
      index === pieces.length - 1 && index > 0 ? segment.length - piece.length : segment.indexOf(piece, from);
    const misplaced = index === 0 && at !== 0;
    if (at < from || misplaced || segment.slice(at, at + piece.length) !== piece) return false;
    from = at + piece.length;
  }
  return pieces.length > 1 || segment.length === pattern.length;
}
