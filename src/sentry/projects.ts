// Which project a binding means: its number, and whether a problem is of that project.
// It must never take a problem of another project for ours (a server may ignore our filter).

import { z } from 'zod';
import { Bug, Refusal } from '../domain/failure.ts';
import type { ProjectRef } from '../domain/problem.ts';
import { jsonOf, type Api } from './api.ts';
import { projectName, type Answer, type Call } from './errors.ts';
import { parseProject, type ReadProblem } from './payloads.ts';
import { settings } from './settings.ts';
import { bag, text } from './shapes.ts';

export type Projects = {
  /** Asks Sentry now. Throws Refusal, a sentence for the operator, when it is unknown, renamed or closed. */
  readId(project: ProjectRef): Promise<string>;
  /** What to filter by: the number, read once; the slug where the token may not read projects. */
  key(project: ProjectRef): Promise<string>;
  /** The version of its newest release; null when there is none or the token may not read projects. */
  release(project: ProjectRef): Promise<string | null>;
};

export function createProjects(api: Api): Projects {
  const ids = new Map<string, string>();
  const keep = (project: ProjectRef, id: string): string => {
    ids.set(projectName(project), id);
    return id;
  };
  return {
    async readId(project) {
      const answer = await api.get({ ...projectCall(project), allowed: [404] });
      return keep(project, await idIn(api, answer, project));
    },
    async key(project) {
      const known = ids.get(projectName(project));
      if (known) return known;
      const answer = await api.get({ ...projectCall(project), allowed: [403, 404] });
      if (answer.status === 403) return project.project;
      return keep(project, await idIn(api, answer, project));
    },
    async release(project) {
      const answer = await api.get({ ...projectCall(project), allowed: [403] });
      if (answer.status === 403) return null;
      return latest.parse(jsonOf(answer, projectCall(project))).latestRelease?.version ?? null;
    },
  };
}

const latest = z.object({ latestRelease: bag.pipe(z.object({ version: text }).nullable()) });

/** True when the problem is of the project that this key (number or slug) names. */
export function isOf(read: ReadProblem, key: string): boolean {
  return read.problem.projectId === key || read.projectSlug?.toLowerCase() === key.toLowerCase();
}

function projectCall(project: ProjectRef): Call & { path: string[] } {
  return {
    doing: 'read the settings',
    scope: 'project:read',
    project,
    path: ['projects', project.org, project.project],
  };
}

async function idIn(api: Api, answer: Answer, project: ProjectRef): Promise<string> {
  if (answer.status === 404) throw new Refusal(await unknownProject(api, project));
  const found = parseProject(jsonOf(answer, projectCall(project)));
  if (!found) throw new Bug(`Sentry described the project ${projectName(project)} without its id.`);
  const asked = project.project.toLowerCase();
  if (found.id === asked || found.slug.toLowerCase() === asked) return found.id;
  throw new Refusal(
    `The Sentry project ${projectName(project)} is now called ${found.slug}. Change it in ${settings.bindings}.`,
  );
}

/** Names what the token can see, where Sentry tells: that is one more call, made only now. */
async function unknownProject(api: Api, project: ProjectRef): Promise<string> {
  const call: Call = { doing: 'list the projects', scope: 'org:read', project };
  const path = ['organizations', project.org, 'projects'];
  const answer = await api.get({ ...call, path, query: { per_page: '100' }, allowed: [401, 403, 404] });
  const name = projectName(project);
  if (answer.status === 404) {
    return `Sentry knows no organisation ${project.org}, or the token is not of it. Correct ${name} in ${settings.bindings}.`;
  }
  const seen = answer.status === 200 ? ` ${seenProjects(jsonOf(answer, call), project.org)}` : '';
  return `Sentry knows no project ${name}: it was renamed or deleted, or the name is wrong.${seen} Correct it in ${settings.bindings}.`;
}

const most = 20;

function seenProjects(json: unknown, org: string): string {
  const slugs = (z.array(z.unknown()).safeParse(json).data ?? []).flatMap(
    (one) => parseProject(one)?.slug ?? [],
  );
  if (slugs.length === 0) return `The token sees no project of ${org}.`;
  const more = slugs.length > most ? ` and ${slugs.length - most} more` : '';
  return `The token sees ${slugs.slice(0, most).join(', ')}${more}.`;
}
