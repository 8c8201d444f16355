// What follows when refs moved, by push, by API or by merge: pull requests keep up, suites begin, apps are told.
// Moves no ref itself.

import type { Account, Issue, Repo } from '../records.ts';
import { renderSimpleCommit } from '../render/commits.ts';
import { pullOf } from '../render/pulls.ts';
import { renderPushRepository, webUrl } from '../render/repository.ts';
import type { State } from '../state.ts';
import { startSuites } from '../suites.ts';
import { emit } from '../webhooks/emit.ts';
import { emitPull } from '../webhooks/pulls.ts';
import { refreshPull } from './pull-state.ts';
import { git, gitOrNull } from './git.ts';
import type { RefChange } from './receive.ts';
import { log, zeroSha } from './repository.ts';

type By = { sender: Account; changes: readonly RefChange[] };

export async function refsChanged(state: State, repo: Repo, by: By): Promise<void> {
  repo.pushedAt = state.now();
  for (const change of by.changes) {
    tellCreatedOrDeleted(state, repo, { change, sender: by.sender });
    await tellPush(state, repo, { change, sender: by.sender });
    if (!change.ref.startsWith('refs/heads/')) continue;
    const branch = change.ref.slice('refs/heads/'.length);
    if (change.after !== zeroSha)
      await startSuites(state, repo, { branch, sha: change.after, before: change.before });
    await updatePulls(state, repo, { branch, change, sender: by.sender });
  }
}

type Moved = { change: RefChange; sender: Account };

function tellCreatedOrDeleted(state: State, repo: Repo, { change, sender }: Moved): void {
  const created = change.before === zeroSha;
  if (!created && change.after !== zeroSha) return;
  const [, kind, ref] = /^refs\/(heads|tags)\/(.*)$/.exec(change.ref) ?? [];
  if (!kind || !ref) return;
  emit(state, repo, {
    event: created ? 'create' : 'delete',
    sender,
    payload: {
      ref,
      ref_type: kind === 'heads' ? 'branch' : 'tag',
      ...(created && { master_branch: repo.defaultBranch, description: null }),
      pusher_type: 'user',
    },
  });
}

async function tellPush(state: State, repo: Repo, { change, sender }: Moved): Promise<void> {
  const { ref, before, after } = change;
  const created = before === zeroSha;
  const deleted = after === zeroSha;
  const commits = deleted ? [] : await pushedCommits(state, repo, change);
  const forced =
    !created &&
    !deleted &&
    (await gitOrNull(repo.dir, ['merge-base', '--is-ancestor', before, after])) === null;
  emit(state, repo, {
    event: 'push',
    sender,
    payload: {
      ref,
      before,
      after,
      created,
      deleted,
      forced,
      base_ref: null,
      compare: `${webUrl(state, repo)}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
      commits,
      head_commit: commits.at(-1) ?? null,
      repository: renderPushRepository(state, repo),
      pusher: { name: sender.login, email: `${sender.id}+${sender.login}@users.noreply.github.com` },
    },
  });
}

/** Oldest first, as pushes list them, with the files each commit touched. */
async function pushedCommits(state: State, repo: Repo, change: RefChange) {
  const range =
    change.before === zeroSha ? ['-1', change.after] : ['-200', change.after, `^${change.before}`];
  const commits = await log(repo.dir, range);
  return Promise.all(
    commits.toReversed().map(async (commit) => ({
      ...renderSimpleCommit(commit),
      distinct: true,
      url: `${webUrl(state, repo)}/commit/${commit.sha}`,
      ...(await touchedFiles(repo, commit.sha)),
    })),
  );
}

async function touchedFiles(repo: Repo, sha: string) {
  const args = ['diff-tree', '-r', '--root', '--no-commit-id', '--name-status', '--no-renames', sha];
  const lines = (await git(repo.dir, args)).split('\n').filter(Boolean);
  const named = (letter: string) =>
    lines.filter((line) => line.startsWith(letter)).map((line) => line.slice(2));
  return { added: named('A'), removed: named('D'), modified: named('M') };
}

async function updatePulls(state: State, repo: Repo, moved: Moved & { branch: string }): Promise<void> {
  for (const issue of repo.issues.values()) {
    if (!issue.pull || issue.state === 'closed') continue;
    if (issue.pull.head === moved.branch) await moveHead(state, { repo, issue }, moved);
    else if (issue.pull.base === moved.branch) await moveBase(state, { repo, issue }, moved);
  }
}

async function moveHead(
  state: State,
  target: { repo: Repo; issue: Issue },
  { change, sender }: Moved,
): Promise<void> {
  if (change.after === zeroSha) return closePull(state, target, sender);
  const pull = pullOf(target.issue);
  pull.headSha = change.after;
  await refreshPull(target.repo, target.issue);
  target.issue.updatedAt = state.now();
  const more = { before: change.before, after: change.after };
  emitPull(state, target, { action: 'synchronize', sender, more });
}

/** A push that already holds the head counts as the merge; a deleted base closes. */
async function moveBase(
  state: State,
  target: { repo: Repo; issue: Issue },
  { change, sender }: Moved,
): Promise<void> {
  if (change.after === zeroSha) return closePull(state, target, sender);
  const pull = pullOf(target.issue);
  const ancestor = ['merge-base', '--is-ancestor', pull.headSha, change.after];
  if ((await gitOrNull(target.repo.dir, ancestor)) === null) {
    pull.baseSha = change.after;
    return refreshPull(target.repo, target.issue);
  }
  pull.merged = { at: state.now(), by: sender, sha: change.after };
  closePull(state, target, sender);
}

/** Closed, merged or not; tells the apps. */
export function closePull(state: State, target: { repo: Repo; issue: Issue }, sender: Account): void {
  const { issue } = target;
  issue.state = 'closed';
  issue.closedAt = state.now();
  issue.closedBy = sender;
  issue.updatedAt = state.now();
  emitPull(state, target, { action: 'closed', sender });
}
