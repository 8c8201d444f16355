// GraphQL: queries are read, checked against the served schema and answered field by field, as far as each may be read.
// What is served stands in graphql/; deleting an issue and marking a draft ready are done here.

import { buildSchema, execute, GraphQLError, parse, validate, type DocumentNode } from 'graphql';
import { z } from 'zod';
import { ok, read, refusal, type Answer, type Ask, type Json, type Route } from '../answers.ts';
import { editsOf, pullObject, repositoryObject } from '../graphql/objects.ts';
import {
  asGraphql,
  fieldError,
  forbidden,
  refused,
  tooManyNodes,
  validationError,
  type Variables,
} from '../graphql/refusals.ts';
import { servedSchema } from '../graphql/schema.ts';
import type { Issue, Repo } from '../records.ts';
import { nodeId } from '../render/accounts.ts';
import { pullOf } from '../render/pulls.ts';
import { acting, isGranted, mayAs, openRepo, requireRole } from '../rights.ts';
import { findRepo } from '../state.ts';
import { emitIssue } from '../webhooks/issues.ts';
import { emitPull } from '../webhooks/pulls.ts';

const schema = buildSchema(servedSchema);

const graphqlBody = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });

async function graphql(ask: Ask): Promise<Answer> {
  if (ask.actor.kind === 'nobody') throw refusal(401, 'This endpoint requires you to be authenticated.');
  const { query, variables } = read(ask, graphqlBody, 'Query');
  try {
    return await answer(ask, parse(query), variables ?? {});
  } catch (error) {
    if (error instanceof GraphQLError) return ok({ errors: [{ message: error.message }] });
    throw error;
  }
}

async function answer(ask: Ask, document: DocumentNode, variables: Variables): Promise<Answer> {
  const wrong = validate(schema, document);
  if (wrong.length > 0) return ok({ errors: wrong.map(validationError) });
  const excess = tooManyNodes(document, variables);
  if (excess) return ok({ data: null, errors: [fieldError(excess)] });
  const rootValue = { ...queries(ask), ...mutations(ask) };
  const { data, errors } = await execute({ schema, document, rootValue, variableValues: variables });
  return ok({ data, ...(errors && { errors: errors.map(fieldError) }) });
}

function queries(ask: Ask): Json {
  return {
    repository: ({ owner, name, followRenames }: Asked) => {
      const full = `${owner}/${name}`;
      const renamed = followRenames ? ask.state.redirects.get(full.toLowerCase()) : undefined;
      const repo = findRepo(ask.state, full) ?? renamed;
      const absent = `Could not resolve to a Repository with the name '${full}'.`;
      if (!repo) throw refused('NOT_FOUND', absent);
      return asGraphql(absent, () => repositoryObject(ask, seen(ask, repo)));
    },
    node: ({ id }: { id: string }) => {
      for (const repo of ask.state.repos.values()) {
        const comment = [...repo.comments.values()].find((one) => nodeId('IC', one.id) === id);
        if (!comment) continue;
        asGraphql(noNode(id).message, () => seen(ask, repo));
        if (ask.actor.kind === 'installation' && !isGranted(ask.actor, 'issues:read')) throw forbidden();
        return { __typename: 'IssueComment', id, userContentEdits: editsOf(comment.edits) };
      }
      throw noNode(id);
    },
  };
}

type Asked = { owner: string; name: string; followRenames: boolean };

const noNode = (id: string): GraphQLError =>
  refused('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);

/** The repository, when whoever asks may see it at all. */
const seen = (ask: Ask, repo: Repo): Repo =>
  openRepo({ ...ask, params: { owner: repo.owner.login, repo: repo.name } });

function mutations(ask: Ask): Json {
  return {
    deleteIssue: ({ input }: { input: { issueId: string } }) => deleteIssue(ask, input.issueId),
    markPullRequestReadyForReview: ({ input }: { input: { pullRequestId: string } }) =>
      markReady(ask, input.pullRequestId),
  };
}

/** The only way GitHub offers to delete an issue; people with admin rights only. */
function deleteIssue(ask: Ask, id: string): Json {
  const found = findIn(ask, (issue) => !issue.pull && nodeId('I', issue.id) === id);
  if (!found) throw noNode(id);
  const { repo, issue } = found;
  asGraphql(noNode(id).message, () => requireRole(ask, seen(ask, repo), 'admin'));
  repo.issues.delete(issue.number);
  repo.deletedIssues.add(issue.number);
  emitIssue(ask.state, found, { action: 'deleted', sender: acting(ask).account });
  return { clientMutationId: null, repository: repositoryObject(ask, repo) };
}

/** The author, and whoever may push; an app needs `pull_requests: write`, which GraphQL refuses in its own way. */
function markReady(ask: Ask, id: string): Json {
  const found = findIn(ask, (issue) => issue.pull !== null && nodeId('PR', issue.pull.id) === id);
  if (!found) throw noNode(id);
  const { repo, issue } = found;
  const { actor } = ask;
  if (actor.kind === 'installation' && !isGranted(actor, 'pull_requests:write')) throw forbidden();
  if (!mayAs(ask, repo, 'write') && acting(ask).account !== issue.author)
    throw refused('FORBIDDEN', `${acting(ask).account.login} does not have the correct permissions.`);
  const pull = pullOf(issue);
  if (issue.state === 'closed') throw refused('UNPROCESSABLE', 'The pull request is closed.');
  if (!pull.draft) throw refused('UNPROCESSABLE', 'The pull request is not a draft.');
  pull.draft = false;
  issue.updatedAt = ask.state.now();
  emitPull(ask.state, found, { action: 'ready_for_review', sender: acting(ask).account });
  return { clientMutationId: null, pullRequest: pullObject(ask, found) };
}

/** Among those the asker may see. */
function findIn(ask: Ask, isIt: (issue: Issue) => boolean): { repo: Repo; issue: Issue } | null {
  for (const repo of ask.state.repos.values()) {
    const issue = [...repo.issues.values()].find(isIt);
    if (issue && (ask.actor.kind !== 'installation' || ask.actor.repoIds.has(repo.id)))
      return { repo, issue };
  }
  return null;
}

export const graphqlRoutes: readonly Route[] = [['POST', '/graphql', graphql]];
