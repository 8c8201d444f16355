// Archives one problem at Sentry until it escalates, after looking at it.
// It must never touch a problem that is resolved, archived already, gone or of another project.

import { Bug, Refusal } from '../domain/failure.ts';
import type { ProjectRef } from '../domain/problem.ts';
import { jsonOf, type Api } from './api.ts';
import { projectName, type Call } from './errors.ts';
import { readProblemJson, type ReadProblem } from './payloads.ts';

type Wish = { project: ProjectRef; problemId: string };

/** There is no status "archived" (reference sentry.md, 2.6). */
const body = { status: 'ignored', substatus: 'archived_until_escalating' };

/** `current` is the problem as just read; null when there is nothing of this project to archive. */
export async function archiveProblem(api: Api, current: ReadProblem | null, wish: Wish): Promise<void> {
  if (!current) throw gone(wish);
  if (current.problem.status !== 'unresolved') return;
  const { project, problemId } = wish;
  const call: Call = { doing: `archive the issue ${problemId}`, scope: 'event:write', project };
  const path = ['organizations', project.org, 'issues', problemId];
  const answer = await api.put({ ...call, path, body, allowed: [204, 404] });
  if (answer.status !== 200) throw gone(wish);
  const { problem } = readProblemJson(jsonOf(answer, call));
  if (problem.id === problemId && problem.status === 'ignored') return;
  throw new Bug(
    `Sentry was asked to archive the issue ${problemId} of ${projectName(project)} and answered with ${problem.id}, ${problem.status}.`,
  );
}

function gone({ project, problemId }: Wish): Refusal {
  return new Refusal(
    `The Sentry issue ${problemId} of ${projectName(project)} is gone: it was deleted, merged into another one or moved to another project. Nothing was archived.`,
  );
}
