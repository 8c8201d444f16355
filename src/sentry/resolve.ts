// Resolves one problem at Sentry, after looking at it.
// It must never touch a problem that is resolved already, gone, merged away or of another project.

import { Bug, Refusal } from '../domain/failure.ts';
import type { ProjectRef } from '../domain/problem.ts';
import type { ResolveHow, ResolveOutcome } from '../ports.ts';
import { jsonOf, type Api } from './api.ts';
import { failureOf, projectName, type Answer, type Call } from './errors.ts';
import { readProblemJson, type ReadProblem } from './payloads.ts';
import { repositoryName } from './repositories.ts';

type Wish = { project: ProjectRef; problemId: string; how: ResolveHow };

/** `current` is the problem as just read; null when there is nothing of this project to resolve. */
export async function resolveProblem(
  api: Api,
  current: ReadProblem | null,
  wish: Wish,
): Promise<ResolveOutcome> {
  if (!current) throw gone(wish);
  if (current.problem.status === 'resolved') return { done: true };
  const body = await bodyOf(api, wish);
  if (body === null) return { done: false, why: 'unknown-repository' };
  const call: Call = {
    doing: `resolve the issue ${wish.problemId}`,
    scope: 'event:write',
    project: wish.project,
  };
  const path = ['organizations', wish.project.org, 'issues', wish.problemId];
  const answer = await api.put({ ...call, path, body, allowed: [204, 400, 403, 404] });
  if (answer.status === 204 || answer.status === 404) throw gone(wish);
  if (answer.status === 403)
    return { done: false, why: 'forbidden', sentence: failureOf(answer, call, 0).message };
  if (answer.status === 400) return withAWayOut(answer, call);
  expectResolved(readProblemJson(jsonOf(answer, call)), wish);
  return { done: true };
}

/** Null when Sentry says that it does not know the repository of the commit. */
async function bodyOf(api: Api, { project, how }: Wish): Promise<unknown> {
  if (how === 'now') return { status: 'resolved' };
  if (how === 'in-next-release') return { status: 'resolved', statusDetails: { inNextRelease: true } };
  const repository = await repositoryName(api, project, how.repo);
  if (repository === null) return null;
  return { status: 'resolved', statusDetails: { inCommit: { commit: how.commit, repository } } };
}

function gone({ project, problemId }: Wish): Refusal {
  return new Refusal(
    `The Sentry issue ${problemId} of ${projectName(project)} is gone: it was deleted, merged into another one or moved to another project. Nothing was resolved; look at it in Sentry and resolve the other one there if this fix covers it.`,
  );
}

/** The 400s that have a way out (reference sentry.md, 2.6); their place in the body is not fixed. */
const waysOut = [
  ['no-release', /no release data/i],
  ['unknown-repository', /unable to find the given repository/i],
  ['unknown-commit', /unable to find the given commit/i],
] as const;

function withAWayOut(answer: Answer, call: Call): ResolveOutcome {
  const [why] = waysOut.find(([, words]) => words.test(answer.body)) ?? [];
  if (why) return { done: false, why };
  throw failureOf(answer, call, 0);
}

function expectResolved({ problem }: ReadProblem, wish: Wish): void {
  if (problem.id === wish.problemId && problem.status === 'resolved') return;
  throw new Bug(
    `Sentry was asked to resolve the issue ${wish.problemId} of ${projectName(wish.project)} and answered with ${problem.id}, ${problem.status}.`,
  );
}
