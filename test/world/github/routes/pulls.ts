// Pull requests: open, read, list, edit, files, requested reviewers.
// Merging is in merge.ts, reviews are in reviews.ts.

import { z } from 'zod';
import {
  created,
  invalid,
  listed,
  notFound,
  ok,
  read,
  refusal,
  type Answer,
  type Ask,
  type Route,
} from '../answers.ts';
import { pullFiles, refreshPull, tryMerge } from '../git/pull-state.ts';
import { countApart, log, readBranch } from '../git/repository.ts';
import type { Account, Issue, Level, Pull, Repo } from '../records.ts';
import { renderCommit, renderFile } from '../render/commits.ts';
import { renderAccount } from '../render/accounts.ts';
import { pullOf, renderPull, renderPullSimple } from '../render/pulls.ts';
import { acting, mayAs, openRepo, requireRole } from '../rights.ts';
import { findAccount, roleOf } from '../state.ts';
import { emitPull } from '../webhooks/pulls.ts';
import { addIssue, applyEdit, isTooLong, mayEdit, refuseLong, sorted } from './issues.ts';
import { openPullFor, refuseReopening, reopens } from './reopening.ts';

export type PullTarget = { repo: Repo; issue: Issue; pull: Pull };

/** The pull request the path names. */
export function openPull(ask: Ask, level: Level): PullTarget {
  const repo = openRepo(ask, `pull_requests:${level}`);
  const issue = repo.issues.get(Number(ask.params['number']));
  if (!issue?.pull) throw notFound();
  return { repo, issue, pull: issue.pull };
}

const newPull = z.object({
  title: z.string().min(1).max(256),
  head: z.string().min(1),
  base: z.string().min(1),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
});

async function createPull(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'pull_requests:write');
  const input = read(ask, newPull, 'PullRequest');
  refuseLong(input.body, 'PullRequest');
  const sides = await readSides(repo, input);
  if (ask.actor.kind === 'user' && !mayAs(ask, repo, 'write')) throw refusal(403, 'must be a collaborator');
  await refuseUseless(repo, sides);
  if (input.draft && !repo.drafts)
    throw refusal(422, 'Draft pull requests are not supported in this repository.');
  const issue = addIssue(ask, repo, { title: input.title, body: input.body ?? null });
  issue.pull = {
    ...sides,
    id: ask.state.nextId(),
    draft: input.draft ?? false,
    reviewers: [],
    reviews: [],
    merged: null,
    trial: null,
    stats: { commits: 0, additions: 0, deletions: 0, files: 0 },
  };
  await refreshPull(repo, issue);
  emitPull(ask.state, { repo, issue }, { action: 'opened', sender: issue.author });
  return created(renderPull(ask.state, { repo, issue }));
}

type Sides = { base: string; baseSha: string; head: string; headSha: string };

/** Heads of forks are not served: only `branch` and `owner:branch` of the same repository. */
async function readSides(repo: Repo, input: { head: string; base: string }): Promise<Sides> {
  const own = `${repo.owner.login.toLowerCase()}:`;
  const head = input.head.toLowerCase().startsWith(own) ? input.head.slice(own.length) : input.head;
  const headSha = await readBranch(repo.dir, head);
  if (!headSha) throw invalid({ resource: 'PullRequest', field: 'head', code: 'invalid' });
  const baseSha = await readBranch(repo.dir, input.base);
  if (!baseSha) throw invalid({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  return { base: input.base, baseSha, head, headSha };
}

const custom = (message: string) => invalid({ resource: 'PullRequest', field: '', code: 'custom', message });

async function refuseUseless(repo: Repo, sides: Sides): Promise<void> {
  const { ahead } = await countApart(repo.dir, sides.baseSha, sides.headSha);
  if (ahead === 0) throw custom(`No commits between ${sides.base} and ${sides.head}`);
  if (openPullFor(repo, sides)) {
    throw custom(`A pull request already exists for ${repo.owner.login}:${sides.head}.`);
  }
}

async function readPull(ask: Ask): Promise<Answer> {
  const { repo, issue } = openPull(ask, 'read');
  await tryMerge(repo, issue);
  return ok(renderPull(ask.state, { repo, issue }));
}

function listPulls(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'pull_requests:read');
  const wanted = ask.query.get('state') ?? 'open';
  const head = ask.query.get('head')?.toLowerCase();
  const base = ask.query.get('base');
  // A head without an owner is ignored, as on GitHub.
  const headFits = (pull: Pull) =>
    !head?.includes(':') || `${repo.owner.login}:${pull.head}`.toLowerCase() === head;
  const found = [...repo.issues.values()].filter(
    (issue) =>
      issue.pull &&
      (wanted === 'all' || issue.state === wanted) &&
      headFits(issue.pull) &&
      (!base || issue.pull.base === base),
  );
  return listed(ask, sorted(ask, found), (issue) => renderPullSimple(ask.state, { repo, issue }));
}

const pullEdit = z.object({
  title: z.string().min(1).max(256).optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
});

async function editPull(ask: Ask): Promise<Answer> {
  const { repo, issue } = openPull(ask, 'write');
  const { base, ...input } = read(ask, pullEdit, 'PullRequest');
  mayEdit(ask, { repo, issue });
  if (isTooLong(input.body)) delete input.body;
  if (reopens(issue, input)) await refuseReopening(repo, issue);
  if (base && base !== pullOf(issue).base) await changeBase(ask, { repo, issue }, base);
  applyEdit(ask, { repo, issue }, input);
  return ok(renderPull(ask.state, { repo, issue }));
}

async function changeBase(ask: Ask, target: { repo: Repo; issue: Issue }, base: string): Promise<void> {
  const pull = pullOf(target.issue);
  const baseSha = await readBranch(target.repo.dir, base);
  if (!baseSha) throw invalid({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  const changes = { base: { ref: { from: pull.base }, sha: { from: pull.baseSha } } };
  pull.base = base;
  pull.baseSha = baseSha;
  await refreshPull(target.repo, target.issue);
  emitPull(ask.state, target, { action: 'edited', sender: acting(ask).account, more: { changes } });
}

async function listFiles(ask: Ask): Promise<Answer> {
  const { repo, issue, pull } = openPull(ask, 'read');
  return listed(ask, await pullFiles(repo, issue), (file) =>
    renderFile(ask.state, repo, { file, sha: pull.headSha }),
  );
}

async function listPullCommits(ask: Ask): Promise<Answer> {
  const { repo, pull } = openPull(ask, 'read');
  const commits = await log(repo.dir, [pull.headSha, `^${pull.baseSha}`]);
  return listed(ask, commits.toReversed(), (commit) => renderCommit(ask.state, repo, commit));
}

const reviewersBody = z.object({
  reviewers: z.array(z.string()).default([]),
  team_reviewers: z.array(z.string()).default([]),
});

/** Accounts with a role here; there are no teams. One that is none of these refuses all. */
function reviewersFrom(ask: Ask, repo: Repo): Account[] {
  const { reviewers, team_reviewers: teams } = read(ask, reviewersBody, 'PullRequest');
  return [...reviewers, ...teams].map((login) => {
    const account = teams.includes(login) ? null : findAccount(ask.state, login);
    if (!account || roleOf(repo, account) === 'none')
      throw refusal(
        422,
        `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${ask.params['owner']}/${ask.params['repo']} repository.`,
      );
    return account;
  });
}

function requestReviewers(ask: Ask): Answer {
  const { repo, issue, pull } = openPull(ask, 'write');
  requireRole(ask, repo, 'triage');
  const asked = reviewersFrom(ask, repo);
  if (asked.includes(issue.author)) {
    throw refusal(422, 'Review cannot be requested from pull request author.');
  }
  for (const account of asked.filter((one) => !pull.reviewers.includes(one))) {
    pull.reviewers.push(account);
    emitPull(
      ask.state,
      { repo, issue },
      {
        action: 'review_requested',
        sender: acting(ask).account,
        more: { requested_reviewer: renderAccount(ask.state, account) },
      },
    );
  }
  return created(renderPullSimple(ask.state, { repo, issue }));
}

function removeReviewers(ask: Ask): Answer {
  const { repo, issue, pull } = openPull(ask, 'write');
  requireRole(ask, repo, 'triage');
  const gone = reviewersFrom(ask, repo);
  pull.reviewers = pull.reviewers.filter((one) => !gone.includes(one));
  return ok(renderPullSimple(ask.state, { repo, issue }));
}

function listReviewers(ask: Ask): Answer {
  const { pull } = openPull(ask, 'read');
  return ok({ users: pull.reviewers.map((one) => renderAccount(ask.state, one)), teams: [] });
}

export const pullRoutes: readonly Route[] = [
  ['POST', '/repos/:owner/:repo/pulls', createPull],
  ['GET', '/repos/:owner/:repo/pulls', listPulls],
  ['GET', '/repos/:owner/:repo/pulls/:number', readPull],
  ['PATCH', '/repos/:owner/:repo/pulls/:number', editPull],
  ['GET', '/repos/:owner/:repo/pulls/:number/files', listFiles],
  ['GET', '/repos/:owner/:repo/pulls/:number/commits', listPullCommits],
  ['GET', '/repos/:owner/:repo/pulls/:number/requested_reviewers', listReviewers],
  ['POST', '/repos/:owner/:repo/pulls/:number/requested_reviewers', requestReviewers],
  ['DELETE', '/repos/:owner/:repo/pulls/:number/requested_reviewers', removeReviewers],
];
