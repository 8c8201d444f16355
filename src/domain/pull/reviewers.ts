// Whom to ask for a review: the owners of the changed files, then whoever touched the crash line last.
// It names candidates; whether the host takes them is the host's word.

import { ownersOf } from '../locate/code-owners.ts';

/** More would be nobody's job. */
const mostAsked = 3;

/** Logins, and teams by their short names. */
export type Reviewers = { people: string[]; teams: string[] };

export type ReviewCandidates = {
  /** The text of CODEOWNERS; null when there is none. */
  owners: string | null;
  files: readonly string[];
  /** Who wrote the crash line last, when a collaborator. */
  author: string | null;
  /** Who was asked already, or must not be: ourselves. */
  not: readonly string[];
};

/** Nobody twice, at most three in all. Owners given by e-mail cannot be asked. */
export function chooseReviewers({ owners, files, author, not }: ReviewCandidates): Reviewers {
  const named = owners === null ? [] : files.flatMap((file) => ownersOf(owners, file));
  const handles = named.filter((owner) => owner.startsWith('@')).map((owner) => owner.slice(1));
  const all = author === null ? handles : [...handles, author];
  const seen = new Set(not.map((login) => login.toLowerCase()));
  const chosen = all.filter((login) => {
    const isNew = !seen.has(login.toLowerCase());
    seen.add(login.toLowerCase());
    return isNew;
  });
  const few = chosen.slice(0, mostAsked);
  return {
    people: few.filter((login) => !login.includes('/')),
    teams: few.filter((login) => login.includes('/')).map((login) => login.slice(login.indexOf('/') + 1)),
  };
}
