// What apps are told about pull requests and their reviews.
// Builds payloads; sending is in emit.ts.

import type { Json } from '../answers.ts';
import type { Account, Issue, Repo, Review } from '../records.ts';
import { renderEventPull, renderPullSimple, renderReview } from '../render/pulls.ts';
import type { State } from '../state.ts';
import { emit } from './emit.ts';

export function emitPull(
  state: State,
  target: { repo: Repo; issue: Issue },
  told: { action: string; sender: Account; more?: Json },
): void {
  emit(state, target.repo, {
    event: 'pull_request',
    action: told.action,
    sender: told.sender,
    payload: {
      number: target.issue.number,
      pull_request: renderEventPull(state, target),
      ...told.more,
    },
  });
}

export function emitReview(state: State, target: { repo: Repo; issue: Issue }, review: Review): void {
  emit(state, target.repo, {
    event: 'pull_request_review',
    action: 'submitted',
    sender: review.author,
    payload: {
      pull_request: renderPullSimple(state, target),
      review: { ...renderReview(state, target, review), state: review.state.toLowerCase() },
    },
  });
}
