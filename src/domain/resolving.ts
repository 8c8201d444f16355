// How a merged fix is resolved at the source: what the repository asked for, and what is done where that is refused.
// Every way out is said to people, in a note beside the resolution.

import type { RepoRef } from './problem.ts';

/** What a repository may ask for (`resolve` in its settings). */
export const resolveWishes = ['in-next-release', 'in-commit', 'now'] as const;
export type ResolveWish = (typeof resolveWishes)[number];

/** What the source may refuse, with a way out. */
export type ResolveRefused = 'no-release' | 'unknown-repository' | 'unknown-commit';

export type Resolving = {
  wish: ResolveWish;
  refused: readonly ResolveRefused[];
  repo: RepoRef;
  mergeSha: string | null;
  mergedAt: number;
  now: number;
};

export type ResolveTry =
  | { kind: 'try'; how: 'in-next-release' | 'now' | { commit: string; repo: RepoRef } }
  /** The source hears of a merged commit with a delay (reference sentry.md, 8). */
  | { kind: 'wait' };

const patienceMs = 10 * 60 * 1000;

/** The next thing to try, after all that was refused in this run. */
export function nextTry(asked: Resolving): ResolveTry {
  const { wish, refused, repo, mergeSha, mergedAt, now } = asked;
  const commitWorks = !refused.includes('unknown-repository') && !refused.includes('unknown-commit');
  if (wish === 'in-commit' && mergeSha !== null && commitWorks)
    return { kind: 'try', how: { commit: mergeSha, repo } };
  if (refused.includes('unknown-commit') && now - mergedAt < patienceMs) return { kind: 'wait' };
  if (wish === 'now' || refused.includes('no-release')) return { kind: 'try', how: 'now' };
  return { kind: 'try', how: 'in-next-release' };
}

const notes: Record<ResolveRefused, string> = {
  'unknown-repository':
    'Sentry does not know this repository, so it could not be resolved in its commit; add the repository in Sentry to change that',
  'unknown-commit': 'Sentry has not heard of the merged commit, so it could not be resolved in that commit',
  'no-release':
    'this project has no release in Sentry, so I resolved it at once and any later event reopens it',
};

/** Why it was not done as the repository asked; null when it was. */
export function refusedNote(refused: readonly ResolveRefused[]): string | null {
  return refused.length === 0 ? null : refused.map((why) => notes[why]).join('; ');
}

/** For a problem that nobody can resolve any more. */
export const goneNote =
  'Sentry does not show it any more (deleted, merged into another one, or moved), so there was nothing to resolve';

export const archivedNote = 'it was archived in Sentry, so I left it so';
