// Reads a repository at a commit, straight from its objects; no checkout is needed.
// It must not write and must not go to the network.

import { Bug } from '../domain/failure.ts';
import type { Repository, TextMatch } from '../ports.ts';
import { git, gitOfCommit, type Place, splitNul, textOfCommit } from './git.ts';
import { checkedCommit, isRepositoryPath } from './names.ts';
import { createTextReader } from './read-text.ts';

export type Reading = Pick<Repository, 'resolveRevision' | 'listFiles' | 'readText' | 'searchText'>;

const searchBytes = 4 * 1024 * 1024;
const longestLine = 1000;

/** One entry of a tree. */
export type TreeEntry = { mode: string; path: string };

/** The reading half of a repository. */
export function createReading(place: Place): Reading {
  const readText = createTextReader(place);
  return {
    resolveRevision: (revision) => resolveRevision(place, revision),
    listFiles: async (commit) => {
      const entries = await listTree(place, commit);
      return entries.filter((entry) => entry.mode.startsWith('100')).map((entry) => entry.path);
    },
    readText: async (commit, path) => {
      checkedCommit(commit);
      return isRepositoryPath(path) ? readText(commit, path) : null;
    },
    searchText: (commit, text, limit) => searchText(place, checkedCommit(commit), { text, limit }),
  };
}

/** Every entry below the commit's root, links and submodules included, in byte order of their paths. */
export async function listTree(place: Place, commit: string): Promise<TreeEntry[]> {
  const text = await textOfCommit(place, ['ls-tree', '-r', '-z', '--full-tree', checkedCommit(commit)]);
  return splitNul(text).map((line) => ({ mode: line.slice(0, 6), path: line.slice(line.indexOf('\t') + 1) }));
}

async function resolveRevision(place: Place, revision: string): Promise<string | null> {
  if (!/^[^-\p{Cc}\s:][^\p{Cc}\s:]*$/u.test(revision) || revision.includes('..')) return null;
  const result = await git(place, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
  const id = result.stdout.toString('utf8').trim();
  return result.exitCode === 0 && id !== '' ? id : null;
}

async function searchText(
  place: Place,
  commit: string,
  { text, limit }: { text: string; limit: number },
): Promise<TextMatch[]> {
  if (text === '' || /[\n\0]/.test(text) || limit < 1) return [];
  const output = await gitOfCommit(
    place,
    ['grep', '-F', '-n', '-I', '-z', '--no-color', `--max-count=${limit}`, '-e', text, commit, '--'],
    { maxBytes: searchBytes },
  );
  // 1 means no match; null means that enough came out.
  if (output.exitCode !== null && output.exitCode > 1)
    throw new Bug(`git grep failed in ${place.gitDir} at ${commit}: ${output.stderr}`);
  const lines = output.stdout.toString('utf8').split('\n').slice(0, -1);
  return lines.slice(0, limit).flatMap((line) => parseMatch(line, commit));
}

/** `<commit>:<path> NUL <line> NUL <text>`; anything else was cut off and is left out. */
function parseMatch(line: string, commit: string): TextMatch[] {
  const [file, number, ...text] = line.split('\0');
  if (!file?.startsWith(`${commit}:`) || number === undefined || !/^\d+$/.test(number)) return [];
  const path = file.slice(commit.length + 1);
  return [{ path, line: Number(number), text: text.join('\0').slice(0, longestLine) }];
}
