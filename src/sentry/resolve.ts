// Resolves one problem at Sentry, after looking at it.
// It must never touch a problem that is resolved already, gone, merged away or of another project.

import { Bug, Refusal } from '../domain/failure.ts';
import type { ProjectRef } from '../domain/problem.ts';
import type { ResolveHow, ResolveOutcome } from '../ports.ts';
import { jsonOf, type Api } from './api.ts';
import { failureOf, projectName, type Answer, type Call } from './errors.ts';
import { readProblemJson, type ReadProblem } from './payloads.ts';

type Wish = { project: ProjectRef; problemId: string; how: ResolveHow };

const bodies: Record<ResolveHow, unknown> = {
  'in-next-release': { status: 'resolved', statusDetails: { inNextRelease: true } },
  now: { status: 'resolved' },
};

/** `current` is the problem as just read; null when there is nothing of this project to resolve. */
export async function resolveProblem(
  api: Api,
  current: ReadProblem | null,
  wish: Wish,
): Promise<ResolveOutcome> {
  if (!current) throw gone(wish);
  if (current.problem.status === 'resolved') return { done: true };
  const call: Call = {
    doing: `resolve the issue ${wish.problemId}`,
    scope: 'event:write',
    project: wish.project,
  };
  const path = ['organizations', wish.project.org, 'issues', wish.problemId];
  const answer = await api.put({ ...call, path, body: bodies[wish.how], allowed: [204, 400, 404] });
  if (answer.status === 204 || answer.status === 404) throw gone(wish);
  if (answer.status === 400) return withoutRelease(answer, call);
  expectResolved(readProblemJson(jsonOf(answer, call)), wish);
  return { done: true };
}

function gone({ project, problemId }: Wish): Refusal {
  return new Refusal(
    `The Sentry issue ${problemId} of ${projectName(project)} is gone: it was deleted, merged into another one or moved to another project. Nothing was resolved; look at it in Sentry and resolve the other one there if this fix covers it.`,
  );
}

/** The one 400 that has a way out (reference sentry.md, 2.6); its place in the body is not fixed. */
function withoutRelease(answer: Answer, call: Call): ResolveOutcome {
  if (/no release data/i.test(answer.body)) return { done: false, why: 'no-release' };
  throw failureOf(answer, call, 0);
}

function expectResolved({ problem }: ReadProblem, wish: Wish): void {
  if (problem.id === wish.problemId && problem.status === 'resolved') return;
  throw new Bug(
    `Sentry was asked to resolve the issue ${wish.problemId} of ${projectName(wish.project)} and answered with ${problem.id}, ${problem.status}.`,
  );
}
