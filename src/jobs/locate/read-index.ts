// Reads what is known of a commit's files: their names and what the manifests say. One listing a commit.
// It must not keep contents.

import { indexFiles, type FileIndex } from '../../domain/locate/file-index.ts';
import { manifestPaths, readManifests, type Manifests } from '../../domain/locate/manifests.ts';
import type { Repository } from '../../ports.ts';

export type RepositoryIndex = { files: FileIndex; manifests: Manifests };

/** Today's heads and the releases that events come from, of the few repositories that are busy at once. */
const keptCommits = 6;
const kept = new Map<string, Promise<RepositoryIndex>>();

/** A commit's name says exactly what its files are, so what was indexed once stays true. */
export async function readIndex(repository: Repository, commit: string): Promise<RepositoryIndex> {
  const known = kept.get(commit);
  const index = known ?? buildIndex(repository, commit);
  kept.delete(commit);
  kept.set(commit, index);
  for (const oldest of [...kept.keys()].slice(0, -keptCommits)) kept.delete(oldest);
  try {
    return await index;
  } catch (error) {
    kept.delete(commit);
    throw error;
  }
}

async function buildIndex(repository: Repository, commit: string): Promise<RepositoryIndex> {
  const paths = await repository.listFiles(commit);
  const read = await Promise.all(
    manifestPaths(paths).map(async (path) => ({ path, text: await repository.readText(commit, path) })),
  );
  const manifests = read.flatMap(({ path, text }) => (text === null ? [] : [{ path, text }]));
  return { files: indexFiles(paths), manifests: readManifests(manifests) };
}
