// Refs, commits and comparisons.

import { z } from 'zod';
import {
  created,
  empty,
  listed,
  notFound,
  ok,
  read,
  refusal,
  type Answer,
  type Ask,
  type Route,
} from '../answers.ts';
import { diffFiles } from '../git/diff.ts';
import { git, gitOrNull } from '../git/git.ts';
import { refsChanged } from '../git/ref-changes.ts';
import {
  countApart,
  listRefs,
  log,
  mergeBase,
  readCommit,
  isWholeId,
  readRef,
  resolveRevision,
  zeroSha,
} from '../git/repository.ts';
import { refuseChanges } from '../git/rules.ts';
import type { Repo } from '../records.ts';
import { renderCommit, renderFile, renderRef } from '../render/commits.ts';
import { renderPullSimple } from '../render/pulls.ts';
import { repoUrl, webUrl } from '../render/repository.ts';
import { acting, openRepo, requirePush } from '../rights.ts';

async function readOneRef(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'contents:read');
  const ref = `refs/${ask.params['ref']}`;
  const sha = await readRef(repo.dir, ref);
  if (!sha) throw notFound();
  return ok(renderRef(ask.state, repo, { ref, sha }));
}

async function matchingRefs(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'contents:read');
  const refs = await listRefs(repo.dir, `refs/${ask.params['ref']}`);
  return listed(ask, refs, (ref) => renderRef(ask.state, repo, ref));
}

/** 422 when a rule forbids the change, as the API says it. */
function refuseByRule(repo: Repo, change: { ref: string; before: string; after: string }): void {
  const [refused] = refuseChanges(repo, [change]);
  if (!refused) return;
  const sentences = refused.remote.filter((line) => line.startsWith('- ')).map((line) => line.slice(2));
  throw refusal(422, `Repository rule violations found\n\n${sentences.join('\n\n')}\n\n`);
}

const newRef = z.object({
  ref: z.string().regex(/^refs\/[^/]+\/.+/),
  sha: z.string().regex(/^[0-9a-f]{40}$/),
});

async function createRef(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'contents:write');
  requirePush(ask, repo);
  const { ref, sha } = read(ask, newRef, 'Reference');
  if ((await listRefs(repo.dir, 'refs/heads/')).length === 0) throw refusal(409, 'Git Repository is empty.');
  if (await readRef(repo.dir, ref)) throw refusal(422, 'Reference already exists');
  const change = { ref, before: zeroSha, after: sha };
  refuseByRule(repo, change);
  if ((await gitOrNull(repo.dir, ['update-ref', ref, sha])) === null)
    throw refusal(422, 'Object does not exist');
  await refsChanged(ask.state, repo, { sender: acting(ask).account, changes: [change] });
  return created(renderRef(ask.state, repo, { ref, sha }));
}

const refUpdate = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/), force: z.boolean().optional() });

async function updateRef(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'contents:write');
  requirePush(ask, repo);
  const { sha, force } = read(ask, refUpdate, 'Reference');
  const ref = `refs/${ask.params['ref']}`;
  const before = await readRef(repo.dir, ref);
  if (!before) throw refusal(422, 'Reference does not exist');
  const forward = await gitOrNull(repo.dir, ['merge-base', '--is-ancestor', before, sha]);
  if (forward === null && !force) throw refusal(422, 'Update is not a fast forward');
  const change = { ref, before, after: sha };
  refuseByRule(repo, change);
  if ((await gitOrNull(repo.dir, ['update-ref', ref, sha])) === null)
    throw refusal(422, 'Object does not exist');
  await refsChanged(ask.state, repo, { sender: acting(ask).account, changes: [change] });
  return ok(renderRef(ask.state, repo, { ref, sha }));
}

async function deleteRef(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'contents:write');
  requirePush(ask, repo);
  const ref = `refs/${ask.params['ref']}`;
  const before = await readRef(repo.dir, ref);
  if (!before) throw refusal(422, 'Reference does not exist');
  const change = { ref, before, after: zeroSha };
  refuseByRule(repo, change);
  await git(repo.dir, ['update-ref', '-d', ref]);
  await refsChanged(ask.state, repo, { sender: acting(ask).account, changes: [change] });
  return empty();
}

/** The commit a revision in the path names; 422 as GitHub answers for one that is not there. */
export async function openCommit(repo: Repo, revision: string): Promise<string> {
  const known = knownCommits.get(repo) ?? new Set<string>();
  if (known.has(revision)) return revision;
  const sha = await resolveRevision(repo.dir, revision);
  if (!sha) throw refusal(422, `No commit found for SHA: ${revision}`);
  // A commit that is there stays there, and a whole id names nothing else.
  if (isWholeId(revision)) knownCommits.set(repo, known.add(sha));
  return sha;
}

const knownCommits = new WeakMap<Repo, Set<string>>();

async function readOneCommit(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'contents:read');
  const sha = await openCommit(repo, ask.params['ref'] ?? '');
  const commit = await readCommit(repo.dir, sha);
  const files = commit.parents[0] ? await diffFiles(repo.dir, commit.parents[0], sha) : [];
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return ok({
    ...renderCommit(ask.state, repo, commit),
    stats: { additions, deletions, total: additions + deletions },
    files: files.map((file) => renderFile(ask.state, repo, { file, sha })),
  });
}

async function listCommits(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'contents:read');
  const revision = ask.query.get('sha') ?? repo.defaultBranch;
  const sha = await resolveRevision(repo.dir, revision);
  if (!sha) throw notFound();
  const path = ask.query.get('path');
  const commits = await log(repo.dir, ['-300', sha], path ? [path] : []);
  return listed(ask, commits, (commit) => renderCommit(ask.state, repo, commit));
}

/** Pull requests whose head, commits or merge is this commit. */
async function commitPulls(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'pull_requests:read');
  const sha = await openCommit(repo, ask.params['ref'] ?? '');
  const found = [];
  for (const issue of repo.issues.values()) {
    const { pull } = issue;
    if (!pull) continue;
    const within = await gitOrNull(repo.dir, ['merge-base', '--is-ancestor', sha, pull.headSha]);
    const atBase = await gitOrNull(repo.dir, ['merge-base', '--is-ancestor', sha, pull.baseSha]);
    if (pull.merged?.sha === sha || (within !== null && atBase === null)) found.push(issue);
  }
  return listed(ask, found, (issue) => renderPullSimple(ask.state, { repo, issue }));
}

async function compare(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'contents:read');
  const [baseName = '', headName = ''] = (ask.params['basehead'] ?? '').split('...');
  const base = await resolveRevision(repo.dir, baseName);
  const head = await resolveRevision(repo.dir, headName);
  const common = base && head && (await mergeBase(repo.dir, base, head));
  if (!base || !head || !common) throw notFound();
  const { ahead, behind } = await countApart(repo.dir, base, head);
  const commits = (await log(repo.dir, [`${base}..${head}`])).toReversed();
  const files = await diffFiles(repo.dir, common, head);
  const web = `${webUrl(ask.state, repo)}/compare/${baseName}...${headName}`;
  const render = async (sha: string) => renderCommit(ask.state, repo, await readCommit(repo.dir, sha));
  return ok({
    url: `${repoUrl(ask.state, repo)}/compare/${baseName}...${headName}`,
    html_url: web,
    permalink_url: `${webUrl(ask.state, repo)}/compare/${base.slice(0, 7)}...${head.slice(0, 7)}`,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    base_commit: await render(base),
    merge_base_commit: await render(common),
    status: compareStatus(ahead, behind),
    ahead_by: ahead,
    behind_by: behind,
    total_commits: commits.length,
    commits: commits.map((commit) => renderCommit(ask.state, repo, commit)),
    files: files.map((file) => renderFile(ask.state, repo, { file, sha: head })),
  });
}

function compareStatus(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

export const refRoutes: readonly Route[] = [
  ['GET', '/repos/:owner/:repo/git/ref/:ref+', readOneRef],
  ['GET', '/repos/:owner/:repo/git/matching-refs/:ref+', matchingRefs],
  ['POST', '/repos/:owner/:repo/git/refs', createRef],
  ['PATCH', '/repos/:owner/:repo/git/refs/:ref+', updateRef],
  ['DELETE', '/repos/:owner/:repo/git/refs/:ref+', deleteRef],
  ['GET', '/repos/:owner/:repo/commits', listCommits],
  ['GET', '/repos/:owner/:repo/commits/:ref+/pulls', commitPulls],
  ['GET', '/repos/:owner/:repo/compare/:basehead+', compare],
];

/** Last of all: its pattern would swallow the longer ones under `/commits/`. */
export const commitRoutes: readonly Route[] = [['GET', '/repos/:owner/:repo/commits/:ref+', readOneCommit]];
