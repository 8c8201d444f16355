// Reads GitHub's stand-in over its API as one of the people, the way a web page there would know things.
// What has not changed is not counted against the person's limit, however often a page looks.

import type { Octokit } from '@octokit/rest';
import type { World } from '../../test/world/world.ts';
import { people, place } from '../../test/world/world.ts';

type Kept = { etag: string; response: unknown };

/** A client that asks "if it changed" for what it has seen, and answers from memory when it has not. */
function thriftyClient(world: World): Octokit {
  const octokit = world.github.as(people.maintainer);
  const kept = new Map<string, Kept>();
  octokit.hook.wrap('request', async (request, options) => {
    const asked = octokit.request.endpoint.parse({ ...options });
    if (asked.method !== 'GET') return request(options);
    const known = kept.get(asked.url);
    const headers = { ...options.headers, ...(known && { 'if-none-match': known.etag }) };
    try {
      const response = await request({ ...options, headers });
      if (response.headers.etag) kept.set(asked.url, { etag: response.headers.etag, response });
      return response;
    } catch (error) {
      if (known && statusOf(error) === 304) return known.response as Awaited<ReturnType<typeof request>>;
      throw error;
    }
  });
  return octokit;
}

/** The HTTP status an API call failed with; null for any other failure. */
export function statusOf(error: unknown): number | null {
  return error instanceof Error && 'status' in error && typeof error.status === 'number'
    ? error.status
    : null;
}

export type Reader = ReturnType<typeof createReader>;

export function createReader(world: World) {
  const { rest } = thriftyClient(world);
  const all = { ...place, per_page: 100 };
  return {
    issues: async () => {
      const { data } = await rest.issues.listForRepo({ ...all, state: 'all' });
      return data.filter((issue) => !issue.pull_request);
    },
    issue: async (issue_number: number) => (await rest.issues.get({ ...place, issue_number })).data,
    comments: async (issue_number: number) => (await rest.issues.listComments({ ...all, issue_number })).data,
    pulls: async () => (await rest.pulls.list({ ...all, state: 'all' })).data,
    pull: async (pull_number: number) => (await rest.pulls.get({ ...place, pull_number })).data,
    files: async (pull_number: number) => (await rest.pulls.listFiles({ ...all, pull_number })).data,
    commit: async (ref: string) => (await rest.repos.getCommit({ ...place, ref })).data,
    checks: async (ref: string) => (await rest.checks.listForRef({ ...all, ref })).data.check_runs,
    check: async (check_run_id: number) => (await rest.checks.get({ ...place, check_run_id })).data,
    file: async (path: string, ref: string) => {
      const { data } = await rest.repos.getContent({ ...place, path, ref });
      return 'content' in data ? Buffer.from(data.content, 'base64').toString('utf8') : null;
    },
  };
}
