// What people and CI do in the simulated world, and a record of every word of theirs that may start work.

import type { Role } from '../../src/ports.ts';
import { boxKey, readBoxes } from '../../src/domain/ticks.ts';
import { changeProblem, sayMoved } from './memory/alerts.ts';
import {
  addComment,
  changePull,
  editIssue,
  mergePull,
  moveBranch,
  pushFrom,
  reportRun,
  type MergeMethod,
} from './memory/forge.ts';
import { signer } from './process.ts';
import { problemOf } from './problems.ts';
import type { Site, World } from './world.ts';

/** One tick or command, as it was made. */
export type Act = {
  site: Site;
  problemId: string;
  login: string;
  at: number;
  /** The comment's id; null for a tick. */
  comment: number | null;
  /** Had the role at some moment since it was made. */
  permitted: boolean;
  /** Must be heard: made where it was offered, by one who might, and the delivery was not lost. */
  binding: boolean;
};

export type Crowd = {
  acts: Act[];
  /** Who asked for a problem to be archived. */
  archives: { site: Site; problemId: string; permitted: boolean }[];
  /** Pull requests closed by a person, and when. */
  closed: { site: Site; problemId: string; at: number }[];
  /** Bodies that a browser may still show. */
  seen: Map<Site, string[]>;
};

export function newCrowd(): Crowd {
  return { acts: [], archives: [], closed: [], seen: new Map() };
}

const human = (login: string) => ({ login, kind: 'human' as const });

export function raise(world: World, site: Site, index: number): void {
  const made = problemOf({ project: site.project, index, at: world.now });
  const known = site.project.problems.get(made.problem.id);
  if (known) {
    const status =
      known.problem.status === 'unresolved' ? {} : { status: 'unresolved' as const, substatus: 'regressed' };
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

function openTriage(site: Site) {
  return [...site.repo.issues.values()].findLast((issue) => issue.state === 'open') ?? null;
}

/** Flips a box in the body that the person's browser shows: today's, or an older one. */
export function setBox(
  world: World,
  crowd: Crowd,
  how: { site: Site; index: number; login: string; ticked: boolean; stale: boolean },
): void {
  const { site, login } = how;
  const issue = openTriage(site);
  if (!issue) return;
  const seen = crowd.seen.get(site) ?? [];
  const shown = how.stale ? (seen.at(-2) ?? issue.body) : issue.body;
  crowd.seen.set(site, [...seen, issue.body].slice(-4));
  const [from, to] = how.ticked ? ['- [ ]', '- [x]'] : ['- [x]', '- [ ]'];
  const offered = shown.split('\n').filter((line) => line.startsWith(from));
  const line = offered[how.index % Math.max(1, offered.length)] ?? '';
  const body = line === '' ? shown : shown.replace(line, line.replace(from, to));
  if (body === shown) return;
  const { id: bindingId } = site.binding;
  const before = new Map(
    readBoxes(signer, bindingId, issue.body).map((known) => [boxKey(known), known.ticked]),
  );
  for (const known of readBoxes(signer, bindingId, body)) {
    if (before.get(boxKey(known)) === known.ticked) continue;
    const offered = before.has(boxKey(known));
    if (known.ticked) note(world, crowd, { site, problemId: known.subject, login, comment: null, offered });
    else release(crowd, site, known.subject);
  }
  editIssue(world.forge, site.repo, { number: issue.number, editor: human(login), change: { body } });
}

/** Somebody said no meanwhile: an earlier tick need not be heard any more. */
function release(crowd: Crowd, site: Site, problemId: string): void {
  for (const act of crowd.acts) if (act.site === site && act.problemId === problemId) act.binding = false;
}

type Word = { site: Site; problemId: string; login: string; comment: number | null; offered: boolean };

function note(world: World, crowd: Crowd, word: Word): void {
  const { offered, ...act } = word;
  const permitted = canWrite(word.site, word.login);
  const heard = (world.luck[0] ?? 'fine') !== 'lost';
  crowd.acts.push({ ...act, at: world.now, permitted, binding: offered && permitted && heard });
}

function canWrite(site: Site, login: string): boolean {
  return ['write', 'maintain', 'admin'].includes(site.repo.roles.get(login) ?? 'none');
}

export function command(
  world: World,
  crowd: Crowd,
  how: { site: Site; index: number; login: string; verb: 'fix' | 'retry' | 'archive' },
): void {
  const issue = openTriage(how.site);
  if (!issue) return;
  const { site, login } = how;
  const raised = [...site.project.problems.keys()];
  const problemId = raised[how.index % Math.max(1, raised.length)] ?? '100';
  const body = `/sentry ${how.verb} SHOP-${Number(problemId) - 100}A${how.verb === 'archive' ? ' not ours' : ''}`;
  if (how.verb === 'archive') {
    crowd.archives.push({ site, problemId, permitted: canWrite(site, login) });
    return void addComment(world.forge, site.repo, { issue: issue.number, author: human(login), body });
  }
  note(world, crowd, {
    site,
    problemId,
    login,
    comment: world.forge.nextNumber + 1,
    offered: true,
  });
  addComment(world.forge, site.repo, { issue: issue.number, author: human(login), body });
}

/** A line of the other site's issue is pasted here, ticked: its mark is genuine, its place is not. */
export function forge(world: World, how: { from: Site; into: Site; login: string }): void {
  const [from, into] = [openTriage(how.from), openTriage(how.into)];
  const line = from?.body.split('\n').find((text) => text.startsWith('- [ ]'));
  if (!into || line === undefined) return;
  const change = { body: `${into.body}\n${line}\n` };
  editIssue(world.forge, how.into.repo, { number: into.number, editor: human(how.login), change });
  const ticked = { body: change.body.replace(`${line}\n`, `${line.replace('[ ]', '[x]')}\n`) };
  editIssue(world.forge, how.into.repo, { number: into.number, editor: human(how.login), change: ticked });
}

export function setRole(world: World, crowd: Crowd, how: { site: Site; login: string; role: Role }): void {
  how.site.repo.roles.set(how.login, how.role);
  world.forge.revision += 1;
  for (const act of crowd.acts) {
    if (act.site !== how.site || act.login !== how.login) continue;
    act.permitted ||= canWrite(how.site, how.login);
    act.binding = false;
  }
  if (canWrite(how.site, how.login))
    for (const act of crowd.archives) if (act.site === how.site) act.permitted = true;
}

export function closeTriage(world: World, site: Site): void {
  const issue = openTriage(site);
  if (issue)
    editIssue(world.forge, site.repo, {
      number: issue.number,
      editor: human('ada'),
      change: { state: 'closed' },
    });
}

function pullAt(site: Site, index: number) {
  const pulls = [...site.repo.pulls.values()];
  return pulls.length === 0 ? null : (pulls[index % pulls.length] ?? null);
}

export function ci(
  world: World,
  how: { site: Site; pull: number; name: string; conclusion: string | null; merged: boolean },
): void {
  const pull = pullAt(how.site, how.pull);
  const sha = how.merged ? pull?.mergeSha : pull?.headSha;
  if (!sha) return;
  reportRun(world.forge, how.site.repo, { sha, name: how.name, conclusion: how.conclusion });
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
  if (pull.state === 'open') {
    const problemId = problemOfBranch(pull.branch) ?? '';
    crowd.closed.push({ site: how.site, problemId, at: world.now });
    release(crowd, how.site, problemId);
  }
  moveBranch(world.forge, how.site.repo, { branch: pull.branch, sha: null });
}

/** `sentry/shop-3a-…` is about problem 103. */
export function problemOfBranch(branch: string): string | null {
  const index = /^sentry\/shop-(\d+)a-/.exec(branch)?.[1];
  return index === undefined ? null : String(100 + Number(index));
}
