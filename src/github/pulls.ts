// Pull requests, branches and what CI says of a commit. It must not judge: it reads both of GitHub's systems in full.

import { z } from 'zod';
import { Bug } from '../domain/failure.ts';
import type { RepoRef } from '../domain/problem.ts';
import type { CodeHost, CommitChecks, CommitStatus, PullRequest } from '../ports.ts';
import type { Client } from './app-client.ts';
import type { Calls, Place } from './calls.ts';
import { Absent } from './failures.ts';
import { branchShape, checkRunShape, pullShape, statusShape } from './shapes.ts';

const PAGE = 100;
/** The newest thousand pull requests are looked through; older ones are found by their branch. */
const MOST_PAGES = 10;
const SHA = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

export type PullMethods = Pick<
  CodeHost,
  'findPullRequests' | 'readPullRequest' | 'readChecks' | 'deleteBranch' | 'readReview' | 'readBranchHead'
>;

/** The pull request part of the CodeHost port (ports.ts). */
export function createPulls(calls: Calls): PullMethods {
  return {
    findPullRequests: (repo, prefix) =>
      calls.run(repo, `look for pull requests from "${prefix}…"`, (client, place) =>
        findPulls(client, place, prefix),
      ),

    readPullRequest: (repo, number) =>
      calls.find(repo, `read pull request #${number}`, async (client, place) =>
        pullShape.parse((await client.rest.pulls.get({ ...place, pull_number: number })).data),
      ),

    readReview: (repo, number, review) => readReview(calls, repo, { number, review }),

    readChecks: (repo, sha) => readChecks(calls, repo, sha),

    deleteBranch: (repo, branch, commit) => deleteBranch(calls, repo, { branch, commit }),

    readBranchHead: (repo, branch) => readBranchHead(calls, repo, branch),
  };
}

/**
 * Newest first. GitHub can filter by a whole branch name only, so the list itself is read: a request per hundred pull
 * requests, ten at most. A repository with more than a thousand costs one more, plus one per branch with the prefix:
 * those still exist for every open pull request, so none of them is missed; of the older closed ones, those whose
 * branch was deleted are.
 */
async function findPulls(client: Client, place: Place, prefix: string): Promise<PullRequest[]> {
  const found = new Map<number, PullRequest>();
  const keep = (entries: readonly unknown[]): void => {
    const pulls = entries.map((entry) => pullShape.parse(entry));
    for (const pull of pulls) {
      if (pull.sameRepo && pull.branch.startsWith(prefix)) found.set(pull.number, pull);
    }
  };
  let page = 0;
  const newest = { ...place, state: 'all', sort: 'created', direction: 'desc', per_page: PAGE } as const;
  for await (const { data } of client.paginate.iterator(client.rest.pulls.list, newest)) {
    keep(data);
    page += 1;
    if (page === MOST_PAGES && data.length === PAGE) {
      await keepByBranch(client, place, { prefix, keep });
      break;
    }
  }
  return [...found.values()].toSorted((left, right) => right.number - left.number);
}

async function keepByBranch(
  client: Client,
  place: Place,
  { prefix, keep }: { prefix: string; keep: (entries: readonly unknown[]) => void },
): Promise<void> {
  const matching = { ...place, ref: `heads/${prefix}`, per_page: PAGE };
  const refs = await client.paginate(client.rest.git.listMatchingRefs, matching);
  for (const { branch } of refs.map((ref) => branchShape.parse(ref))) {
    const head = `${place.owner}:${branch}`;
    keep((await client.rest.pulls.list({ ...place, head, state: 'all', per_page: PAGE })).data);
  }
}

/** The latest run of every check, and the latest status of every context; all pages (reference github.md, 4.1). */
async function readChecks(calls: Calls, repo: RepoRef, sha: string): Promise<CommitChecks> {
  if (!SHA.test(sha)) throw new Bug('Suture asked for the checks of something that is no commit.');
  return calls.run(repo, `read the checks of ${sha.slice(0, 12)}`, async (client, place) => {
    const commit = { ...place, ref: sha, per_page: PAGE };
    const runs = await client.paginate(client.rest.checks.listForRef, { ...commit, filter: 'latest' });
    const statuses: CommitStatus[] = [];
    // Not paginate: the list is one field of the answer, which it does not unpack.
    for (let page = 1; statuses.length === (page - 1) * PAGE; page += 1) {
      const { data } = await client.rest.repos.getCombinedStatusForRef({ ...commit, page });
      statuses.push(...data.statuses.map((status) => statusShape.parse(status)));
    }
    return { runs: runs.map((run) => checkRunShape.parse(run)), statuses };
  });
}

/**
 * GitHub deletes whatever the branch stands at, and closes what is open from it, so both are asked first. It answers 422 for a branch that is not there;
 * whether it is gone is then asked, not read from the words.
 */
async function deleteBranch(
  calls: Calls,
  repo: RepoRef,
  { branch, commit }: { branch: string; commit: string },
): Promise<void> {
  if ((await readBranchHead(calls, repo, branch)) !== commit) return;
  if (await isOpenFrom(calls, repo, branch)) return;
  try {
    await calls.run(repo, `delete the branch "${branch}"`, (client, place) =>
      client.rest.git.deleteRef({ ...place, ref: `heads/${branch}` }),
    );
  } catch (error) {
    if (error instanceof Absent) return;
    if ((await readBranchHead(calls, repo, branch)) !== null) throw error;
  }
}

function isOpenFrom(calls: Calls, repo: RepoRef, branch: string): Promise<boolean> {
  return calls.run(repo, `look for pull requests from "${branch}"`, async (client, place) => {
    const head = `${place.owner}:${branch}`;
    const { data } = await client.rest.pulls.list({ ...place, head, state: 'open', per_page: 1 });
    return data.length > 0;
  });
}

function readBranchHead(calls: Calls, repo: RepoRef, branch: string): Promise<string | null> {
  return calls.find(repo, `look for the branch "${branch}"`, async (client, place) => {
    const { data } = await client.rest.git.getRef({ ...place, ref: `heads/${branch}` });
    return headShape.parse(data).object.sha;
  });
}

const headShape = z.object({ object: z.object({ sha: z.string() }) });
const reviewShape = z.object({ body: z.string().nullish() });
const remarkShape = z.object({ path: z.string(), line: z.int().nullish(), body: z.string() });

async function readReview(
  calls: Calls,
  repo: RepoRef,
  { number, review }: { number: number; review: number },
): Promise<string | null> {
  return calls.find(repo, `read review ${review} of #${number}`, async (client, place) => {
    const which = { ...place, pull_number: number, review_id: review };
    const { body } = reviewShape.parse((await client.rest.pulls.getReview(which)).data);
    const { data } = await client.rest.pulls.listCommentsForReview({ ...which, per_page: PAGE });
    const remarks = data.map((entry) => remarkShape.parse(entry));
    const lines = remarks.map(
      (remark) => `${remark.path}${remark.line ? `:${remark.line}` : ''}: ${remark.body}`,
    );
    return [body ?? '', ...lines].filter((line) => line.trim() !== '').join('\n');
  });
}
