// A repository of one commit kept in memory, for tests of the steps round the real parsers.
// It must not do more than the port promises.

import { createHash } from 'node:crypto';
import type { Repository } from '../../src/ports.ts';

export type MemoryRepository = Repository & { head: string };

/** Files by path; the head's name follows from their contents, as in git. */
export function repositoryOf(files: Record<string, string>): MemoryRepository {
  const head = createHash('sha1').update(JSON.stringify(files)).digest('hex');
  const at = (commit: string): Record<string, string> => (commit === head ? files : {});
  return {
    head,
    resolveRevision: async (revision) => (revision === head || revision === 'HEAD' ? head : null),
    listFiles: async (commit) => Object.keys(at(commit)).toSorted(),
    readText: async (commit, path) => at(commit)[path] ?? null,
    searchText: async (commit, text, limit) =>
      Object.entries(at(commit))
        .flatMap(([path, content]) =>
          content.split('\n').map((line, index) => ({ path, line: index + 1, text: line })),
        )
        .filter((match) => match.text.includes(text))
        .slice(0, limit),
    openWorktree: unused,
    removeWorktree: unused,
  };
}

function unused(): Promise<never> {
  return Promise.reject(new Error('Locating changes nothing.'));
}
