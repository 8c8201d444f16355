// What two problems have in common when they are one bug: file, function and class of the exception. A second problem
// with the same root joins the pull request of the first instead of getting one of its own (promise 2).

import type { Location } from './location.ts';

/** A fix whose problem has the same root and that waits for this one's pull request. */
export type Joiner = {
  fixId: string;
  problemId: string;
  shortId: string;
  title: string;
  permalink: string;
  attempt: number;
  approval: { by: string; at: number; via: 'tick' | 'command' };
  /** True once the pull request lists it and it knows the pull request, or how this fix ended. */
  told: boolean;
};

/**
 * The key; null where nothing in this repository is suspected or the crash has no class. Code outside of a named
 * function is told apart by its line: a whole file is not one bug.
 */
export function rootKey(location: Location, crash: string | null): string | null {
  const { suspect } = location;
  if (suspect === null || crash === null) return null;
  return JSON.stringify([suspect.path, suspect.function ?? suspect.line, crash]);
}

/** The class of the exception that the suspected line belongs to. */
export function crashOf(
  exceptions: readonly { type: string | null }[],
  { suspect, frames }: Location,
): string | null {
  const frame = frames.find(({ path, line }) => path === suspect?.path && line === suspect?.line);
  const at = frame?.exception ?? exceptions.length - 1;
  return exceptions[at]?.type ?? null;
}
