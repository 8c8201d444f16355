// Issues, comments, labels and reactions in GitHub's JSON.
// Reads records only.

import { time, timeOrNull, type Json } from '../answers.ts';
import {
  reactionContents,
  type Account,
  type Comment,
  type Issue,
  type Label,
  type Reaction,
  type Repo,
} from '../records.ts';
import { commentsOf, roleOf, type State } from '../state.ts';
import { nodeId, renderAccount, renderAccountOrNull, renderAppOrNull } from './accounts.ts';
import { repoUrl, webUrl } from './repository.ts';

export function renderLabel(state: State, repo: Repo, label: Label): Json {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: `${repoUrl(state, repo)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    description: label.description,
    color: label.color,
    default: false,
  };
}

export function association(repo: Repo, account: Account): string {
  if (repo.owner === account) return 'OWNER';
  return roleOf(repo, account) === 'none' ? 'NONE' : 'COLLABORATOR';
}

export function renderReaction(state: State, reaction: Reaction): Json {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: renderAccount(state, reaction.account),
    content: reaction.content,
    created_at: time(reaction.createdAt),
  };
}

function renderReactions(url: string, reactions: readonly Reaction[]): Json {
  const count = (content: string) => reactions.filter((one) => one.content === content).length;
  return {
    url: `${url}/reactions`,
    total_count: reactions.length,
    ...Object.fromEntries(reactionContents.map((content) => [content, count(content)])),
  };
}

/** Web address of an issue or a pull request. */
export const issueWebUrl = (state: State, repo: Repo, issue: Issue): string =>
  `${webUrl(state, repo)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;

export function renderIssue(state: State, repo: Repo, issue: Issue): Json {
  const url = `${repoUrl(state, repo)}/issues/${issue.number}`;
  return {
    url,
    repository_url: repoUrl(state, repo),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issueWebUrl(state, repo, issue),
    id: issue.id,
    node_id: nodeId(issue.pull ? 'PR' : 'I', issue.id),
    number: issue.number,
    title: issue.title,
    user: renderAccount(state, issue.author),
    labels: issue.labels.map((label) => renderLabel(state, repo, label)),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: issue.lock !== null,
    active_lock_reason: issue.lock?.reason ?? null,
    assignee: renderAccountOrNull(state, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((one) => renderAccount(state, one)),
    milestone: null,
    comments: commentsOf(repo, issue).length,
    created_at: time(issue.createdAt),
    updated_at: time(issue.updatedAt),
    closed_at: timeOrNull(issue.closedAt),
    closed_by: renderAccountOrNull(state, issue.closedBy),
    author_association: association(repo, issue.author),
    ...(issue.pull && renderPullLinks(state, repo, issue)),
    body: issue.body,
    reactions: renderReactions(url, issue.reactions),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: renderAppOrNull(state, issue.viaApp),
  };
}

/** As webhooks carry it: without who closed it. */
export function renderEventIssue(state: State, repo: Repo, issue: Issue): Json {
  const { closed_by: _closedBy, ...told } = renderIssue(state, repo, issue);
  return { draft: false, ...told };
}

function renderPullLinks(state: State, repo: Repo, issue: Issue): Json {
  const html = issueWebUrl(state, repo, issue);
  return {
    draft: issue.pull?.draft,
    pull_request: {
      url: `${repoUrl(state, repo)}/pulls/${issue.number}`,
      html_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      merged_at: timeOrNull(issue.pull?.merged?.at ?? null),
    },
  };
}

export function renderComment(state: State, repo: Repo, comment: Comment): Json {
  const url = `${repoUrl(state, repo)}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${issueWebUrl(state, repo, comment.issue)}#issuecomment-${comment.id}`,
    issue_url: `${repoUrl(state, repo)}/issues/${comment.issue.number}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: renderAccount(state, comment.author),
    created_at: time(comment.createdAt),
    updated_at: time(comment.updatedAt),
    body: comment.body,
    author_association: association(repo, comment.author),
    reactions: renderReactions(url, comment.reactions),
    performed_via_github_app: renderAppOrNull(state, comment.viaApp),
  };
}
