// The GitHub stand-in cannot lie: every answer of every route and every webhook is held against the descriptions
// that GitHub publishes. What it does is in world-github.test.ts.

import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema as published } from '@octokit/graphql-schema';
import { buildSchema } from 'graphql';
import { schemaFaults } from '../world/github/graphql/published.ts';
import { servedSchema } from '../world/github/graphql/schema.ts';
import { describeApi, describeWebhooks } from '../world/github/description.ts';
import type { Exchanged } from '../world/github/http.ts';
import { playEverything } from '../world/github/play-everything.ts';
import { routes } from '../world/github/routes.ts';
import { startGitHub, type Delivery, type GitHubWorld } from '../world/github/start.ts';

const exchanged: Exchanged[] = [];
let world: GitHubWorld;
let folder: string;
let deliveries: Delivery[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'world-github-'));
  world = await startGitHub({ observe: (one) => exchanged.push(one) });
  await playEverything(world, folder);
  await world.deliveries.idle();
  deliveries = world.deliveries.all();
});

afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const succeeded = (one: Exchanged): boolean => one.answer.status < 400;

test('every route of the table was asked and answered', () => {
  const asked = new Set(exchanged.filter(succeeded).map((one) => `${one.method} ${one.pattern}`));
  expect(routes.map(([method, pattern]) => `${method} ${pattern}`).filter((one) => !asked.has(one))).toEqual(
    [],
  );
});

test('the refusals held against the descriptions are of every kind', () => {
  const statuses = new Set(exchanged.map((one) => one.answer.status).filter((status) => status >= 400));
  expect([...statuses].toSorted((a, b) => a - b)).toMatchInlineSnapshot(`
    [
      401,
      403,
      404,
      405,
      409,
      410,
      422,
    ]
  `);
});

test('every answer is as GitHub describes it', () => {
  const api = describeApi();
  const faults = exchanged
    .filter((one) => one.pattern !== null && one.pattern !== '/graphql' && !one.answer.raw)
    .flatMap(({ method, pattern, answer }) =>
      api
        // Over the wire there are no undefined keys.
        .answerFaults({
          method,
          pattern: pattern ?? '',
          status: answer.status,
          body: answer.body === undefined ? undefined : (JSON.parse(JSON.stringify(answer.body)) as unknown),
        })
        .map((fault) => `${method} ${pattern} ${answer.status}: ${fault}`),
    );
  expect([...new Set(faults)]).toEqual([]);
});

test('every webhook is as GitHub describes it', () => {
  const webhooks = describeWebhooks();
  const faults = deliveries.flatMap(({ event, action, payload }) =>
    webhooks
      .payloadFaults({ event, action, payload: JSON.parse(payload) as unknown })
      .map((fault) => `${event}.${action}: ${fault}`),
  );
  expect([...new Set(faults)]).toEqual([]);
});

test('the webhooks held against the descriptions are all there are', () => {
  const seen = new Set(deliveries.map(({ event, action }) => [event, action].filter(Boolean).join('.')));
  expect([...seen].toSorted()).toMatchInlineSnapshot(`
    [
      "check_run.completed",
      "check_run.created",
      "check_suite.completed",
      "check_suite.requested",
      "create",
      "delete",
      "installation.created",
      "installation.deleted",
      "installation_repositories.added",
      "installation_repositories.removed",
      "issue_comment.created",
      "issue_comment.deleted",
      "issue_comment.edited",
      "issues.closed",
      "issues.deleted",
      "issues.edited",
      "issues.labeled",
      "issues.locked",
      "issues.opened",
      "issues.reopened",
      "issues.unlabeled",
      "issues.unlocked",
      "pull_request.closed",
      "pull_request.edited",
      "pull_request.labeled",
      "pull_request.opened",
      "pull_request.ready_for_review",
      "pull_request.reopened",
      "pull_request.review_requested",
      "pull_request.synchronize",
      "pull_request.unlabeled",
      "pull_request_review.submitted",
      "push",
      "status",
    ]
  `);
});

type Example = { name: string; examples: { action?: string }[] };

test('webhooks carry what all recorded examples of GitHub carry', () => {
  const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as Example[];
  const lacking = deliveries.flatMap(({ event, action, payload }) => {
    const same = examples.find((one) => one.name === event)?.examples ?? [];
    const recorded = same.filter((one) => !action || one.action === action);
    return missingKeys(JSON.parse(payload), recorded).map((key) => `${event}.${action}: ${key}`);
  });
  expect([...new Set(lacking)]).toEqual([]);
});

/** Keys, one level down too, that every example has and the payload has not. */
function missingKeys(payload: unknown, recorded: readonly unknown[], at = ''): string[] {
  const [first, ...others] = recorded.filter(isRecord);
  if (!first || !isRecord(payload)) return [];
  return Object.keys(first)
    .filter((key) => others.every((one) => key in one))
    .flatMap((key) => {
      if (!(key in payload)) return [`${at}${key}`];
      if (at !== '') return [];
      return missingKeys(
        payload[key],
        [first, ...others].map((one) => one[key]),
        `${key}.`,
      );
    });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

test('every type and field of GraphQL is as GitHub publishes it', () => {
  const schema = buildSchema(published.idl, { assumeValidSDL: true });
  const served = buildSchema(servedSchema);
  expect(schemaFaults(served, schema)).toEqual([]);
  const wrong = servedSchema
    .replace('isDraft: Boolean!', 'isDraft: Boolean')
    .replace('OPEN }', 'OPEN AJAR }')
    .replace('repository(owner: String!, ', 'repository(');
  expect(schemaFaults(buildSchema(wrong), schema)).toEqual([
    'Query.repository asks for owner',
    'PullRequestState has no AJAR',
    'PullRequest.isDraft: it is Boolean!, not Boolean',
  ]);
});
