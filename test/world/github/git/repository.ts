// Makes bare repositories and reads them: refs, commits, files, differences.
// Moves no ref except the first; merging is in merge.ts.

import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { git, gitBytes, gitOrNull } from './git.ts';

export const zeroSha = '0'.repeat(40);

/** What GitHub's git server allows: pushing, partial clones, fetching any commit by its id. */
const serverSettings = `[http]
\treceivepack = true
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
`;

/** A bare repository; with a folder, its files (ignored ones left out) are the first commit. */
export async function makeBareRepository(input: {
  dir: string;
  branch: string;
  fromDirectory: string | undefined;
}): Promise<void> {
  const { dir, branch, fromDirectory } = input;
  await mkdir(dir, { recursive: true });
  await git(dir, ['init', '--quiet', '--bare', '--template=', `--initial-branch=${branch}`]);
  await appendFile(join(dir, 'config'), serverSettings);
  if (fromDirectory) await commitDirectory(dir, { from: resolve(fromDirectory), branch });
}

async function commitDirectory(dir: string, input: { from: string; branch: string }): Promise<void> {
  const index = join(dir, 'first-index');
  const env = { GIT_INDEX_FILE: index, GIT_DIR: dir, GIT_WORK_TREE: input.from };
  await git(input.from, ['add', '--all', '.'], { env });
  const tree = await git(input.from, ['write-tree'], { env });
  const commit = await git(dir, ['commit-tree', tree, '-m', 'Initial commit']);
  await git(dir, ['update-ref', `refs/heads/${input.branch}`, commit]);
  await rm(index, { force: true });
}

export type Ref = { ref: string; sha: string };

/** Every ref that starts so, sorted by name. */
export async function listRefs(dir: string, prefix: string): Promise<Ref[]> {
  const lines = await git(dir, ['for-each-ref', '--format=%(objectname) %(refname)']);
  return lines
    .split('\n')
    .filter(Boolean)
    .map((line) => ({ sha: line.slice(0, 40), ref: line.slice(41) }))
    .filter((one) => one.ref.startsWith(prefix));
}

/** The commit a full ref stands at; null when absent. */
export const readRef = (dir: string, ref: string): Promise<string | null> =>
  gitOrNull(dir, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);

/** The object itself, which for an annotated tag is not the commit; null when absent. */
export const readRefObject = (dir: string, ref: string): Promise<string | null> =>
  gitOrNull(dir, ['rev-parse', '--verify', '--quiet', '--end-of-options', ref]);

export const branchRef = (branch: string): string => `refs/heads/${branch}`;
export const readBranch = (dir: string, branch: string): Promise<string | null> =>
  readRef(dir, branchRef(branch));

/** What a branch, a tag, `heads/x` or a (short) id names; null when nothing does. A whole id is never a name. */
export async function resolveRevision(dir: string, revision: string): Promise<string | null> {
  if (/[\s\0]/.test(revision)) return null;
  const names = isWholeId(revision) ? [] : [branchRef(revision), `refs/tags/${revision}`, `refs/${revision}`];
  return firstCommit(dir, /^[0-9a-f]{4,40}$/.test(revision) ? [...names, revision] : names);
}

export const isWholeId = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision);

/** By one process, for starting one is what a request of the stand-in costs most. */
async function firstCommit(dir: string, candidates: readonly string[]): Promise<string | null> {
  const input = candidates.map((one) => `${one}^{commit}\n`).join('');
  const lines = await git(dir, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], { input });
  return /^([0-9a-f]{40}) commit$/m.exec(lines)?.[1] ?? null;
}

type Signature = { name: string; email: string; date: string };
export type Commit = {
  sha: string;
  tree: string;
  parents: string[];
  author: Signature;
  committer: Signature;
  message: string;
};

const format = '%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B';

/** The commits git log gives for these arguments, newest first; with paths, only those that touch them. */
export async function log(
  dir: string,
  args: readonly string[],
  paths: readonly string[] = [],
): Promise<Commit[]> {
  const out = await git(dir, ['log', '-z', `--format=${format}`, ...args, '--', ...paths]);
  return out ? splitLog(out) : [];
}

/** Ten fields a commit; a message holds no NUL, so counting is enough. */
function splitLog(out: string): Commit[] {
  const fields = out.split('\0');
  const commits: Commit[] = [];
  for (let at = 0; at + 9 < fields.length; at += 10) {
    const [
      sha = '',
      tree = '',
      parents = '',
      an = '',
      ae = '',
      ad = '',
      cn = '',
      ce = '',
      cd = '',
      message = '',
    ] = fields.slice(at, at + 10);
    commits.push({
      sha,
      tree,
      parents: parents.split(' ').filter(Boolean),
      author: { name: an, email: ae, date: ad },
      committer: { name: cn, email: ce, date: cd },
      message: message.replace(/\n+$/, ''),
    });
  }
  return commits;
}

/** Throws when there is no such commit. */
export async function readCommit(dir: string, sha: string): Promise<Commit> {
  const [commit] = await log(dir, ['-1', sha]);
  if (!commit) throw new Error(`No commit ${sha} in ${dir}.`);
  return commit;
}

export type TreeEntry = {
  mode: string;
  type: 'blob' | 'tree' | 'commit';
  sha: string;
  size: number;
  path: string;
};

/** What lies at that path: one entry for a file, the children for a folder, null for nothing. */
export async function listPath(
  dir: string,
  commit: string,
  path: string,
): Promise<TreeEntry[] | TreeEntry | null> {
  const [itself] = path === '' ? [] : await lsTree(dir, commit, path);
  if (itself && itself.type !== 'tree') return itself;
  if (path !== '' && !itself) return null;
  return lsTree(dir, commit, path === '' ? '' : `${path}/`);
}

async function lsTree(dir: string, commit: string, path: string): Promise<TreeEntry[]> {
  const out = await git(dir, [
    'ls-tree',
    '-z',
    '--long',
    '--full-tree',
    commit,
    ...(path ? ['--', path] : []),
  ]);
  return out
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const [, mode = '', type = '', sha = '', size = '', name = ''] =
        /^(\d+) (\w+) (\w+) +(\S+)\t(.*)$/s.exec(line) ?? [];
      return { mode, type: type as TreeEntry['type'], sha, size: Number(size) || 0, path: name };
    });
}

export const readBlob = (dir: string, sha: string): Promise<Buffer> =>
  gitBytes(dir, ['cat-file', 'blob', sha]);

/** How many commits each side has that the other has not. */
export async function countApart(
  dir: string,
  base: string,
  head: string,
): Promise<{ ahead: number; behind: number }> {
  const out = await git(dir, ['rev-list', '--left-right', '--count', `${base}...${head}`]);
  const [behind = 0, ahead = 0] = out.split(/\s+/).map(Number);
  return { ahead, behind };
}

export const mergeBase = (dir: string, base: string, head: string): Promise<string | null> =>
  gitOrNull(dir, ['merge-base', base, head]);
