// The open pull requests of a repository with the files they change. It must not judge whether that matters.

import { z } from 'zod';
import { repoName, type RepoRef } from '../domain/problem.ts';
import type { CodeHost, OpenPull } from '../ports.ts';
import type { Calls } from './calls.ts';
import { account } from './shapes.ts';

const PAGE = 100;
/** What is remembered of files, by repository, number and head. */
const MOST_KEPT = 2_000;

const listed = z.object({
  number: z.int(),
  html_url: z.string(),
  user: account.nullish(),
  head: z.object({ sha: z.string() }),
});

/** A renamed file is changed under both names. */
const file = z
  .object({ filename: z.string(), previous_filename: z.string().nullish() })
  .transform(({ filename, previous_filename: before }) => (before ? [filename, before] : [filename]));

/** One request for the list, and one for each pull request whose head moved since it was read last. */
export function createListOpenPulls(calls: Calls): CodeHost['listOpenPulls'] {
  const kept = new Map<string, string[]>();
  return async (repo) => {
    const pulls = await calls.run(repo, 'list the open pull requests', async (client, place) => {
      const newest = { ...place, state: 'open', sort: 'updated', direction: 'desc', per_page: PAGE } as const;
      return (await client.rest.pulls.list(newest)).data.map((entry) => listed.parse(entry));
    });
    const found: OpenPull[] = [];
    for (const { number, html_url: url, user, head } of pulls) {
      const key = `${repoName(repo).toLowerCase()}#${number}@${head.sha}`;
      const files = kept.get(key) ?? (await readFiles(calls, repo, number));
      kept.set(key, files);
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? '');
      found.push({ number, url, author: user?.login ?? 'ghost', headSha: head.sha, files });
    }
    return found;
  };
}

/** Empty for one that was closed and deleted meanwhile. */
async function readFiles(calls: Calls, repo: RepoRef, number: number): Promise<string[]> {
  const files = await calls.find(repo, `read the files of pull request #${number}`, (client, place) =>
    client.paginate(client.rest.pulls.listFiles, { ...place, pull_number: number, per_page: PAGE }),
  );
  return (files ?? []).flatMap((entry) => file.parse(entry));
}
