// The repository's file list, arranged for "which files end like this?".
// It must not read files; it only knows their names.

export type FileIndex = {
  has(path: string): boolean;
  /** Paths whose last segment is this, in the order of the list. */
  named(basename: string): readonly string[];
  /** How many files there are. */
  readonly size: number;
};

/** A file and how many of its last segments equal the reported ones. */
export type SuffixMatch = {
  path: string;
  shared: number;
  /** The whole reported path is the end of the file's path, or the other way round. */
  complete: boolean;
};

const none: readonly string[] = [];

/** Builds the index in one pass over the list (repository-relative, forward slashes). */
export function indexFiles(paths: readonly string[]): FileIndex {
  const all = new Set(paths);
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const same = byName.get(name);
    if (same) same.push(path);
    else byName.set(name, [path]);
  }
  return { has: (path) => all.has(path), named: (name) => byName.get(name) ?? none, size: all.size };
}

/**
 * The files that share the most last segments with the reported path, whole segments only
 * (reference sentry.md, 6.2 step 5). Several answers mean the path is ambiguous. A file that the whole
 * reported path ends, or that ends with it, wins over one that merely resembles it.
 */
export function longestSuffix(index: FileIndex, segments: readonly string[]): SuffixMatch[] {
  const last = segments.at(-1);
  if (last === undefined) return [];
  const matches = index.named(last).map((path) => suffixMatch(path, segments));
  const most = matches.reduce((longest, match) => Math.max(longest, match.shared), 0);
  return matches.filter((match) => match.shared === most);
}

function suffixMatch(path: string, segments: readonly string[]): SuffixMatch {
  const own = path.split('/');
  const length = Math.min(own.length, segments.length);
  let shared = 0;
  while (shared < length && own[own.length - 1 - shared] === segments[segments.length - 1 - shared])
    shared += 1;
  return { path, shared, complete: shared === length };
}
