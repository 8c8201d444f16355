// Opening a pull request, offering it for review, asking people for one. Each may be refused for reasons that must
// not stop a fix: no drafts in this repository, somebody who is no collaborator.

import { z } from 'zod';
import { Refusal } from '../domain/failure.ts';
import type { RepoRef } from '../domain/problem.ts';
import type { Reviewers } from '../domain/pull/reviewers.ts';
import type { CodeHost, NewPullRequest, PullRequest } from '../ports.ts';
import type { Calls } from './calls.ts';
import { account, pullShape } from './shapes.ts';

export type OfferingMethods = Pick<CodeHost, 'openPullRequest' | 'markReady' | 'askForReview' | 'readAuthor'>;

export function createOffering(calls: Calls): OfferingMethods {
  return {
    openPullRequest: (repo, pull) => openPull(calls, repo, pull),
    markReady: (repo, number) => markReady(calls, repo, number),
    askForReview: (repo, number, who) => askForReview(calls, repo, { number, who }),
    readAuthor: (repo, sha) =>
      calls.find(repo, `read who wrote ${sha.slice(0, 12)}`, async (client, place) => {
        const { author } = authorShape.parse(
          (await client.rest.repos.getCommit({ ...place, ref: sha })).data,
        );
        return author?.login === undefined ? null : account.parse(author);
      }),
  };
}

/** GitHub gives an empty object for an account that is gone. */
const authorShape = z.object({
  author: z.object({ login: z.string().optional(), type: z.string().optional() }).nullish(),
});

/** Private repositories of free plans have no drafts: GitHub says so with a 422, and creates nothing. */
async function openPull(calls: Calls, repo: RepoRef, pull: NewPullRequest): Promise<PullRequest> {
  const open = ({ branch: head, ...rest }: NewPullRequest) =>
    calls.run(repo, `open a pull request from "${head}"`, async (client, place) =>
      pullShape.parse((await client.rest.pulls.create({ ...place, ...rest, head })).data),
    );
  try {
    return await open(pull);
  } catch (error) {
    if (
      !pull.draft ||
      !(error instanceof Refusal) ||
      !/Draft pull requests are not supported/i.test(error.message)
    )
      throw error;
    return open({ ...pull, draft: false });
  }
}

const markMutation = `mutation ($id: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}`;

const draftShape = z.object({ node_id: z.string(), draft: z.boolean().nullish() });

/**
 * REST cannot (reference github.md, 8); GraphQL wants GitHub's own id of the pull request, and refuses one that a person
 * has marked ready at that moment.
 */
async function markReady(calls: Calls, repo: RepoRef, number: number): Promise<void> {
  const doing = `mark pull request #${number} ready`;
  const read = () =>
    calls.run(repo, doing, async (client, place) =>
      draftShape.parse((await client.rest.pulls.get({ ...place, pull_number: number })).data),
    );
  const { node_id: id, draft } = await read();
  if (!draft) return;
  try {
    await calls.run(repo, doing, (client) => client.graphql(markMutation, { id }));
  } catch (error) {
    if (!(error instanceof Refusal) || (await read()).draft) throw error;
  }
}

/** One whom GitHub does not take makes it refuse all (422): then each is asked alone. */
async function askForReview(
  calls: Calls,
  repo: RepoRef,
  { number, who }: { number: number; who: Reviewers },
): Promise<string[]> {
  const ask = ({ people: reviewers, teams: team_reviewers }: Reviewers) =>
    calls.run(repo, `ask for a review of #${number}`, (client, place) =>
      client.rest.pulls.requestReviewers({ ...place, pull_number: number, reviewers, team_reviewers }),
    );
  const all = [...who.people, ...who.teams];
  if (all.length === 0) return [];
  try {
    await ask(who);
    return all;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (all.length === 1) return [];
  }
  const asked: string[] = [];
  for (const one of [
    ...who.people.map((login) => ({ people: [login], teams: [] })),
    ...who.teams.map((slug) => ({ people: [], teams: [slug] })),
  ])
    asked.push(...(await askForReview(calls, repo, { number, who: one })));
  return asked;
}
