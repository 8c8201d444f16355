// The code mappings people made in Sentry: which stack path stands for which folder of which repository.
// They are a help, not a need: a token without the right to read them has none.

import { z } from 'zod';
import { Refusal } from '../domain/failure.ts';
import type { PathMapping } from '../domain/locate/find-path.ts';
import { repoName, type ProjectRef, type RepoRef } from '../domain/problem.ts';
import { jsonOf, type Api } from './api.ts';
import { text } from './shapes.ts';

const mappings = z.array(z.object({ stackRoot: text, sourceRoot: text, repoName: text }));

const most = 200;

/**
 * The mappings of this project that point into this repository, in Sentry's order (reference sentry.md, 2.8
 * and 6.1). None where the token may not read them or the server has no such route. Throws Later when Sentry
 * is down or slow.
 */
export async function readMappings(
  api: Api,
  asked: { project: ProjectRef; projectKey: string; repo: RepoRef },
): Promise<PathMapping[]> {
  const { project, projectKey, repo } = asked;
  const call = { doing: 'read the code mappings', scope: 'org:read', project } as const;
  const path = ['organizations', project.org, 'code-mappings'];
  try {
    const answer = await api.get({ ...call, path, query: { project: projectKey } });
    const known = mappings.safeParse(jsonOf(answer, call)).data ?? [];
    const wanted = repoName(repo).toLowerCase();
    return known
      .filter((mapping) => mapping.repoName?.toLowerCase() === wanted)
      .slice(0, most)
      .map(({ stackRoot, sourceRoot }) => ({ stackRoot: stackRoot ?? '', sourceRoot: sourceRoot ?? '' }));
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}
