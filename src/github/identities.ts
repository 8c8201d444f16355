// Which repository a name of the operator's means: GitHub's own number, remembered at first sight. A name can be given
// to another repository later, which inherits nothing; the number stays through renames and transfers.

import { z } from 'zod';
import { repoName, sameRepo, type RepoRef } from '../domain/problem.ts';

/** What is remembered from one start to the next, of the repositories that the operator named. */
export type Identities = {
  repos: readonly RepoRef[];
  read(repo: RepoRef): Promise<number | null>;
  /** The first word stays. */
  keep(repo: RepoRef, id: number): Promise<void>;
};

/** Where nothing is kept (doctor, the command line) a name means whatever it means now. */
export const forgetful: Identities = { repos: [], read: async () => null, keep: async () => undefined };

/** What a person reads when a name means another repository now. */
export function anotherRepository(repo: RepoRef, ids: { known: number; now: number }): string {
  const name = repoName(repo);
  return (
    `${name} on GitHub is another repository now (number ${ids.now}) than the one that Suture worked for under this ` +
    `name (number ${ids.known}): nothing is read from it or written to it. Give the binding the name that the old ` +
    'one has today, or start with an empty database to work for the new one.'
  );
}

const told = z.object({
  repository: z.object({ id: z.int(), name: z.string(), owner: z.object({ login: z.string() }) }),
});

/**
 * Which of the operator's repositories a delivery is about, by its number: a renamed one keeps the name it has here.
 * `impostor`: the name is known, and it is another repository. Null when the delivery tells of none that is known.
 */
export async function repositoryOf(
  identities: Identities,
  payload: unknown,
): Promise<{ repo: RepoRef; impostor: boolean } | null> {
  const read = told.safeParse(payload);
  if (!read.success) return null;
  const { id, name, owner } = read.data.repository;
  const known = await Promise.all(
    identities.repos.map(async (repo) => ({ repo, id: await identities.read(repo) })),
  );
  const own = known.find((one) => one.id === id);
  if (own) return { repo: own.repo, impostor: false };
  const named = known.find((one) => sameRepo(one.repo, { owner: owner.login, name }) && one.id !== null);
  return named ? { repo: named.repo, impostor: true } : null;
}
