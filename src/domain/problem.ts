// A problem is what the alert source reports (a Sentry issue), in our own words.
// It must not know the source's JSON; src/sentry/ translates.

/** How bad the source says it is. `sample` and `unknown` exist on the wire and mean nothing to us. */
export type Level = 'fatal' | 'error' | 'warning' | 'info' | 'debug' | 'sample' | 'unknown';

/** Where the problem stands at the source. `other` covers deletion, merging and reprocessing. */
export type SourceStatus = 'unresolved' | 'resolved' | 'ignored' | 'other';

/** One organisation and project of the alert source, as the operator wrote them. */
export type ProjectRef = { org: string; project: string };

/** One repository of the code host. */
export type RepoRef = { owner: string; name: string };

/** The operator's word that a project of the source belongs to a repository. */
export type Binding = { id: string; source: ProjectRef; repo: RepoRef };

export type Problem = {
  /** The source's own id, digits as text. The key for every call. */
  id: string;
  /** What people say: `PER-1A`. Falls back to the id where the source has none. */
  shortId: string;
  /** Hostile text. */
  title: string;
  /** Hostile text. */
  culprit: string | null;
  level: Level;
  status: SourceStatus;
  substatus: string | null;
  /** Events in the queried window. */
  count: number;
  userCount: number;
  /** Milliseconds since 1970, or null when the source does not say. */
  firstSeen: number | null;
  lastSeen: number | null;
  platform: string | null;
  /** `error` for crashes; monitors and feedback have others. */
  category: string | null;
  unhandled: boolean | null;
  /** Exception class and message as the source keeps them. Hostile text. */
  exception: { type: string | null; value: string | null };
  /** Events per day, oldest first, at most the last 14 days; empty where the source does not say. */
  daily: readonly number[];
  /** The releases it was first and last seen in; null where the source does not say (its list never does). */
  releases: { first: string | null; last: string | null } | null;
  permalink: string;
  /** The source's id of the project, to tell a moved problem from ours. */
  projectId: string | null;
};

/** Renders `owner/name`. */
export function repoName(repo: RepoRef): string {
  return `${repo.owner}/${repo.name}`;
}

/** True when both name the same repository; the code host ignores case. */
export function sameRepo(left: RepoRef, right: RepoRef): boolean {
  return repoName(left).toLowerCase() === repoName(right).toLowerCase();
}
