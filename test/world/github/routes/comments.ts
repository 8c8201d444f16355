// Comments on issues and pull requests.
// Comments inside a review are in reviews.ts.

import { z } from 'zod';
import {
  created,
  empty,
  listed,
  notFound,
  ok,
  read,
  refusal,
  type Answer,
  type Ask,
  type Route,
} from '../answers.ts';
import type { Comment, Level, Repo } from '../records.ts';
import { renderComment } from '../render/issues.ts';
import { acting, mayAs, openIssue, openRepo, requireRole } from '../rights.ts';
import { commentsOf } from '../state.ts';
import { emitComment } from '../webhooks/issues.ts';
import { refuseLong } from './issues.ts';

const commentBody = z.object({ body: z.string().min(1) });

function createComment(ask: Ask): Answer {
  const { repo, issue } = openIssue(ask, 'write');
  const { body } = read(ask, commentBody, 'IssueComment');
  refuseLong(body, 'IssueComment');
  if (issue.lock && !mayAs(ask, repo, 'triage')) {
    throw refusal(403, 'Unable to create comment because issue is locked.');
  }
  const { account, viaApp } = acting(ask);
  const at = ask.state.now();
  const id = ask.state.nextId();
  const comment: Comment = {
    id,
    issue,
    author: account,
    viaApp,
    body,
    reactions: [],
    edits: [],
    createdAt: at,
    updatedAt: at,
  };
  repo.comments.set(id, comment);
  issue.updatedAt = at;
  emitComment(ask.state, repo, { action: 'created', sender: account, comment });
  return created(renderComment(ask.state, repo, comment));
}

function listComments(ask: Ask): Promise<Answer> {
  const { repo, issue } = openIssue(ask, 'read');
  return listComment(ask, repo, commentsOf(repo, issue));
}

function listAllComments(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'issues:read', 'pull_requests:read');
  return listComment(ask, repo, [...repo.comments.values()]);
}

function listComment(ask: Ask, repo: Repo, comments: readonly Comment[]): Promise<Answer> {
  const since = Date.parse(ask.query.get('since') ?? '') || 0;
  const wanted = comments.filter((one) => one.updatedAt >= since);
  return listed(ask, wanted, (one) => renderComment(ask.state, repo, one));
}

/** The comment the path names; a comment on an issue asks for `issues`, on a pull request for either. */
export function openComment(ask: Ask, level: Level): { repo: Repo; comment: Comment } {
  const repo = openRepo(ask, `issues:${level}`, `pull_requests:${level}`);
  const comment = repo.comments.get(Number(ask.params['id']));
  if (!comment) throw notFound();
  if (!comment.issue.pull) openRepo(ask, `issues:${level}`);
  return { repo, comment };
}

function readComment(ask: Ask): Answer {
  const { repo, comment } = openComment(ask, 'read');
  return ok(renderComment(ask.state, repo, comment));
}

function mayChange(ask: Ask, repo: Repo, comment: Comment): void {
  if (ask.actor.kind === 'user' && ask.actor.account === comment.author) return;
  requireRole(ask, repo, 'write');
}

function editComment(ask: Ask): Answer {
  const { repo, comment } = openComment(ask, 'write');
  const { body } = read(ask, commentBody, 'IssueComment');
  mayChange(ask, repo, comment);
  refuseLong(body, 'IssueComment');
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = ask.state.now();
  if (from !== body) {
    const first = { editor: comment.author, at: comment.createdAt, body: from };
    if (comment.edits.length === 0) comment.edits.push(first);
    comment.edits.push({ editor: acting(ask).account, at: comment.updatedAt, body });
  }
  const more = { changes: { body: { from } } };
  if (from !== body) {
    emitComment(ask.state, repo, { action: 'edited', sender: acting(ask).account, comment, more });
  }
  return ok(renderComment(ask.state, repo, comment));
}

function deleteComment(ask: Ask): Answer {
  const { repo, comment } = openComment(ask, 'write');
  mayChange(ask, repo, comment);
  repo.comments.delete(comment.id);
  emitComment(ask.state, repo, { action: 'deleted', sender: acting(ask).account, comment });
  return empty();
}

export const commentRoutes: readonly Route[] = [
  ['GET', '/repos/:owner/:repo/issues/comments', listAllComments],
  ['GET', '/repos/:owner/:repo/issues/comments/:id', readComment],
  ['PATCH', '/repos/:owner/:repo/issues/comments/:id', editComment],
  ['DELETE', '/repos/:owner/:repo/issues/comments/:id', deleteComment],
  ['POST', '/repos/:owner/:repo/issues/:number/comments', createComment],
  ['GET', '/repos/:owner/:repo/issues/:number/comments', listComments],
];
