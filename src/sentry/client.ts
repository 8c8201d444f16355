// Sentry as the alert source: organisation-scoped routes, one problem at a time.
// It must never use the bulk routes: a parameter lost there resolves a whole project.

import { Refusal } from '../domain/failure.ts';
import type { CrashEvent } from '../domain/crash/crash-event.ts';
import type { ProjectRef } from '../domain/problem.ts';
import type { AlertSource, Clock, Log } from '../ports.ts';
import { checkAccess } from './access.ts';
import { archiveProblem } from './archive.ts';
import { createApi, jsonOf, type Api } from './api.ts';
import { projectName, type Call } from './errors.ts';
import { createHttp, defaultLimits, type Limits } from './http.ts';
import { listUnresolved } from './list.ts';
import { readMappings } from './mappings.ts';
import { addNote, findNote } from './notes.ts';
import { parseEvent } from './parse-event.ts';
import { parseOwner, readProblemJson, type ReadProblem } from './payloads.ts';
import { createProjects, isOf, type Projects } from './projects.ts';
import { resolveProblem } from './resolve.ts';

export type SentryOptions = {
  /** `https://sentry.io`, a region's host, or a self-hosted server, with or without `/api/0`. */
  baseUrl: string;
  token: string;
  userAgent: string;
  clock: Clock;
  log: Log;
  limits?: Partial<Limits>;
};

/**
 * Opens the source; makes no request yet.
 *
 * @throws Refusal when the address or the token can never work. For the failures of its calls see
 * errors.ts: Later when Sentry is down, slow or asks us to wait; Refusal when a person has to act.
 */
export function createSentry(options: SentryOptions): AlertSource & { close(): Promise<void> } {
  const http = createHttp({ ...options, limits: { ...defaultLimits, ...options.limits } });
  const api = createApi(http, options.clock);
  const projects = createProjects(api);
  const read = (project: ProjectRef, problemId: string) => readOne(api, projects, { project, problemId });
  return {
    checkAccess: (project) => checkAccess(api, projects, project),
    readUnresolved: (project, wanted) => listUnresolved({ api, projects, log: options.log }, project, wanted),
    readProblem: async (project, problemId) => (await read(project, problemId))?.problem ?? null,
    readLatestEvent: (project, problemId) => readLatestEvent(api, projects, { project, problemId }),
    resolve: async (project, problemId, how) =>
      resolveProblem(api, await read(project, problemId), { project, problemId, how }),
    archive: async (project, problemId) =>
      archiveProblem(api, await read(project, problemId), { project, problemId }),
    note: async (project, problemId, note) =>
      (await read(project, problemId)) ? addNote(api, { project, problemId }, note) : 'refused',
    hasNote: async (project, problemId, key) =>
      (await read(project, problemId)) !== null &&
      (await findNote(api, { project, problemId }, key)) === true,
    readRelease: (project) => projects.release(project),
    readPathMappings: async (project, repo) =>
      readMappings(api, { project, projectKey: await projects.key(project), repo }),
    close: () => http.close(),
  };
}

type Asked = { project: ProjectRef; problemId: string };

function callOf(doing: string, { project, problemId }: Asked): Call & { path: string[] } {
  const path = ['organizations', project.org, 'issues', problemId];
  return { doing, scope: 'event:read', project, path };
}

/**
 * Null when it is gone, of another project, or was merged into another issue: Sentry then answers with
 * that one, unasked (reference sentry.md, 2.0), and what holds for one must not be done to the other.
 */
async function readOne(api: Api, projects: Projects, asked: Asked): Promise<ReadProblem | null> {
  const key = await projects.key(asked.project);
  const call = callOf(`read the issue ${asked.problemId}`, asked);
  const answer = await api.get({ ...call, allowed: [404] });
  if (answer.status === 404) return null;
  const read = readProblemJson(jsonOf(answer, call));
  return isOf(read, key) && read.problem.id === asked.problemId ? read : null;
}

async function readLatestEvent(api: Api, projects: Projects, asked: Asked): Promise<CrashEvent | null> {
  const key = await projects.key(asked.project);
  const call = callOf(`read the latest event of the issue ${asked.problemId}`, asked);
  const answer = await api.get({ ...call, path: [...call.path, 'events', 'latest'], allowed: [404] });
  if (answer.status === 404) return null;
  const json = jsonOf(answer, call);
  expectOwner(json, key, asked);
  return parseEvent(json);
}

/** @throws Refusal when the event says that it is another problem's or another project's. */
function expectOwner(json: unknown, key: string, { project, problemId }: Asked): void {
  const owner = parseOwner(json);
  if (owner.problemId !== null && owner.problemId !== problemId) {
    throw new Refusal(
      `The Sentry issue ${problemId} of ${projectName(project)} was merged into ${owner.problemId}. Go on with that one.`,
    );
  }
  if (/^\d+$/.test(key) && owner.projectId !== null && owner.projectId !== key) {
    throw new Refusal(
      `The Sentry issue ${problemId} is not of ${projectName(project)}; nothing of it was used.`,
    );
  }
}
