// Finds what a call names and may see; otherwise refuses as Sentry does (reference sentry.md, 3).
// Must not change anything.

import { notFound, forbidden, Refused } from './reply.ts';
import type { Call } from './route.ts';
import { findIssue, findOrg, findProject, type Issue, type Org, type Project } from './state.ts';

/** An unknown organisation is 404, another's is 403. */
export function orgOf(call: Call): Org {
  const org = findOrg(call.world, call.params['org'] ?? '');
  if (!org) throw notFound();
  if (org !== call.token.org) throw forbidden();
  return org;
}

/** A renamed project answers with the new address, an unknown one 404. */
export function projectOf(call: Call): Project {
  const org = orgOf(call);
  const slug = call.params['project'] ?? '';
  const project = findProject(org, slug);
  if (project) return project;
  const renamed = org.projects.find((candidate) => candidate.oldSlugs.includes(slug));
  if (!renamed) throw notFound();
  throw moved(call, { org, from: slug, to: renamed.slug });
}

function moved(call: Call, project: { org: Org; from: string; to: string }): Refused {
  const old = `/projects/${project.org.slug}/${project.from}/`;
  const url = call.path.replace(old, `/projects/${project.org.slug}/${project.to}/`);
  return new Refused({
    status: 302,
    headers: { Location: url },
    body: {
      slug: project.to,
      detail: {
        code: 'resource-moved',
        message: 'Resource has been moved',
        extra: { url, slug: project.to },
      },
    },
  });
}

export function issueOf(call: Call): Issue {
  const issue = findIssue(call.world, orgOf(call), call.params['issue'] ?? '');
  if (!issue) throw notFound();
  return issue;
}

/** Ids or slugs; `-1` or none is every project. A project that is not there is refused like a forbidden one. */
export function projectsIn(call: Call, org: Org): Project[] {
  const asked = call.query.getAll('project').filter((value) => value !== '');
  if (asked.length === 0 || asked.includes('-1')) return org.projects;
  return asked.map((value) => {
    const project = findProject(org, value);
    if (!project) throw forbidden();
    return project;
  });
}
