// Marks of many pull requests by one GraphQL query: the same mark, and nothing that a settle reads has changed.
// In doubt there is no mark. It must not judge what a change means.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RequiredCheck } from '../domain/pull/verdict.ts';
import type { CodeHost } from '../ports.ts';
import type { Calls, Place } from './calls.ts';
import type { Client } from './app-client.ts';

/** GitHub gives up on queries that are too much work: a hundred pull requests with their checks have been refused. */
const AT_ONCE = 40;

/**
 * What CI says of the head is listed run by run, as a settle reads it: a count would not show what replaced what. Not
 * asked for: `workflowRun`, which needs `actions: read`, and `databaseId` of runs, which is too small for their numbers.
 */
const fragment = `fragment seen on PullRequest {
  number url state isDraft mergeable updatedAt baseRefName baseRefOid headRefName headRefOid
  commits(last: 1) { nodes { commit { oid statusCheckRollup { contexts(first: 100) {
    pageInfo { hasNextPage }
    nodes {
      __typename
      ... on CheckRun {
        id name status conclusion startedAt completedAt url
        checkSuite { id app { databaseId } }
      }
      ... on StatusContext { id context state createdAt avatarUrl targetUrl }
    }
  } } } } }
}`;

/** Every field is told, null or not: what is missing was not answered. */
const run = z.strictObject({
  __typename: z.literal('CheckRun'),
  id: z.string(),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  startedAt: z.string().nullable(),
  completedAt: z.string().nullable(),
  url: z.string(),
  checkSuite: z.strictObject({
    id: z.string(),
    app: z.strictObject({ databaseId: z.int() }).nullable(),
  }),
});

const status = z.strictObject({
  __typename: z.literal('StatusContext'),
  id: z.string(),
  context: z.string(),
  state: z.string(),
  createdAt: z.string(),
  avatarUrl: z.string().nullable(),
  targetUrl: z.string().nullable(),
});

const rollup = z.strictObject({
  contexts: z.strictObject({
    pageInfo: z.strictObject({ hasNextPage: z.literal(false) }),
    nodes: z.array(z.discriminatedUnion('__typename', [run, status])),
  }),
});

const head = z.strictObject({
  commit: z.strictObject({ oid: z.string(), statusCheckRollup: rollup.nullable() }),
});

/** Only what is open, known in full and all of one moment fits. */
const seen = z
  .strictObject({
    number: z.int(),
    url: z.string(),
    state: z.literal('OPEN'),
    isDraft: z.boolean(),
    mergeable: z.enum(['MERGEABLE', 'CONFLICTING']),
    updatedAt: z.string(),
    baseRefName: z.string(),
    baseRefOid: z.string(),
    headRefName: z.string(),
    headRefOid: z.string(),
    commits: z.strictObject({ nodes: z.tuple([head]) }),
  })
  .refine(({ headRefOid, commits }) => commits.nodes[0].commit.oid === headRefOid);

const answer = z.object({ repository: z.record(z.string(), z.unknown()) });

/** GitHub answers what it can, and names what it could not. */
const partial = z.object({
  data: answer,
  errors: z.array(z.object({ type: z.string().optional() })),
});

export function createReadPullMarks(
  calls: Calls,
  readRequiredChecks: CodeHost['readRequiredChecks'],
): CodeHost['readPullMarks'] {
  return async (repo, numbers) => {
    const marks = new Map<number, string>();
    for (let from = 0; from < numbers.length; from += AT_ONCE) {
      const asked = numbers.slice(from, from + AT_ONCE);
      const pulls = await calls.run(repo, 'ask which pull requests have changed', (client, place) =>
        ask(client, place, asked),
      );
      for (const pull of pulls)
        marks.set(pull.number, markOf(pull, await readRequiredChecks(repo, pull.baseRefName)));
    }
    return marks;
  };
}

async function ask(
  client: Client,
  { owner, repo: name }: Place,
  numbers: readonly number[],
): Promise<z.output<typeof seen>[]> {
  const pulls = numbers.map((number) => `p${number}: pullRequest(number: ${number}) { ...seen }`);
  const query = `query ($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { ${pulls.join('\n')} }
}
${fragment}`;
  const { repository } = answer.parse(await client.graphql(query, { owner, name }).catch(answeredInPart));
  return Object.values(repository).flatMap((pull) => {
    const read = seen.safeParse(pull);
    return read.success ? [read.data] : [];
  });
}

/** One pull request that is gone, or too much work, is no reason to do without the others; a missing permission is. */
function answeredInPart(error: unknown): unknown {
  const { success, data } = partial.safeParse(error);
  if (!success || data.errors.some(({ type }) => type === 'FORBIDDEN')) throw error;
  return data.data;
}

function markOf(pull: z.output<typeof seen>, required: readonly RequiredCheck[]): string {
  const contexts = pull.commits.nodes[0].commit.statusCheckRollup?.contexts.nodes ?? null;
  // In whatever order they are told.
  const checks = contexts?.map((one) => JSON.stringify(one)).toSorted() ?? null;
  const text = JSON.stringify([{ ...pull, commits: null }, checks, required]);
  return createHash('sha256').update(text).digest('base64url');
}
