// What people and CI do with pull requests, and what happens to problems at the source.

import { changeProblem, sayMoved } from './memory/alerts.ts';
import { changePull, mergePull, moveBranch, pushFrom, reportRun, type MergeMethod } from './memory/forge.ts';
import { canWrite, human, release, type Crowd } from './crowd.ts';
import { problemOf } from './problems.ts';
import type { Site, World } from './world.ts';

export function raise(world: World, site: Site, index: number): void {
  const made = problemOf({ project: site.project, index, at: world.now });
  const known = site.project.problems.get(made.problem.id);
  if (known) {
    const status =
      known.problem.status === 'unresolved' ? {} : { status: 'unresolved' as const, substatus: 'regressed' };
    if (known.problem.status !== 'unresolved') site.project.cameBack.set(made.problem.id, world.now);
    const fields = { count: known.problem.count + 1, lastSeen: world.now, ...status };
    return changeProblem(world.alerts, site.project, { id: made.problem.id, fields });
  }
  site.project.problems.set(made.problem.id, made);
  sayMoved(world.alerts, site.project, made.problem.id);
}

export function setStatus(
  world: World,
  site: Site,
  change: { index: number; status: 'resolved' | 'ignored' },
): void {
  const id = String(100 + change.index);
  changeProblem(world.alerts, site.project, { id, fields: { status: change.status, substatus: null } });
}

export function pullAt(site: Site, index: number) {
  const pulls = [...site.repo.pulls.values()];
  return pulls.length === 0 ? null : (pulls[index % pulls.length] ?? null);
}

export function ci(
  world: World,
  how: {
    site: Site;
    pull: number;
    name: string;
    conclusion: string | null;
    merged: boolean;
    untold?: boolean;
  },
): void {
  const pull = pullAt(how.site, how.pull);
  const sha = how.merged ? pull?.mergeSha : pull?.headSha;
  if (!sha) return;
  const { emit } = world.forge;
  if (how.untold) world.forge.emit = () => undefined;
  reportRun(world.forge, how.site.repo, { sha, name: how.name, conclusion: how.conclusion });
  world.forge.emit = emit;
}

export function merge(world: World, how: { site: Site; pull: number; method: MergeMethod }): void {
  const pull = pullAt(how.site, how.pull);
  // A draft does not merge: whoever wants it marks it ready first.
  if (pull?.state === 'open' && pull.draft) changePull(world.forge, how.site.repo, { ...pull, draft: false });
  if (pull) mergePull(world.forge, how.site.repo, { number: pull.number, by: 'ada', method: how.method });
}

export function close(world: World, crowd: Crowd, how: { site: Site; pull: number }): void {
  const pull = pullAt(how.site, how.pull);
  if (pull?.state !== 'open') return;
  const problemId = problemOfBranch(pull.branch);
  if (problemId !== null) {
    crowd.closed.push({ site: how.site, problemId, at: world.now });
    release(crowd, how.site, problemId);
  }
  changePull(world.forge, how.site.repo, { ...pull, state: 'closed', closedAt: world.now });
}

/** As the host does: only while the branch stands where it stood, and no other pull request is open from it. */
export function reopen(world: World, how: { site: Site; pull: number }): void {
  const pull = pullAt(how.site, how.pull);
  const { repo } = how.site;
  if (pull?.state !== 'closed' || repo.branches.get(pull.branch) !== pull.headSha) return;
  if ([...repo.pulls.values()].some((other) => other.branch === pull.branch && other.state === 'open'))
    return;
  changePull(world.forge, repo, {
    ...pull,
    state: 'open',
    closedAt: null,
    headSha: repo.branches.get(pull.branch) ?? '',
  });
}

/** A person's own commit on our branch. */
export function pushOnto(world: World, how: { site: Site; pull: number }): void {
  const pull = pullAt(how.site, how.pull);
  if (pull?.state !== 'open') return;
  pushFrom(world.forge, how.site.repo, {
    branch: pull.branch,
    files: { 'notes.md': `${world.now}\n` },
    by: 'ada',
  });
}

export function deleteBranch(world: World, crowd: Crowd, how: { site: Site; pull: number }): void {
  const pull = pullAt(how.site, how.pull);
  if (!pull || !how.site.repo.branches.has(pull.branch)) return;
  // It may be the branch of an earlier one, from which another is open now.
  const isOpen = [...how.site.repo.pulls.values()].some(
    ({ branch, state }) => branch === pull.branch && state === 'open',
  );
  if (isOpen) {
    const problemId = problemOfBranch(pull.branch) ?? '';
    crowd.closed.push({ site: how.site, problemId, at: world.now });
    release(crowd, how.site, problemId);
  }
  moveBranch(world.forge, how.site.repo, { branch: pull.branch, sha: null });
}

/** A review that asks for a change of an open pull request. */
export function review(world: World, crowd: Crowd, how: { site: Site; pull: number; login: string }): void {
  const { site, login } = how;
  const pull = pullAt(site, how.pull);
  const problemId = problemOfBranch(pull?.branch ?? '');
  if (pull?.state !== 'open' || problemId === null) return;
  const id = (world.forge.nextNumber += 1);
  site.repo.reviews.set(id, `Rather keep the type as it is (${id}).`);
  const at = world.now;
  crowd.reviews.push({ site, problemId, login, at, permitted: canWrite(site, login) });
  const by = human(login);
  world.forge.emit({
    kind: 'changes-requested',
    repo: site.repo.ref,
    number: pull.number,
    review: id,
    by,
    at,
  });
}

/** `sentry/shop-3a-…` is about problem 103. */
export function problemOfBranch(branch: string): string | null {
  const index = /^sentry\/shop-(\d+)a-/.exec(branch)?.[1];
  return index === undefined ? null : String(100 + Number(index));
}
