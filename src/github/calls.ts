// One call to a repository with the client of its installation, its failures translated.
// It must not repeat a call that GitHub may have carried out.

import { Refusal } from '../domain/failure.ts';
import { repoName, type RepoRef } from '../domain/problem.ts';
import type { Client } from './app-client.ts';
import { Absent, isStale, MovedAway, toFailure } from './failures.ts';
import type { Installations } from './installations.ts';
import type { Place } from './numbers.ts';

/** What every call about one repository needs. */
export type { Place } from './numbers.ts';
type RepoWork<T> = (client: Client, place: Place) => Promise<T>;

/** `doing` completes the sentence "… to <doing> in owner/name". Throws Refusal, Later or Bug. */
export interface Calls {
  run<T>(repo: RepoRef, doing: string, work: RepoWork<T>): Promise<T>;
  /** Null for what is not there (404, 410, moved away) in a repository that Suture still sees. */
  find<T>(repo: RepoRef, doing: string, work: RepoWork<T>): Promise<T | null>;
}

export function createCalls(parts: {
  installations: Installations;
  appId: string;
  forget: () => void;
}): Calls {
  const { installations, appId, forget } = parts;

  async function once<T>(repo: RepoRef, doing: string, work: RepoWork<T>): Promise<T> {
    const { client, settingsUrl, place } = await installations.of(repo);
    try {
      return await work(client, place);
    } catch (error) {
      if (isStale(error)) throw error;
      throw await explain(toFailure(error, { doing, appId, settingsUrl }), repo);
    }
  }

  /** Whatever was refused, perhaps the installation or the repository is gone: then that is the sentence to give. */
  async function explain(failure: Error, repo: RepoRef): Promise<Error> {
    if (!(failure instanceof Refusal)) return failure;
    installations.drop(repo);
    await installations.of(repo);
    return failure;
  }

  const placeOf = async (repo: RepoRef): Promise<string> => {
    const { place } = await installations.of(repo);
    return `${place.owner}/${place.repo}`;
  };

  /**
   * A token that was revoked, or an installation made anew, is met with fresh ones, and a new name is looked up, once:
   * nothing was carried out.
   */
  async function run<T>(repo: RepoRef, doing: string, work: RepoWork<T>): Promise<T> {
    const what = `${doing} in ${repoName(repo)}`;
    const before = await placeOf(repo);
    try {
      return await once(repo, what, work);
    } catch (error) {
      if (isStale(error)) forget();
      else if (!(error instanceof MovedAway) || (await placeOf(repo)) === before) throw error;
    }
    return once(repo, what, work).catch((error: unknown) => {
      throw toFailure(error, { doing: what, appId, settingsUrl: null });
    });
  }

  return {
    run,
    find: <T>(repo: RepoRef, doing: string, work: RepoWork<T>) =>
      run<T | null>(repo, doing, work).catch((error: unknown) => {
        if (error instanceof Absent) return null;
        throw error;
      }),
  };
}
