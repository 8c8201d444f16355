// Pull requests and reviews in GitHub's JSON.
// Reads records only; what needs git was worked out before and is passed in.

import { time, timeOrNull, type Json } from '../answers.ts';
import type { Issue, Pull, Repo, Review, ReviewComment } from '../records.ts';
import type { State } from '../state.ts';
import { nodeId, renderAccount, renderAccountOrNull } from './accounts.ts';
import { association, issueWebUrl, renderLabel } from './issues.ts';
import { repoUrl, renderRepository } from './repository.ts';

type Target = { repo: Repo; issue: Issue };

/** The pull request's own record. Throws for a plain issue. */
export function pullOf(issue: Issue): Pull {
  if (!issue.pull) throw new Error(`#${issue.number} is not a pull request.`);
  return issue.pull;
}

const pullUrl = (state: State, { repo, issue }: Target): string =>
  `${repoUrl(state, repo)}/pulls/${issue.number}`;

/** The form of lists. */
export function renderPullSimple(state: State, target: Target): Json {
  const { repo, issue } = target;
  const pull = pullOf(issue);
  return {
    ...renderPullAddresses(state, target),
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    number: issue.number,
    state: issue.state,
    locked: issue.lock !== null,
    active_lock_reason: issue.lock?.reason ?? null,
    title: issue.title,
    user: renderAccount(state, issue.author),
    body: issue.body,
    labels: issue.labels.map((label) => renderLabel(state, repo, label)),
    milestone: null,
    created_at: time(issue.createdAt),
    updated_at: time(issue.updatedAt),
    closed_at: timeOrNull(issue.closedAt),
    merged_at: timeOrNull(pull.merged?.at ?? null),
    merge_commit_sha: pull.merged?.sha ?? pull.trial?.sha ?? null,
    assignee: renderAccountOrNull(state, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((one) => renderAccount(state, one)),
    requested_reviewers: pull.reviewers.map((one) => renderAccount(state, one)),
    requested_teams: [],
    head: renderSide(state, repo, { ref: pull.head, sha: pull.headSha }),
    base: renderSide(state, repo, { ref: pull.base, sha: pull.baseSha }),
    author_association: association(repo, issue.author),
    auto_merge: null,
    draft: pull.draft,
  };
}

function renderPullAddresses(state: State, target: Target): Json {
  const { repo, issue } = target;
  const url = pullUrl(state, target);
  const html = issueWebUrl(state, repo, issue);
  const issueUrl = `${repoUrl(state, repo)}/issues/${issue.number}`;
  const addresses = {
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repoUrl(state, repo)}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: `${repoUrl(state, repo)}/statuses/${pullOf(issue).headSha}`,
  };
  const links = { self: url, html, issue: issueUrl, ...stripUrl(addresses) };
  return {
    url,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl,
    ...addresses,
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
  };
}

const stripUrl = (addresses: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(addresses).map(([name, href]) => [name.replace(/_url$/, ''), href]));

const renderSide = (state: State, repo: Repo, side: { ref: string; sha: string }): Json => ({
  label: `${repo.owner.login}:${side.ref}`,
  ref: side.ref,
  sha: side.sha,
  user: renderAccount(state, repo.owner),
  repo: renderRepository(state, repo),
});

/** The whole. `mergeable` is null while GitHub has not tried yet. */
export function renderPull(state: State, target: Target): Json {
  const { issue, repo } = target;
  const pull = pullOf(issue);
  const mergeable = pull.merged || !pull.trial ? null : pull.trial.sha !== null;
  return {
    ...renderPullSimple(state, target),
    merged: pull.merged !== null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeableState(pull, mergeable),
    merged_by: renderAccountOrNull(state, pull.merged?.by ?? null),
    comments: [...repo.comments.values()].filter((one) => one.issue === issue).length,
    review_comments: pull.reviews.reduce((sum, review) => sum + review.comments.length, 0),
    maintainer_can_modify: false,
    commits: pull.stats.commits,
    additions: pull.stats.additions,
    deletions: pull.stats.deletions,
    changed_files: pull.stats.files,
  };
}

function mergeableState(pull: Pull, mergeable: boolean | null): string {
  if (mergeable === null) return 'unknown';
  if (!mergeable) return 'dirty';
  return pull.draft ? 'draft' : 'clean';
}

/** As webhooks carry it: the trial merge is not known yet. */
export function renderEventPull(state: State, target: Target): Json {
  const pull = pullOf(target.issue);
  const full = renderPull(state, target);
  return {
    ...full,
    mergeable: null,
    rebaseable: null,
    mergeable_state: 'unknown',
    merge_commit_sha: pull.merged?.sha ?? null,
  };
}

export function renderReview(state: State, target: Target, review: Review): Json {
  const html = `${issueWebUrl(state, target.repo, target.issue)}#pullrequestreview-${review.id}`;
  const url = pullUrl(state, target);
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: renderAccount(state, review.author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: url,
    author_association: association(target.repo, review.author),
    _links: { html: { href: html }, pull_request: { href: url } },
    submitted_at: time(review.submittedAt),
    commit_id: review.commitSha,
  };
}

export function renderReviewComment(
  state: State,
  target: Target,
  input: { review: Review; comment: ReviewComment },
): Json {
  const { review, comment } = input;
  const url = `${repoUrl(state, target.repo)}/pulls/comments/${comment.id}`;
  const html = `${issueWebUrl(state, target.repo, target.issue)}#discussion_r${comment.id}`;
  const pull = pullUrl(state, target);
  return {
    url,
    pull_request_review_id: review.id,
    id: comment.id,
    node_id: nodeId('PRRC', comment.id),
    diff_hunk: comment.hunk,
    path: comment.path,
    position: comment.line,
    original_position: comment.line,
    line: comment.line,
    original_line: comment.line,
    side: 'RIGHT',
    commit_id: review.commitSha,
    original_commit_id: review.commitSha,
    user: renderAccount(state, review.author),
    body: comment.body,
    created_at: time(comment.createdAt),
    updated_at: time(comment.createdAt),
    html_url: html,
    pull_request_url: pull,
    author_association: association(target.repo, review.author),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pull } },
  };
}
