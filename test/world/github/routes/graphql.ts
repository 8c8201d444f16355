// The sliver of GraphQL that is served: who edited the body of an issue or a comment, deleting an issue, marking a
// draft ready. Any other query answers a GraphQL error; nothing is made up.

import { z } from 'zod';
import { ok, read, refusal, time, type Answer, type Ask, type Json, type Route } from '../answers.ts';
import type { Edit, Issue, Repo } from '../records.ts';
import { nodeId } from '../render/accounts.ts';
import { pullOf } from '../render/pulls.ts';
import { acting, isGranted, mayAs, openRepo, requireRole } from '../rights.ts';
import { fullName } from '../state.ts';
import { emitIssue } from '../webhooks/issues.ts';
import { emitPull } from '../webhooks/pulls.ts';

const graphqlBody = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });

function graphql(ask: Ask): Answer {
  if (ask.actor.kind === 'nobody') throw refusal(401, 'This endpoint requires you to be authenticated.');
  const { query, variables } = read(ask, graphqlBody, 'Query');
  const source = { query, variables: variables ?? {} };
  if (/\bon IssueComment\b[^}]*\buserContentEdits\b/.test(query)) return readCommentEdits(ask, source);
  if (/\buserContentEdits\b/.test(query)) return readEdits(ask, source);
  if (/\bdeleteIssue\b/.test(query)) return deleteIssue(ask, source);
  if (/\bmarkPullRequestReadyForReview\b/.test(query)) return markReady(ask, source);
  return failed(
    'NOT_SERVED',
    'This GraphQL query is not served here: only userContentEdits of an issue or an IssueComment, deleteIssue and markPullRequestReadyForReview.',
  );
}

type Source = { query: string; variables: Record<string, unknown> };

const failed = (type: string, message: string): Answer => ok({ data: null, errors: [{ type, message }] });

/** The value of an argument, written out or given as a variable. */
function argument(source: Source, pattern: RegExp): string {
  const value = pattern.exec(source.query)?.[1] ?? '';
  return value.startsWith('$') ? String(source.variables[value.slice(1)]) : value.replace(/^"|"$/g, '');
}

function readEdits(ask: Ask, source: Source): Answer {
  const owner = argument(source, /\bowner\s*:\s*("[^"]*"|\$\w+)/);
  const repoName = argument(source, /\brepository\s*\([^)]*\bname\s*:\s*("[^"]*"|\$\w+)/);
  const number = Number(argument(source, /\bissue\s*\(\s*number\s*:\s*(\d+|\$\w+)/));
  const repo = openRepo({ ...ask, params: { owner, repo: repoName } }, 'issues:read');
  const issue = repo.issues.get(number);
  if (!issue) return failed('NOT_FOUND', `Could not resolve to an Issue with the number of ${number}.`);
  return ok({ data: { repository: { issue: { userContentEdits: renderEdits(issue.edits, source) } } } });
}

function readCommentEdits(ask: Ask, source: Source): Answer {
  const id = argument(source, /\bnode\s*\(\s*id\s*:\s*("[^"]*"|\$\w+)/);
  for (const known of ask.state.repos.values()) {
    const comment = [...known.comments.values()].find((one) => nodeId('IC', one.id) === id);
    if (!comment) continue;
    openRepo({ ...ask, params: { owner: known.owner.login, repo: known.name } }, 'issues:read');
    return ok({ data: { node: { userContentEdits: renderEdits(comment.edits, source) } } });
  }
  return failed('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);
}

function renderEdits(edits: readonly Edit[], source: Source): Json {
  const first = Number(argument(source, /\buserContentEdits\s*\([^)]*\bfirst\s*:\s*(\d+|\$\w+)/)) || 100;
  return { totalCount: edits.length, nodes: edits.toReversed().slice(0, first).map(renderEdit) };
}

const renderEdit = (edit: Edit): Json => ({
  editor: { login: edit.editor.login, __typename: edit.editor.type === 'Bot' ? 'Bot' : 'User' },
  editedAt: time(edit.at),
  createdAt: time(edit.at),
  deletedAt: null,
  diff: edit.body,
});

/** The only way GitHub offers to delete an issue; people with admin rights only. */
function deleteIssue(ask: Ask, source: Source): Answer {
  const input = source.variables['input'] as { issueId?: string } | undefined;
  const id = input?.issueId ?? argument(source, /\bissueId\s*:\s*("[^"]*"|\$\w+)/);
  const found = findIssue(ask, id);
  if (!found) return failed('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);
  const { repo, issue } = found;
  requireRole({ ...ask, params: { owner: repo.owner.login, repo: repo.name } }, repo, 'admin');
  repo.issues.delete(issue.number);
  repo.deletedIssues.add(issue.number);
  emitIssue(ask.state, found, { action: 'deleted', sender: acting(ask).account });
  return ok({ data: { deleteIssue: { repository: { nameWithOwner: fullName(repo) } } } });
}

function findIssue(ask: Ask, id: string): { repo: Repo; issue: Issue } | null {
  for (const repo of ask.state.repos.values()) {
    const issue = [...repo.issues.values()].find((one) => !one.pull && nodeId('I', one.id) === id);
    if (issue) return { repo, issue };
  }
  return null;
}

/** The author, and whoever may push; an app needs `pull_requests: write`, which GraphQL refuses in its own way. */
function markReady(ask: Ask, source: Source): Answer {
  const id = argument(source, /\bpullRequestId\s*:\s*("[^"]*"|\$\w+)/);
  const found = findPull(ask, id);
  if (!found) return failed('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);
  const { repo, issue } = found;
  const { actor } = ask;
  if (actor.kind === 'installation' && !isGranted(actor, 'pull_requests:write'))
    return failed('FORBIDDEN', 'Resource not accessible by integration');
  if (!mayAs(ask, repo, 'write') && acting(ask).account !== issue.author)
    return failed('FORBIDDEN', `${acting(ask).account.login} does not have the correct permissions.`);
  const pull = pullOf(issue);
  if (issue.state === 'closed') return failed('UNPROCESSABLE', 'The pull request is closed.');
  if (!pull.draft) return failed('UNPROCESSABLE', 'The pull request is not a draft.');
  pull.draft = false;
  issue.updatedAt = ask.state.now();
  emitPull(ask.state, found, { action: 'ready_for_review', sender: acting(ask).account });
  return ok({ data: { markPullRequestReadyForReview: { pullRequest: { isDraft: false } } } });
}

/** Among those the asker may see. */
function findPull(ask: Ask, id: string): { repo: Repo; issue: Issue } | null {
  for (const repo of ask.state.repos.values()) {
    const issue = [...repo.issues.values()].find((one) => one.pull && nodeId('PR', one.pull.id) === id);
    if (issue && (ask.actor.kind !== 'installation' || ask.actor.repoIds.has(repo.id)))
      return { repo, issue };
  }
  return null;
}

export const graphqlRoutes: readonly Route[] = [['POST', '/graphql', graphql]];
