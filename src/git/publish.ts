// Commits named paths and sends one branch. The only file through which work leaves this machine.
// It must not choose paths, and must not send anything but the commit it made.

import { Bug } from '../domain/failure.ts';
import type { CommitRequest, GitAccess } from '../ports.ts';
import { checkedUrl } from './access.ts';
import { git, gitText, type Place, splitNul } from './git.ts';
import { checkedBranch, checkedCommit, isRepositoryPath } from './names.ts';
import { pushFailure, remoteFailure } from './remote.ts';

type Published = Place & { base: string };

/** Belongs to the worktree alone and goes when it goes. */
const localRef = (branch: string) => `refs/worktree/heads/${checkedBranch(branch)}`;

/**
 * Stages exactly these paths by name, compares the staged list with them and commits once with the
 * base as parent, whatever was staged or committed there before. Throws Bug, with nothing committed,
 * when the list differs.
 */
export async function commitPaths(place: Published, request: CommitRequest): Promise<string> {
  const ref = localRef(request.branch);
  const paths = [...new Set(request.paths)].toSorted();
  if (paths.length === 0 || !paths.every(isRepositoryPath))
    throw new Bug(`These are not the paths of a change: ${JSON.stringify(paths)}.`);
  await stage(place, paths);
  const tree = (await gitText(place, ['write-tree'])).trim();
  const commit = await writeCommit(place, tree, request);
  await gitText(place, ['update-ref', '--stdin'], {
    input: `option no-deref\nupdate HEAD ${commit}\nupdate ${ref} ${commit}\n`,
  });
  return commit;
}

/** The list is compared with the base, so what stands there from before shows; then all begins anew at the base. */
async function stage(place: Published, paths: readonly string[]): Promise<void> {
  if ((await tryStaging(place, paths)) === null) return;
  await gitText(place, ['reset', '--mixed', '--quiet', place.base]);
  const wrong = await tryStaging(place, paths);
  if (wrong === null) return;
  await gitText(place, ['reset', '--mixed', '--quiet', place.base]);
  throw wrong;
}

async function tryStaging(place: Published, paths: readonly string[]): Promise<Bug | null> {
  const added = await git(place, ['add', '--pathspec-from-file=-', '--pathspec-file-nul'], {
    input: paths.join('\0'),
  });
  const staged = await readStaged(place);
  const links = staged.filter((entry) => !/^(?:100|000)/.test(entry.mode)).map((entry) => entry.path);
  const list = staged.map((entry) => entry.path).toSorted();
  if (added.exitCode === 0 && links.length === 0 && list.join('\0') === paths.join('\0')) return null;
  if (links.length > 0)
    return new Bug(
      `A change may hold plain files only; these are links or repositories: ${links.join(', ')}.`,
    );
  return new Bug(
    `The staged files are not the intended ones, so nothing was committed. Intended: ${paths.join(', ')}. Staged: ${list.join(', ') || 'none'}. ${added.stderr}`.trim(),
  );
}

async function readStaged(place: Published): Promise<{ mode: string; path: string }[]> {
  const raw = await gitText(place, [
    'diff',
    '--cached',
    '--raw',
    '-z',
    '--no-renames',
    '--no-ext-diff',
    place.base,
    '--',
  ]);
  const parts = splitNul(raw);
  return parts.flatMap((entry, index) =>
    index % 2 === 0 ? [{ mode: entry.split(' ')[1] ?? '', path: parts[index + 1] ?? '' }] : [],
  );
}

/** With git's plumbing: no hook, no editor, no signature, and the parent is the base by construction. */
async function writeCommit(place: Published, tree: string, request: CommitRequest): Promise<string> {
  const { name, email } = request.author;
  const date = `@${Math.floor(Date.now() / 1000)} +0000`;
  const env = {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
  const message = request.message.endsWith('\n') ? request.message : `${request.message}\n`;
  const output = await gitText(place, ['commit-tree', tree, '-p', place.base, '-F', '-'], {
    env,
    input: message,
  });
  return checkedCommit(output.trim());
}

/** Sends exactly that branch's commit to exactly that branch; see Worktree.push in ports.ts. */
export async function pushBranch(
  place: Published,
  branch: string,
  {
    access,
    expected,
    commit: known,
  }: { access: GitAccess; expected: string | null; commit?: string | undefined },
): Promise<void> {
  const commit = known ?? (await readLocal(place, branch));
  const remoteRef = `refs/heads/${branch}`;
  const lease = `--force-with-lease=${remoteRef}:${expected === null ? '' : checkedCommit(expected)}`;
  const args = [
    'push',
    '--porcelain',
    '--no-verify',
    '--no-follow-tags',
    lease,
    '--',
    checkedUrl(access).href,
  ];
  const result = await git(place, [...args, `${commit}:${remoteRef}`], { access });
  if (result.exitCode === 0) return;
  const failure = pushFailure(branch, result.stdout.toString('utf8'), result.stderr);
  throw failure ?? new Bug(`git push of ${branch} failed (exit ${result.exitCode}): ${result.stderr}`);
}

async function readLocal(place: Published, branch: string): Promise<string> {
  const result = await git(place, ['rev-parse', '--verify', '--quiet', localRef(branch)]);
  if (result.exitCode !== 0) throw new Bug(`There is no commit on ${branch} to push.`);
  return checkedCommit(result.stdout.toString('utf8').trim());
}

/** The commit the host's branch stands at; null when there is no such branch. */
export async function readRemoteBranch(
  place: Published,
  branch: string,
  access: GitAccess,
): Promise<string | null> {
  const url = checkedUrl(access);
  const ref = `refs/heads/${checkedBranch(branch)}`;
  const result = await git(place, ['ls-remote', '--', url.href, ref], { access });
  if (result.exitCode !== 0) {
    const failure = remoteFailure(`Reading ${branch}`, result.stderr);
    throw failure ?? new Bug(`git ls-remote failed (exit ${result.exitCode}): ${result.stderr}`);
  }
  const lines = result.stdout.toString('utf8').split('\n');
  const found = lines.map((line) => line.split('\t')).find(([, name]) => name === ref);
  return found?.[0] ?? null;
}
