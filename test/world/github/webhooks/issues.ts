// What apps are told about issues, pull requests as issues, and comments.
// Builds payloads; sending is in emit.ts.

import type { Json } from '../answers.ts';
import type { Account, Comment, Issue, Repo } from '../records.ts';
import { renderComment, renderEventIssue } from '../render/issues.ts';
import type { State } from '../state.ts';
import { emit } from './emit.ts';
import { emitPull } from './pulls.ts';

type Told = { action: string; sender: Account; more?: Json };

/** `issues.*`, or `pull_request.*` where the number is a pull request. */
export function emitIssue(state: State, target: { repo: Repo; issue: Issue }, told: Told): void {
  const { repo, issue } = target;
  if (issue.pull) return emitPull(state, target, told);
  emit(state, repo, {
    event: 'issues',
    action: told.action,
    sender: told.sender,
    payload: { issue: renderEventIssue(state, repo, issue), ...told.more },
  });
}

export function emitComment(state: State, repo: Repo, told: Told & { comment: Comment }): void {
  emit(state, repo, {
    event: 'issue_comment',
    action: told.action,
    sender: told.sender,
    payload: {
      issue: renderEventIssue(state, repo, told.comment.issue),
      comment: renderComment(state, repo, told.comment),
      ...told.more,
    },
  });
}
