// What Sentry calls a repository of the code host: a commit is named together with that name.
// It must not add a repository; people link theirs in Sentry.

import { z } from 'zod';
import { repoName, type ProjectRef, type RepoRef } from '../domain/problem.ts';
import { jsonOf, type Api } from './api.ts';
import { listOf, text } from './shapes.ts';

const repositories = listOf(z.object({ name: text, externalSlug: text.optional() }));

/**
 * The name to use (reference sentry.md, 2.8); null when Sentry knows no such repository. Where the token may not read
 * them, the name that Sentry's own integration gives: `owner/name`. Throws Later when Sentry is down or slow.
 */
export async function repositoryName(api: Api, project: ProjectRef, repo: RepoRef): Promise<string | null> {
  const wanted = repoName(repo);
  const call = { doing: 'read the repositories', scope: 'org:read', project } as const;
  const path = ['organizations', project.org, 'repos'];
  const answer = await api.get({ ...call, path, query: { query: repo.name }, allowed: [403, 404] });
  if (answer.status !== 200) return wanted;
  const same = (name: string | null | undefined): boolean => name?.toLowerCase() === wanted.toLowerCase();
  const known = repositories.parse(jsonOf(answer, call));
  return known.find((one) => same(one.name) || same(one.externalSlug))?.name ?? null;
}
