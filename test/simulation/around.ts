// What holds beside the eight promises: the watch, the run ledger, the life of a pull request and the limits on them.
// Checked on the records of the in-memory host, source, machines and database; it must not trust what a job was told.

import { worktreeName, type Fix } from '../../src/domain/fix.ts';
import { stageOf } from '../../src/domain/stage.ts';
import { isActive, staleAfterMs, type Run } from '../../src/domain/ledger/ledger.ts';
import { readFixMark, readFixMarks } from '../../src/domain/marker.ts';
import { repoName } from '../../src/domain/problem.ts';
import { verdictOf } from '../../src/domain/pull/verdict.ts';
import type { PullRequest } from '../../src/ports.ts';
import { Broken } from './broken.ts';
import type { Crowd } from './crowd.ts';
import { base, checksOf, conflictsOf, self } from './memory/forge.ts';
import { problemOfBranch } from './maintainers.ts';
import { fileOf, rootOf } from './problems.ts';
import { signer } from './process.ts';
import type { Site, World } from './world.ts';

type Came = 'joined' | 'held' | 'anyway' | 'waited' | 'touched' | 'superseded' | 'gone' | 'back' | 'batches';

/** What was seen so far, by `binding#number`. */
export type Around = {
  states: Map<string, PullRequest['state']>;
  reopened: Set<string>;
  heads: Map<string, string>;
  /** Somebody else has committed to its branch. */
  touched: Set<string>;
  /** Fixes whose problem was called gone, and when that was looked at. */
  gone: Set<string>;
  came: Record<Came, Set<string>>;
};

export function newAround(): Around {
  const came = {
    joined: new Set<string>(),
    held: new Set<string>(),
    anyway: new Set<string>(),
    waited: new Set<string>(),
    touched: new Set<string>(),
    superseded: new Set<string>(),
    gone: new Set<string>(),
    back: new Set<string>(),
    batches: new Set<string>(),
  };
  return {
    states: new Map(),
    reopened: new Set(),
    heads: new Map(),
    touched: new Set(),
    gone: new Set(),
    came,
  };
}

/** `moved`: something at the host has changed since the last look. Throws Broken. */
export function checkAround(
  world: World,
  crowd: Crowd,
  { around, moved }: { around: Around; moved: boolean },
) {
  for (const { fix } of world.database.tables.fixes.values()) {
    count(around, fix);
    checkGone(world, around, fix);
  }
  for (const site of world.sites) {
    checkAtWork(world, site);
    if (moved) for (const pull of site.repo.pulls.values()) checkPull(site, crowd, { around, pull });
    if (moved) checkRoots(site, around);
  }
  for (const runs of world.database.tables.ledgers.values()) checkTrimmed(runs);
}

function count({ came }: Around, { id, facts }: Fix): void {
  const { joined, held, anyway, life, watch } = facts;
  if (joined) came.joined.add(id);
  if (held) came.held.add(id);
  if (anyway) came.anyway.add(id);
  if (life.waits !== null) came.waited.add(id);
  if (life.steppedBack === 'pushed') came.touched.add(id);
  if (life.superseded) came.superseded.add(id);
  if (watch?.end?.kind === 'gone') came.gone.add(id);
  if (watch?.end?.kind === 'back') came.back.add(id);
}

const day = 24 * 60 * 60 * 1000;
const watchedMs = 7 * day;

/** Called gone only after the set days, and only when nothing had come back by then. */
function checkGone(world: World, around: Around, { id, bindingId, problemId, shortId, facts }: Fix): void {
  const { watch } = facts;
  if (watch?.end?.kind !== 'gone' || around.gone.has(id)) return;
  around.gone.add(id);
  if (watch.end.at - watch.since < watchedMs)
    throw new Broken('watch', `${shortId} was called gone after ${(watch.end.at - watch.since) / day} days`);
  const project = world.sites.find(({ binding }) => binding.id === bindingId)?.project;
  const isBack = project?.problems.get(problemId)?.problem.status === 'unresolved';
  if (isBack && (project.cameBack.get(problemId) ?? 0) < watch.end.at)
    throw new Broken('watch', `${shortId} was called gone though it is back`);
}

/** Two at work on one file at a time only when a person said so, or when the first was left behind. */
function checkAtWork(world: World, site: Site): void {
  const fixes = [...world.database.tables.fixes.values()].map(({ fix }) => fix);
  const busy = fixes.filter((fix) => fix.bindingId === site.binding.id && isAtWork(world, site, fix));
  for (const [index, one] of busy.entries())
    for (const other of busy.slice(index + 1)) {
      const isAllowed = [one, other].some(
        ({ facts }) => facts.anyway !== null || world.now - facts.approval.at >= staleAfterMs,
      );
      const [left, right] = [one, other].map(({ problemId }) => fileOf(Number(problemId) - 100));
      if (left === right && !isAllowed)
        throw new Broken('ledger', `${one.shortId} and ${other.shortId} are both at work on ${left}`);
    }
}

/** It has a folder with the code in it. */
function isAtWork(world: World, { binding }: Site, { id, facts }: Fix): boolean {
  if (facts.run === null || stageOf(facts) !== 'working') return false;
  const folder = `/${repoName(binding.repo)}/${worktreeName(id, facts.run)}`;
  return world.machines.some(({ disk }) => disk.folders.has(folder));
}

/** Whenever something is registered, what is older than 14 days leaves. */
function checkTrimmed(runs: readonly Run[]): void {
  const moved = runs.map(({ startedAt, members }) =>
    Math.max(startedAt, ...members.map(({ at, end }) => end?.at ?? at)),
  );
  const newest = Math.max(0, ...runs.flatMap(({ members }) => members.map(({ at }) => at)));
  if (Math.min(Number.POSITIVE_INFINITY, ...moved) < newest - 14 * day)
    throw new Broken('ledger', 'an entry is kept though nothing has moved for 14 days');
}

/** 2: one open pull request for one cause, whatever the problems are called; people may open others again. */
function checkRoots(site: Site, { reopened }: Around): void {
  const open = [...site.repo.pulls.values()].filter(
    ({ state, number }) => state === 'open' && !reopened.has(`${site.binding.id}#${number}`),
  );
  const roots = open.map(({ branch }) => rootOf(problemOfBranch(branch)));
  const twice = roots.find((root, index) => root !== null && roots.indexOf(root) !== index);
  if (twice) throw new Broken(2, `${site.binding.id} has two open pull requests for ${twice}`);
}

type Seen = { around: Around; pull: PullRequest };

function checkPull(site: Site, crowd: Crowd, { around, pull }: Seen): void {
  const key = `${site.binding.id}#${pull.number}`;
  const before = around.states.get(key);
  around.states.set(key, pull.state);
  if (before === undefined) checkLimit(site, around);
  if (before === 'closed' && pull.state === 'open') around.reopened.add(key);
  if (before === 'open' && pull.state === 'closed') checkClosed(site, crowd, pull);
  if (pull.state === 'open') checkHead(site, around, { key, pull });
}

/** What people have opened again does not count: they may have as many as they like. */
function checkLimit(site: Site, around: Around): void {
  const open = [...site.repo.pulls.values()].filter(
    ({ state, number, author }) =>
      state === 'open' && author.login === self.login && !around.reopened.has(`${site.binding.id}#${number}`),
  );
  if (open.length > site.mostOpen)
    throw new Broken('limits', `${open.length} pull requests are open, and ${site.mostOpen} may be`);
}

/** By a person, or by us with the reason. */
function checkClosed({ binding, repo }: Site, crowd: Crowd, pull: PullRequest): void {
  const byPerson = crowd.closed.some(
    ({ site, problemId, at }) =>
      site.binding.id === binding.id && problemId === problemOfBranch(pull.branch) && at === pull.closedAt,
  );
  const said = [...repo.comments.values()].some(
    ({ issue, body }) => issue === pull.number && readFixMark(signer, 'superseded', body) !== null,
  );
  if (!byPerson && !said) throw new Broken('life', `pull request ${pull.number} was closed without a reason`);
}

/** Once somebody else has committed to its branch, no commit of ours comes on top or in its place. */
function checkHead({ repo }: Site, around: Around, { key, pull }: { key: string; pull: PullRequest }): void {
  const before = around.heads.get(key);
  around.heads.set(key, pull.headSha);
  if (before === pull.headSha) return;
  const ours = repo.commits.get(pull.headSha)?.author.startsWith(self.login) ?? false;
  if (ours && around.touched.has(key))
    throw new Broken(
      'life',
      `a commit of ours came to pull request ${pull.number}, which people had taken over`,
    );
  if (!ours) around.touched.add(key);
}

/** What must be true once everything has come to rest. */
export function checkAroundSettled(world: World, around: Around): void {
  const fixes = new Map([...world.database.tables.fixes.values()].map(({ fix }) => [fix.id, fix]));
  for (const run of [...world.database.tables.ledgers.values()].flat()) checkEnded(run, fixes);
  for (const fix of fixes.values()) checkNoticed(world, fix);
  for (const site of world.sites) {
    checkListed(world, site);
    checkBatches(world, { site, around, fixes: [...fixes.values()] });
  }
}

/** Who has ended, or was never there, is not registered as at work. */
function checkEnded(run: Run, fixes: ReadonlyMap<string, Fix>): void {
  if (!isActive(run)) return;
  for (const { fixId, shortId, end } of run.members) {
    const fix = fixes.get(fixId);
    const stage = fix && stageOf(fix.facts);
    if (end === null && stage !== 'approved' && stage !== 'working')
      throw new Broken('ledger', `${shortId} is registered as at work, and is ${stage ?? 'not there'}`);
  }
}

/** What is known of an open pull request is what the host shows, whether or not anybody told. Throws Broken. */
export function checkSeen(world: World): void {
  for (const { fix } of world.database.tables.fixes.values()) checkSeenPull(world, fix);
}

function checkSeenPull(world: World, { bindingId, shortId, facts: { pull: known } }: Fix): void {
  const repo = world.sites.find(({ binding }) => binding.id === bindingId)?.repo;
  const pull = repo?.pulls.get(known?.number ?? 0);
  if (!repo || !pull || !known || (known.state !== 'open' && pull.state !== 'open')) return;
  const verdict = verdictOf(checksOf(repo, pull.headSha), repo.required.get(base) ?? []).state;
  const shown = [pull.state, pull.headSha, pull.draft, conflictsOf(repo, pull), verdict].join(' ');
  const told = [known.state, known.headSha, known.draft, known.conflicts, known.verdict.state].join(' ');
  if (pull.state === 'open' ? shown !== told : known.state !== pull.state)
    throw new Broken(
      'seen',
      `pull request ${pull.number} of ${shortId} is "${shown}", and known as "${told}"`,
    );
}

/** While it is watched nothing comes back unseen. */
function checkNoticed(world: World, { bindingId, problemId, shortId, facts }: Fix): void {
  const project = world.sites.find(({ binding }) => binding.id === bindingId)?.project;
  const status = project?.problems.get(problemId)?.problem.status;
  if (facts.watch && facts.watch.end === null && status === 'unresolved')
    throw new Broken('watch', `${shortId} came back while it was watched, and nobody noticed`);
}

/** Whatever is unresolved is on the list, back after a fix or not. */
function checkListed(world: World, { binding, project }: Site): void {
  const listed = world.database.tables.problems.get(binding.id);
  for (const { problem } of project.problems.values())
    if (problem.status === 'unresolved' && !listed?.has(problem.id))
      throw new Broken('watch', `${problem.shortId} is unresolved and not on the list`);
}

/** One comment for a batch, unless a process slept between looking and writing. */
function checkBatches(
  world: World,
  { site, around, fixes }: { site: Site; around: Around; fixes: readonly Fix[] },
): void {
  if (world.overlapped) return;
  const own = fixes.filter(({ bindingId, facts }) => bindingId === site.binding.id && facts.batch !== null);
  const said = [...site.repo.comments.values()].flatMap(({ body }) => readFixMarks(signer, 'batch', body));
  for (const [batch, members] of Map.groupBy(own, ({ facts }) => facts.batch)) {
    if (members.length < 2) continue;
    const times = said.filter(({ problemId }) => problemId === batch).length;
    if (times > 0) around.came.batches.add(batch ?? '');
    if (times > 1) throw new Broken('summary', `a batch of ${members.length} was summed up ${times} times`);
  }
}
