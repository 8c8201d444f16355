// Which runs of a check still count when it ran more than once on the same commit. It must not judge them.

/** One run of a check, as far as a verdict needs it. */
export type Run = {
  id: number;
  name: string;
  status: string;
  conclusion: string | null;
  /** The app that reports it; null when the host does not say. */
  app: { id: number; slug: string } | null;
  /** The suite it belongs to; null when the host does not say. */
  suite: number | null;
  startedAt: number | null;
  completedAt: number | null;
};

/** Ended without saying anything about the commit: whatever ran after it speaks instead. */
const wordless = new Set(['cancelled', 'stale']);

/**
 * The runs that no later one replaces. A re-run replaces the run of its own name, app and suite. A run of another
 * suite replaces it only when it began after the earlier one had ended (a workflow triggered again), or when the
 * earlier one was cancelled: two workflows that name a job alike both count.
 */
export function latestRuns<R extends Run>(runs: readonly R[]): R[] {
  return runs.filter((run) => !runs.some((other) => replaces(other, run)));
}

function replaces(later: Run, earlier: Run): boolean {
  if (later.name !== earlier.name || later.app?.id !== earlier.app?.id || later.id <= earlier.id)
    return false;
  if (later.suite === earlier.suite || wordless.has(earlier.conclusion ?? '')) return true;
  return earlier.completedAt !== null && later.startedAt !== null && later.startedAt >= earlier.completedAt;
}
