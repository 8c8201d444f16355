// Reads what is known of a commit's files: their names and what the manifests say. One listing a commit.
// It must not keep contents.

import { indexFiles, type FileIndex } from '../../domain/locate/file-index.ts';
import { manifestPaths, readManifests, type Manifests } from '../../domain/locate/manifests.ts';
import type { Repository } from '../../ports.ts';

export type RepositoryIndex = { files: FileIndex; manifests: Manifests };

/** Today's heads and the releases that events come from, of the few repositories that are busy at once. */
const keptCommits = 6;
const kept = new Map<string, RepositoryIndex>();

/**
 * A commit's name says exactly what its files are, so what was indexed once stays true. Only finished indexes are
 * kept: a reading that never ends must not hold up the next one.
 */
export async function readIndex(repository: Repository, commit: string): Promise<RepositoryIndex> {
  const index = kept.get(commit) ?? (await buildIndex(repository, commit));
  kept.delete(commit);
  kept.set(commit, index);
  for (const oldest of [...kept.keys()].slice(0, -keptCommits)) kept.delete(oldest);
  return index;
}

async function buildIndex(repository: Repository, commit: string): Promise<RepositoryIndex> {
  const paths = await repository.listFiles(commit);
  const read = await Promise.all(
    manifestPaths(paths).map(async (path) => ({ path, text: await repository.readText(commit, path) })),
  );
  const manifests = read.flatMap(({ path, text }) => (text === null ? [] : [{ path, text }]));
  return { files: indexFiles(paths), manifests: readManifests(manifests) };
}
