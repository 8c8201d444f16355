// The smoke test of one project: may this token do everything that Suture will ask of it.
// It must read only, and say what is wrong in a sentence that names the setting to change.

import { Later, Refusal } from '../domain/failure.ts';
import type { ProjectRef } from '../domain/problem.ts';
import type { AccessReport } from '../ports.ts';
import { jsonOf, type Api } from './api.ts';
import { projectName } from './errors.ts';
import { parseScopes } from './payloads.ts';
import type { Projects } from './projects.ts';

/**
 * Reads the project, one page of one issue, and the token's scopes where the server tells them.
 *
 * @throws Later when Sentry is down or slow; what a person has to mend is the report.
 */
export async function checkAccess(api: Api, projects: Projects, project: ProjectRef): Promise<AccessReport> {
  try {
    const projectId = await projects.readId(project);
    await readOneIssue(api, project, projectId);
    await expectWriteScope(api, project);
    return { ok: true, projectId };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.message };
    throw error;
  }
}

async function readOneIssue(api: Api, project: ProjectRef, projectId: string): Promise<void> {
  const call = { doing: 'list the issues', scope: 'event:read', project } as const;
  const path = ['organizations', project.org, 'issues'];
  const answer = await api.get({ ...call, path, query: { limit: '1', project: projectId } });
  jsonOf(answer, call);
}

/**
 * There is no dry run for writing (reference sentry.md, section 3), but the root of the API lists the
 * scopes of the token where the server answers there (getsentry/sentry, api/endpoints/index.py).
 * No answer is no reason to complain.
 */
async function expectWriteScope(api: Api, project: ProjectRef): Promise<void> {
  const scopes = await readScopes(api, project);
  if (!scopes || scopes.includes('event:write') || scopes.includes('event:admin')) return;
  throw new Refusal(
    `The Sentry token may read ${projectName(project)} but lacks the scope event:write, without which nothing can be resolved. Give the internal integration that scope (Sentry, Settings > Developer Settings); the token stays the same.`,
  );
}

async function readScopes(api: Api, project: ProjectRef): Promise<string[] | null> {
  const call = { doing: 'read the scopes', scope: 'event:read', project } as const;
  try {
    return parseScopes(jsonOf(await api.get({ ...call, path: [] }), call));
  } catch (error) {
    if (error instanceof Refusal || error instanceof Later) return null;
    throw error;
  }
}
