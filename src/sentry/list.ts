// The list of unresolved problems, page by page.
// It must not count items to know the end (pages may be short), nor cut the list silently.

import { z } from 'zod';
import { Bug } from '../domain/failure.ts';
import type { Problem, ProjectRef } from '../domain/problem.ts';
import type { Log } from '../ports.ts';
import { jsonOf, type Api } from './api.ts';
import { projectName, type Call } from './errors.ts';
import { nextCursor } from './paging.ts';
import { readProblemJson, type ReadProblem } from './payloads.ts';
import { isOf, type Projects } from './projects.ts';

/** 20,000 problems: more than a person can triage; what is beyond is said in the log. */
const mostPages = 200;

type Room = { api: Api; projects: Projects; log: Log };

type Wanted = { days: number; narrow: string };

type Page = { items: unknown[]; next: string | null };

/** Every unresolved problem of the project seen in the last `days`, most frequent first, each once. */
export async function listUnresolved(room: Room, project: ProjectRef, wanted: Wanted): Promise<Problem[]> {
  const key = await room.projects.key(project);
  const found = new Map<string, Problem>();
  let cursor: string | null = null;
  for (let page = 1; page <= mostPages; page++) {
    const { items, next } = await readPage(room.api, project, query(key, wanted, cursor));
    for (const problem of ours(room, items, key)) {
      if (!found.has(problem.id)) found.set(problem.id, problem);
    }
    if (next === null || next === cursor) return [...found.values()];
    cursor = next;
  }
  room.log.warn(
    { project: projectName(project), pages: mostPages, problems: found.size },
    'more unresolved problems than are read; the least frequent are left out',
  );
  return [...found.values()];
}

function query(key: string, { days, narrow }: Wanted, cursor: string | null): Record<string, string> {
  return {
    query: `is:unresolved ${narrow}`.trim(),
    statsPeriod: `${days}d`,
    groupStatsPeriod: '14d',
    limit: '100',
    sort: 'freq',
    project: key,
    ...(cursor === null ? {} : { cursor }),
  };
}

async function readPage(api: Api, project: ProjectRef, query: Record<string, string>): Promise<Page> {
  const call: Call = { doing: 'list the unresolved issues', scope: 'event:read', project };
  const answer = await api.get({ ...call, path: ['organizations', project.org, 'issues'], query });
  const items = z.array(z.unknown()).safeParse(jsonOf(answer, call));
  if (!items.success) throw new Bug(`Sentry's list of issues of ${projectName(project)} is not a list.`);
  return { items: items.data, next: nextCursor(answer.headers['link']) };
}

/** Leaves out what changed while we paged, what another project owns, and what cannot be read. */
function ours(room: Room, items: unknown[], key: string): Problem[] {
  return items
    .flatMap((item) => readable(room.log, item))
    .filter((read) => isOf(read, key) && read.problem.status === 'unresolved')
    .map((read) => read.problem);
}

function readable(log: Log, item: unknown): ReadProblem[] {
  try {
    return [readProblemJson(item)];
  } catch (error) {
    if (!(error instanceof Bug)) throw error;
    log.warn({ reason: error.message }, 'a listed problem was left out');
    return [];
  }
}
