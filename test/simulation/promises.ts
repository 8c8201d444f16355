// The eight promises (design, section 3), checked on the records of the in-memory host, source and database.
// It asks those records only; it must not trust what a job was told.

import type { Fix } from '../../src/domain/fix.ts';
import { stageOf } from '../../src/domain/stage.ts';
import { pullLimits } from '../../src/domain/proof/limits.ts';
import { readFixMark, readFixMarks } from '../../src/domain/marker.ts';
import { isOver } from '../../src/domain/triage/summary.ts';
import { verdictOf } from '../../src/domain/pull/verdict.ts';
import type { CommitChecks, PullRequest } from '../../src/ports.ts';
import { checkAround, checkAroundSettled, newAround, type Around } from './around.ts';
import { Broken } from './broken.ts';
import { base, checksOf, conflictsOf, self, type Commit, type ForgeRepo } from './memory/forge.ts';
import { failuresIn } from './memory/proof.ts';
import { canaries, rootOf } from './problems.ts';
import { signer } from './process.ts';
import { isUntold, type Crowd } from './crowd.ts';
import { isAnyLost } from './mail.ts';
import { problemOfBranch } from './maintainers.ts';
import type { Site, World } from './world.ts';

/** How far the records were read already. */
export type Watch = {
  revision: number;
  writes: number;
  logs: number;
  texts: Map<string, string>;
  pulls: Set<string>;
  commits: Set<string>;
  /** Where each branch stood when it was looked at last. */
  heads: Map<string, string>;
  /** Further commits that red CI led to, by pull request. */
  retries: Map<string, number>;
  fixes: Set<string>;
  around: Around;
};

export function newWatch(): Watch {
  return {
    revision: -1,
    writes: 0,
    logs: 0,
    texts: new Map(),
    pulls: new Set(),
    commits: new Set(),
    heads: new Map(),
    retries: new Map(),
    fixes: new Set(),
    around: newAround(),
  };
}

/** Throws Broken when a promise does not hold at this moment. */
export function checkPromises(world: World, crowd: Crowd, watch: Watch): void {
  checkResolved(world, crowd, watch);
  checkFixes(world, crowd, watch);
  checkProblems(world);
  checkLogs(world, watch);
  const moved = watch.revision !== world.forge.revision;
  checkAround(world, crowd, { around: watch.around, moved });
  if (!moved) return;
  watch.revision = world.forge.revision;
  for (const site of world.sites) {
    checkCommits(site, crowd, watch);
    checkPulls(site, crowd, watch);
    checkTexts(world, site, watch);
  }
}

/**
 * 1: resolved only when a merged pull request's checks passed when Suture last looked, or pass now; archived only
 * when a permitted person said so for that problem.
 */
function checkResolved(world: World, crowd: Crowd, watch: Watch): void {
  for (const write of world.alerts.writes.slice(watch.writes)) {
    const site = world.sites.find(
      ({ project }) => project.ref === write.project || same(project.ref, write.project),
    );
    const about = [...pullsOf(site, write.problemId), ...pullsOfRoot(site, write.problemId)];
    const merged = about.filter((pull) => pull.state === 'merged');
    if (write.how === 'archive') {
      const said = crowd.archives.some(
        (act) => act.site === site && act.problemId === write.problemId && act.permitted,
      );
      if (!said) throw new Broken(1, `${write.problemId} was archived though nobody who may had said so`);
      continue;
    }
    if (!site || !merged.some((pull) => wasGreen(site.repo, pull)))
      throw new Broken(1, `${write.problemId} was resolved without a merged fix whose checks passed`);
  }
  watch.writes = world.alerts.writes.length;
}

function same(left: { org: string; project: string }, right: { org: string; project: string }): boolean {
  return left.org === right.org && left.project === right.project;
}

function green(repo: ForgeRepo, checks: CommitChecks): boolean {
  return verdictOf(checks, repo.required.get(base) ?? []).state === 'passed';
}

function wasGreen(repo: ForgeRepo, pull: PullRequest): boolean {
  return [pull.headSha, pull.mergeSha ?? ''].some(
    (sha) =>
      green(repo, checksOf(repo, sha)) ||
      (repo.lastChecks.get(sha) ?? []).some((checks) => green(repo, checks)),
  );
}

function pullsOf(site: Site | undefined, problemId: string): PullRequest[] {
  return [...(site?.repo.pulls.values() ?? [])].filter((pull) => problemOfBranch(pull.branch) === problemId);
}

/** Pull requests of others with the same cause: merged they resolve this one, too. */
function pullsOfRoot(site: Site | undefined, problemId: string): PullRequest[] {
  return [...(site?.repo.pulls.values() ?? [])].filter(
    ({ branch }) => rootOf(problemOfBranch(branch)) === rootOf(problemId),
  );
}

/** 2, 4, 7, 8 on pull requests. */
function checkPulls(site: Site, crowd: Crowd, watch: Watch): void {
  const open = new Map<string, number>();
  for (const pull of site.repo.pulls.values()) {
    const problemId = problemOfBranch(pull.branch) ?? '';
    const twin = open.get(problemId);
    if (pull.state === 'open' && twin !== undefined)
      throw new Broken(2, `${problemId} has two open pull requests, ${twin} and ${pull.number}`);
    if (pull.state === 'open') open.set(problemId, pull.number);
    const key = `${site.binding.id}#${pull.number}`;
    if (watch.pulls.has(key)) continue;
    watch.pulls.add(key);
    checkNewPull(site, crowd, { pull, problemId });
  }
}

function checkNewPull(
  site: Site,
  crowd: Crowd,
  { pull, problemId }: { pull: PullRequest; problemId: string },
): void {
  const mark = readFixMark(signer, 'pull', pull.body);
  if (mark?.bindingId !== site.binding.id)
    throw new Broken(
      8,
      `pull request ${pull.number} of ${site.binding.id} is about ${mark?.bindingId ?? 'nothing'}`,
    );
  const acts = crowd.acts.filter((act) => act.site === site && act.problemId === problemId);
  if (!acts.some((act) => act.permitted))
    throw new Broken(4, `nobody who may asked for pull request ${pull.number} about ${problemId}`);
  const refused = crowd.closed.filter((no) => no.site === site && no.problemId === problemId);
  const lastNo = Math.max(0, ...refused.map(({ at }) => at));
  if (lastNo > 0 && !acts.some((act) => act.permitted && act.at >= lastNo))
    throw new Broken(
      7,
      `pull request ${pull.number} about ${problemId} came after a person had closed the one before`,
    );
  if (pullsOf(site, problemId).length > acts.filter((act) => act.permitted).length)
    throw new Broken(3, `${problemId} has more pull requests than ticks and commands`);
}

/** 5: what leaves has passed its checks and touches nothing protected. */
function checkCommits(site: Site, crowd: Crowd, watch: Watch): void {
  for (const [branch, sha] of site.repo.branches) {
    const key = `${site.binding.id} ${branch}`;
    const before = watch.heads.get(key) ?? null;
    watch.heads.set(key, sha);
    if (branch === base || watch.commits.has(sha)) continue;
    watch.commits.add(sha);
    const commit = site.repo.commits.get(sha);
    if (!commit?.author.startsWith(self.login)) continue;
    checkCommit(site.repo, commit);
    checkAsked(site, crowd, { branch, before, watch });
  }
}

/**
 * 4: on a pull request that is open already a commit of ours answers somebody who may ask for it, or replaces one of
 * ours that CI failed, once, or that does not merge with its base any more: the tick that began it stands for those.
 */
function checkAsked(
  site: Site,
  crowd: Crowd,
  { branch, before, watch }: { branch: string; before: string | null; watch: Watch },
): void {
  const open = [...site.repo.pulls.values()].find((pull) => pull.branch === branch && pull.state === 'open');
  const key = `${site.binding.id}#${open?.number ?? 0}`;
  if (!open || !watch.pulls.has(key)) return;
  const problemId = problemOfBranch(branch);
  // Who asks for another attempt at a problem with the same cause asks for it on this pull request.
  const asked = crowd.reviews.some(
    (one) => one.site === site && rootOf(one.problemId) === rootOf(problemId) && one.permitted,
  );
  if (asked) return;
  const replaced = site.repo.commits.get(before ?? '');
  if (replaced?.author.startsWith(self.login)) {
    if (conflictsOf(site.repo, { ...open, headSha: replaced.sha })) return;
    const retries = (watch.retries.get(key) ?? 0) + 1;
    watch.retries.set(key, retries);
    if (wasRed(site.repo, replaced.sha) && retries <= pullLimits.retries) return;
  }
  throw new Broken(4, `nobody who may asked for another commit on pull request ${open.number}`);
}

/** CI said so at some time; it may have been run again since. */
function wasRed(repo: ForgeRepo, sha: string): boolean {
  return (
    (repo.runs.get(sha) ?? []).some(
      ({ conclusion }) => conclusion === 'failure' || conclusion === 'timed_out',
    ) || (repo.statuses.get(sha) ?? []).some(({ state }) => state === 'failure')
  );
}

function checkCommit(repo: ForgeRepo, commit: Commit): void {
  const before = repo.commits.get(commit.parents[0] ?? '');
  for (const kind of ['types', 'tests'] as const) {
    const known = failuresIn(before?.files ?? new Map(), kind);
    const fresh = failuresIn(commit.files, kind).filter((failure) => !known.includes(failure));
    if (fresh.length > 0) throw new Broken(5, `a commit left although its checks fail: ${fresh.join(', ')}`);
  }
  const changed = [...commit.files]
    .filter(([path, text]) => before?.files.get(path) !== text)
    .map(([path]) => path);
  if (changed.length === 0 || changed.some((path) => path.startsWith('.github/')))
    throw new Broken(5, `a commit left that changes ${changed.join(', ') || 'nothing'}`);
}

/** 6: no secret in anything others can read. */
function checkTexts(world: World, site: Site, watch: Watch): void {
  const { repo } = site;
  const texts: [string, string][] = [
    ...[...repo.issues.values()].map((issue): [string, string] => [
      `issue ${issue.number}`,
      issue.title + issue.body,
    ]),
    ...[...repo.pulls.values()].map((pull): [string, string] => [
      `pull ${pull.number}`,
      pull.title + pull.body,
    ]),
    ...[...repo.comments.values()].map((said): [string, string] => [`comment ${said.id}`, said.body]),
    ...[...repo.branches].map(([branch, sha]): [string, string] => [
      `commit ${sha}`,
      branch + (repo.commits.get(sha)?.message ?? ''),
    ]),
  ];
  for (const [place, text] of texts) {
    if (watch.texts.get(place) === text) continue;
    watch.texts.set(place, text);
    checkText(world, place, text);
  }
}

function checkText(world: World, place: string, text: string): void {
  const secrets = [...canaries, ...world.sites.map((site) => site.repo.token)];
  const found = secrets.find((secret) => text.includes(secret));
  if (found !== undefined) throw new Broken(6, `${place} shows ${found}`);
}

function checkLogs(world: World, watch: Watch): void {
  for (const line of world.logs.slice(watch.logs)) checkText(world, 'the log', line);
  watch.logs = world.logs.length;
}

/** 8: what is kept of a binding is of its own project. */
function checkProblems(world: World): void {
  for (const site of world.sites)
    for (const { problem } of world.database.tables.problems.get(site.binding.id)?.values() ?? [])
      if (problem.projectId !== site.project.id)
        throw new Broken(8, `${site.binding.id} keeps a problem of ${problem.projectId}`);
}

/** 2, 3 and 4 on what the database says was begun. */
function checkFixes(world: World, crowd: Crowd, watch: Watch): void {
  for (const { fix } of world.database.tables.fixes.values()) {
    if (watch.fixes.has(fix.id)) continue;
    watch.fixes.add(fix.id);
    checkNewFix(world, crowd, fix);
  }
}

function checkNewFix(world: World, crowd: Crowd, fix: Fix): void {
  const { by, at } = fix.facts.approval;
  if (fix.facts.ending?.kind === 'archived') return;
  const asked = crowd.acts.filter(
    (act) =>
      act.site.binding.id === fix.bindingId &&
      act.problemId === fix.problemId &&
      act.login === by &&
      act.at === at,
  );
  if (asked.length === 0) throw new Broken(4, `${fix.shortId} was begun for ${by}, who did not ask for it`);
  if (!asked.some((act) => act.permitted))
    throw new Broken(4, `${fix.shortId} was begun for ${by}, who may not ask`);
  const twins = [...world.database.tables.fixes.values()].filter(
    ({ fix: other }) =>
      other.bindingId === fix.bindingId &&
      other.problemId === fix.problemId &&
      other.facts.approval.by === by &&
      other.facts.approval.at === at,
  );
  if (twins.length > asked.length)
    throw new Broken(3, `one word of ${by} about ${fix.shortId} began ${twins.length} fixes`);
}

/** What must be true once nothing is in the way any more and everything has come to rest. */
export function checkSettled(world: World, crowd: Crowd, watch: Watch): void {
  const { fixes, jobs } = world.database.tables;
  for (const job of jobs.values())
    if (job.state === 'active') throw new Broken(0, `a job ${job.name} never ended`);
  for (const { fix } of fixes.values()) {
    const stage = stageOf(fix.facts);
    if ((stage === 'approved' || stage === 'working') && !isWaiting(fix, fixes))
      throw new Broken(0, `${fix.shortId} stays ${stage} for ever`);
  }
  for (const act of crowd.acts) checkHeard(world, act);
  for (const site of world.sites) {
    checkFinished(world, site);
    checkSummed(world, site);
    checkIssue(world, site);
  }
  checkAroundSettled(world, watch.around);
}

/** For its turn (only so many pull requests are open at once), for somebody else's work, or for the one it joined. */
function isWaiting({ facts }: Fix, fixes: World['database']['tables']['fixes']): boolean {
  if (facts.joined) {
    const leader = fixes.get(facts.joined.fixId)?.fix;
    return leader !== undefined && leader.facts.joined === null && isWaiting(leader, fixes);
  }
  return facts.life.waits !== null || facts.held !== null;
}

/** 3: a word that had to be heard has led to a fix, to an answer, or came while one was in work. */
function checkHeard(world: World, act: Crowd['acts'][number]): void {
  if (!act.binding || isUntold(world, act) || (world.lostAt !== null && act.at <= world.lostAt)) return;
  if (act.comment !== null) {
    const answered = [...act.site.repo.comments.values()].some((said) =>
      readFixMark(signer, 'answer', said.body)?.problemId.split(/\D+/).includes(String(act.comment)),
    );
    if (answered) return;
  }
  const fixes = [...world.database.tables.fixes.values()].map(({ fix }) => fix);
  const known = fixes.filter(
    (fix) => fix.bindingId === act.site.binding.id && fix.problemId === act.problemId,
  );
  if (known.some((fix) => fix.facts.approval.at >= act.at || endOf(fix) >= act.at)) return;
  const status = act.site.project.problems.get(act.problemId)?.problem.status;
  // There was nothing to mend for a while since.
  const quiet = status !== 'unresolved' || (act.site.project.cameBack.get(act.problemId) ?? 0) >= act.at;
  if (quiet && act.comment === null) return;
  throw new Broken(3, `${act.login} asked for ${act.problemId} at ${act.at} and was never heard`);
}

/** A merged one that was not resolved stays in work, or with a person. */
function endOf(fix: Fix): number {
  const { ending, pull, resolution } = fix.facts;
  if (pull?.state === 'merged' && resolution === null) return Number.POSITIVE_INFINITY;
  return ending?.at ?? resolution?.at ?? pull?.closedAt ?? Number.POSITIVE_INFINITY;
}

/** So long after the merge CI is looked at again (domain/fix.ts). */
const lateChecksMs = 7 * 24 * 60 * 60 * 1000;

/** A merged fix whose checks passed has resolved its problem, unless it came back since. */
function checkFinished(world: World, site: Site): void {
  for (const pull of site.repo.pulls.values()) {
    const problemId = problemOfBranch(pull.branch) ?? '';
    const problem = site.project.problems.get(problemId)?.problem;
    if (pull.state !== 'merged' || !green(site.repo, checksOf(site.repo, pull.headSha)) || !problem) continue;
    // CI may have turned green while nobody ran, and too late.
    if (world.now - (pull.mergedAt ?? 0) > lateChecksMs) continue;
    if (problem.status === 'unresolved' && problem.substatus !== 'regressed')
      throw new Broken(
        0,
        `pull request ${pull.number} is merged and green, but ${problemId} was never resolved`,
      );
  }
}

/** What was approved together with the latest fix of this problem has not all ended. */
function isBatchUnderWay(world: World, site: Site, problemId: string): boolean {
  const fixes = [...world.database.tables.fixes.values()]
    .map(({ fix }) => fix)
    .filter((fix) => fix.bindingId === site.binding.id);
  const batches = fixes
    .filter((fix) => fix.problemId === problemId && fix.facts.resolution !== null)
    .map(({ facts }) => facts.batch);
  const members = fixes.filter(({ facts }) => facts.batch !== null && batches.includes(facts.batch));
  return !isOver(members);
}

/** What was resolved is said once on a triage issue, whatever was lost meanwhile; of a batch, once all of it ended. */
function checkSummed(world: World, site: Site): void {
  const said = [...site.repo.comments.values()].flatMap(({ body }) => readFixMarks(signer, 'summary', body));
  const keys = said.map(({ problemId, attempt }) => `${problemId}#${attempt}`);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  // Between looking and writing a process may sleep while another writes: the host has no way to write only once.
  if (twice !== undefined && !world.overlapped)
    throw new Broken('summary', `the summary of ${twice} was written twice`);
  for (const { how, project, problemId, at } of world.alerts.writes) {
    if (how === 'archive' || !same(project, site.project.ref) || site.repo.issues.size === 0) continue;
    // Who was approved with whom is lost with the database.
    if (world.lostAt !== null && at <= world.lostAt) continue;
    if (isBatchUnderWay(world, site, problemId)) continue;
    if (!said.some((mark) => mark.problemId === problemId))
      throw new Broken(0, `${problemId} was resolved, and nobody was told`);
  }
}

/** One open triage issue, and no tick on it that nobody looked at. */
function checkIssue(world: World, site: Site): void {
  const issues = [...site.repo.issues.values()].filter((issue) => issue.state === 'open');
  if (issues.length > 1) throw new Broken(0, `${site.binding.id} has ${issues.length} open triage issues`);
  // Where nobody can tell who ticked, the box stands and the issue says so.
  const unclaimed = world.database.tables.issues.get(site.binding.id)?.unheard.some((tick) => tick.asked);
  // What waits has a ticked box that can be emptied.
  const { fixes } = world.database.tables;
  const waiting = [...fixes.values()].filter(
    ({ fix }) => fix.bindingId === site.binding.id && isWaiting(fix, fixes),
  );
  const isLeft = (line: string): boolean =>
    line.startsWith('- [x]') && !waiting.some(({ fix }) => line.includes(`**${fix.shortId}**`));
  const left = unclaimed ? undefined : issues[0]?.body.split('\n').find(isLeft);
  const lost = isAnyLost(world.mail, world.now) || world.lostAt !== null;
  if (left !== undefined && !lost)
    throw new Broken(0, `a tick was neither acted on nor emptied: ${left.slice(0, 60)}`);
}
