// Reviews of pull requests, and the comments inside them.

import { z } from 'zod';
import {
  invalid,
  listed,
  notFound,
  ok,
  read,
  refusal,
  type Answer,
  type Ask,
  type Route,
} from '../answers.ts';
import type { Review } from '../records.ts';
import { renderReview, renderReviewComment } from '../render/pulls.ts';
import { acting } from '../rights.ts';
import { emitReview } from '../webhooks/pulls.ts';
import { refuseLong } from './issues.ts';
import { openPull, type PullTarget } from './pulls.ts';

const states = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

const newReview = z.object({
  body: z.string().optional(),
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']).optional(),
  commit_id: z.string().optional(),
  comments: z
    .array(
      z.object({
        path: z.string(),
        body: z.string().min(1),
        line: z.int().optional(),
        position: z.int().optional(),
      }),
    )
    .default([]),
});

function createReview(ask: Ask): Answer {
  const target = openPull(ask, 'write');
  const { issue, pull } = target;
  const input = read(ask, newReview, 'PullRequestReview');
  refuseLong(input.body, 'PullRequestReview');
  const author = acting(ask).account;
  if (author === issue.author && input.event && input.event !== 'COMMENT') {
    throw refusal(
      422,
      `Can not ${input.event === 'APPROVE' ? 'approve' : 'request changes on'} your own pull request`,
    );
  }
  if (input.event !== 'APPROVE' && !input.body && input.comments.length === 0) {
    throw invalid({ resource: 'PullRequestReview', field: 'body', code: 'missing_field' });
  }
  const at = ask.state.now();
  const review: Review = {
    id: ask.state.nextId(),
    author,
    body: input.body ?? '',
    state: input.event ? states[input.event] : 'PENDING',
    commitSha: input.commit_id ?? pull.headSha,
    submittedAt: at,
    comments: input.comments.map(({ path, body, line, position }) => ({
      id: ask.state.nextId(),
      path,
      body,
      line: line ?? position ?? 1,
      hunk: '@@ -1 +1 @@',
      createdAt: at,
    })),
  };
  pull.reviews.push(review);
  pull.reviewers = pull.reviewers.filter((one) => one !== author);
  if (review.state !== 'PENDING') emitReview(ask.state, target, review);
  return ok(renderReview(ask.state, target, review));
}

function listReviews(ask: Ask): Promise<Answer> {
  const target = openPull(ask, 'read');
  return listed(ask, target.pull.reviews, (review) => renderReview(ask.state, target, review));
}

function openReview(ask: Ask): { target: PullTarget; review: Review } {
  const target = openPull(ask, 'read');
  const review = target.pull.reviews.find((one) => one.id === Number(ask.params['id']));
  if (!review) throw notFound();
  return { target, review };
}

function readReview(ask: Ask): Answer {
  const { target, review } = openReview(ask);
  return ok(renderReview(ask.state, target, review));
}

function listReviewComments(ask: Ask): Promise<Answer> {
  const { target, review } = openReview(ask);
  return listed(ask, review.comments, (comment) =>
    renderReviewComment(ask.state, target, { review, comment }),
  );
}

function listPullComments(ask: Ask): Promise<Answer> {
  const target = openPull(ask, 'read');
  const all = target.pull.reviews.flatMap((review) =>
    review.comments.map((comment) => ({ review, comment })),
  );
  return listed(ask, all, (one) => renderReviewComment(ask.state, target, one));
}

export const reviewRoutes: readonly Route[] = [
  ['POST', '/repos/:owner/:repo/pulls/:number/reviews', createReview],
  ['GET', '/repos/:owner/:repo/pulls/:number/reviews', listReviews],
  ['GET', '/repos/:owner/:repo/pulls/:number/reviews/:id', readReview],
  ['GET', '/repos/:owner/:repo/pulls/:number/reviews/:id/comments', listReviewComments],
  ['GET', '/repos/:owner/:repo/pulls/:number/comments', listPullComments],
];
