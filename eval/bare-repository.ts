// Reads a bare clone for evaluations, without a mirror or a network.
// It must not write to the clone.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { simpleGit, type SimpleGit } from 'simple-git';
import type { Repository } from '../src/ports.ts';

const largestText = 2 * 1024 * 1024;

/** The git directory of `owner/name` under `dir`: `<owner>+<name>` itself, or a folder in it. Null when absent. */
export function findClone(dir: string, repo: string): string | null {
  const home = join(dir, repo.replace('/', '+'));
  const places = [home, join(home, 'repo'), join(home, '.git'), join(home, 'repo', '.git')];
  return (
    places.find((place) => existsSync(join(place, 'HEAD')) && existsSync(join(place, 'objects'))) ?? null
  );
}

/** The questions of the port that locating asks, answered by the git program. */
export function openClone(dir: string): Repository {
  const git = simpleGit(dir);
  return {
    resolveRevision: (revision) => resolve(git, revision),
    listFiles: (commit) => listFiles(git, commit),
    readText: (commit, path) => readText(git, commit, path),
    searchText: (commit, text, limit) => search(git, { commit, text, limit }),
    openWorktree: neverWritten,
    removeWorktree: neverWritten,
  };
}

async function resolve(git: SimpleGit, revision: string): Promise<string | null> {
  try {
    return (
      (
        await git.raw('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`)
      ).trim() || null
    );
  } catch {
    return null;
  }
}

async function listFiles(git: SimpleGit, commit: string): Promise<string[]> {
  const listed = await git.raw('ls-tree', '-r', '-z', '--full-tree', commit);
  return listed.split('\0').flatMap((entry) => {
    const tab = entry.indexOf('\t');
    return /^100(?:644|755) blob /.test(entry) ? [entry.slice(tab + 1)] : [];
  });
}

async function readText(git: SimpleGit, commit: string, path: string): Promise<string | null> {
  try {
    const text = await git.raw('cat-file', 'blob', `${commit}:${path}`);
    return text.length > largestText || text.slice(0, 8000).includes('\0') ? null : text;
  } catch {
    return null;
  }
}

async function search(
  git: SimpleGit,
  { commit, text, limit }: { commit: string; text: string; limit: number },
): Promise<{ path: string; line: number; text: string }[]> {
  const found = await grep(git, commit, text);
  return found
    .split('\n')
    .flatMap((line) => {
      const [name, number, ...content] = line.split('\0');
      if (name === undefined || number === undefined) return [];
      return [{ path: name.slice(commit.length + 1), line: Number(number), text: content.join('\0') }];
    })
    .slice(0, limit);
}

/** Git answers "nothing found" with an exit status. */
async function grep(git: SimpleGit, commit: string, text: string): Promise<string> {
  try {
    return await git.raw('grep', '-I', '-F', '-n', '-z', '--full-name', '-e', text, commit);
  } catch {
    return '';
  }
}

function neverWritten(): Promise<never> {
  return Promise.reject(new Error('An evaluation reads clones and never writes to them.'));
}
