// Finds the commit that the event's code was built from. It must not guess silently: how is part of the answer.

import type { Origin } from '../../domain/crash/location.ts';
import { commitInRelease, tagOfRelease } from '../../domain/locate/release-tag.ts';
import type { LocateInput } from '../locate-crash.ts';

/**
 * By the source's own word, by a commit's id in the release's name, by a tag, and last by the time of the
 * event. Null when nothing is known, or when there is no history to ask.
 */
export async function findOrigin(input: LocateInput): Promise<Origin | null> {
  const { event, repository, history, base } = input;
  if (!history) return null;
  for (const id of [event.releaseCommit, commitInRelease(event.release ?? '')]) {
    const commit = id === null ? null : await repository.resolveRevision(id);
    if (commit !== null && id !== null) return { commit, how: 'release commit', name: id.slice(0, 10) };
  }
  if (event.release !== null) {
    const tag = tagOfRelease(event.release, await history.listTags());
    if (tag) return { commit: tag.commit, how: 'tag', name: tag.name };
  }
  const before = event.at === null ? null : await history.commitBefore(base, event.at);
  return before === null ? null : { commit: before, how: 'time', name: before.slice(0, 10) };
}
