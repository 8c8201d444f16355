// Turns GitHub's payloads into our own words: one entry per event that Suture hears.
// It must not decide whether a happening counts, and never calls GitHub: events are hints (design, section 3).

import { z } from 'zod';
import { Refusal } from '../domain/failure.ts';
import type { Happening } from '../ports.ts';
import { account, moment } from './shapes.ts';

type Translate = (payload: unknown) => Happening | null;

const repository = z
  .object({ name: z.string().min(1), owner: z.object({ login: z.string().min(1) }) })
  .transform(({ name, owner }) => ({ owner: owner.login, name }));

const bodyText = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

const editedIssue = z.object({
  repository,
  sender: account,
  issue: z.object({ number: z.int(), body: bodyText, updated_at: moment }),
  changes: z.object({ body: z.object({ from: bodyText }).optional() }),
});

const newComment = z.object({
  repository,
  sender: account,
  issue: z.object({ number: z.int(), pull_request: z.unknown().optional() }),
  comment: z.object({ id: z.int(), body: bodyText, created_at: moment }),
});

const editedComment = newComment.extend({
  comment: z.object({ id: z.int(), body: bodyText, updated_at: moment, user: account.nullish() }),
  changes: z.object({ body: z.object({ from: bodyText }).optional() }),
});

const newReview = z.object({
  repository,
  sender: account,
  pull_request: z.object({ number: z.int() }),
  review: z.object({ id: z.int(), state: z.string(), submitted_at: moment.nullish() }),
});

const changedIssue = z.object({ repository, issue: z.object({ number: z.int() }) });

const movedPull = z.object({
  repository,
  pull_request: z.object({
    number: z.int(),
    head: z.object({ ref: z.string(), repo: z.object({ full_name: z.string() }).nullish() }),
  }),
});

const movedRun = z.object({ repository, check_run: z.object({ head_sha: z.string() }) });
const movedSuite = z.object({ repository, check_suite: z.object({ head_sha: z.string() }) });
const movedStatus = z.object({ repository, sha: z.string() });

const named = z.array(z.object({ full_name: z.string() })).optional();
const installation = z.object({
  repositories: named,
  repositories_added: named,
  repositories_removed: named,
});

/** Every event Suture hears, by the name Probot routes it with. */
export const translations = {
  'issues.edited': bodyEdited,
  'issues.closed': issueChanged('closed'),
  'issues.reopened': issueChanged('reopened'),
  'issues.deleted': issueChanged('deleted'),
  'issues.transferred': issueChanged('transferred'),
  'issues.labeled': issueChanged('labelled'),
  'issues.unlabeled': issueChanged('labelled'),
  'issue_comment.created': commented,
  'issue_comment.edited': commentEdited,
  'pull_request_review.submitted': reviewed,
  'pull_request.opened': pullMoved,
  'pull_request.closed': pullMoved,
  'pull_request.reopened': pullMoved,
  'pull_request.synchronize': pullMoved,
  'pull_request.edited': pullMoved,
  'pull_request.ready_for_review': pullMoved,
  'pull_request.converted_to_draft': pullMoved,
  'check_run.completed': runMoved,
  'check_suite.completed': suiteMoved,
  status: statusMoved,
  'installation.created': installationChanged,
  'installation.deleted': installationChanged,
  'installation.suspend': installationChanged,
  'installation.unsuspend': installationChanged,
  'installation.new_permissions_accepted': installationChanged,
  'installation_repositories.added': installationChanged,
  'installation_repositories.removed': installationChanged,
} as const satisfies Record<string, Translate>;

function bodyEdited(payload: unknown): Happening | null {
  const { repository, sender, issue, changes } = understand(editedIssue, payload, 'issues.edited');
  if (changes.body === undefined) return null;
  return {
    kind: 'body-edited',
    repo: repository,
    issue: issue.number,
    editor: sender,
    bodyBefore: changes.body.from,
    bodyAfter: issue.body,
    at: issue.updated_at,
  };
}

function commented(payload: unknown): Happening {
  const { repository, sender, issue, comment } = understand(newComment, payload, 'issue_comment.created');
  return {
    kind: 'commented',
    repo: repository,
    issue: issue.number,
    onPullRequest: issue.pull_request != null,
    comment: comment.id,
    author: sender,
    body: comment.body,
    at: comment.created_at,
  };
}

function commentEdited(payload: unknown): Happening | null {
  const { repository, sender, issue, comment, changes } = understand(
    editedComment,
    payload,
    'issue_comment.edited',
  );
  if (changes.body === undefined) return null;
  return {
    kind: 'comment-edited',
    repo: repository,
    issue: issue.number,
    onPullRequest: issue.pull_request != null,
    comment: comment.id,
    author: comment.user ?? { login: 'ghost', kind: 'other' },
    editor: sender,
    bodyBefore: changes.body.from,
    bodyAfter: comment.body,
    at: comment.updated_at,
  };
}

/** Remarks on lines belong to their review: that is the one event of the act. */
function reviewed(payload: unknown): Happening | null {
  const told = understand(newReview, payload, 'pull_request_review.submitted');
  if (told.review.state.toLowerCase() !== 'changes_requested') return null;
  return {
    kind: 'changes-requested',
    repo: told.repository,
    number: told.pull_request.number,
    review: told.review.id,
    by: told.sender,
    at: told.review.submitted_at ?? 0,
  };
}

function issueChanged(change: Extract<Happening, { kind: 'issue-changed' }>['change']): Translate {
  return (payload) => {
    const { repository, issue } = understand(changedIssue, payload, 'issues');
    return { kind: 'issue-changed', repo: repository, issue: issue.number, change };
  };
}

/** Branches of forks are never ours: dropped (reference github.md, 4.2). */
function pullMoved(payload: unknown): Happening | null {
  const { repository, pull_request: pull } = understand(movedPull, payload, 'pull_request');
  if (pull.head.repo?.full_name !== `${repository.owner}/${repository.name}`) return null;
  return { kind: 'pull-moved', repo: repository, number: pull.number, branch: pull.head.ref };
}

function runMoved(payload: unknown): Happening {
  const { repository, check_run: run } = understand(movedRun, payload, 'check_run');
  return { kind: 'checks-moved', repo: repository, sha: run.head_sha };
}

function suiteMoved(payload: unknown): Happening {
  const { repository, check_suite: suite } = understand(movedSuite, payload, 'check_suite');
  return { kind: 'checks-moved', repo: repository, sha: suite.head_sha };
}

function statusMoved(payload: unknown): Happening {
  const { repository, sha } = understand(movedStatus, payload, 'status');
  return { kind: 'checks-moved', repo: repository, sha };
}

function installationChanged(payload: unknown): Happening {
  const told = understand(installation, payload, 'installation');
  const all = [told.repositories, told.repositories_added, told.repositories_removed];
  const names = all.flatMap((list) => list ?? []).map((entry) => entry.full_name.split('/'));
  const repos = names.flatMap(([owner, name]) => (owner && name ? [{ owner, name }] : []));
  return { kind: 'installation-changed', repos };
}

function understand<S extends z.ZodType>(shape: S, payload: unknown, event: string): z.output<S> {
  const read = shape.safeParse(payload);
  if (read.success) return read.data;
  const fields = read.error.issues.slice(0, 5).map((issue) => issue.path.join('.'));
  throw new Refusal(
    `A "${event}" delivery of GitHub is not in the form Suture knows (${fields.join(', ')}): it was dropped.`,
  );
}

const heard = new Set(Object.keys(translations).map((name) => name.split('.')[0]));

/** Whether any delivery of this event (the header X-GitHub-Event) can mean something to Suture. */
export function hears(event: string): boolean {
  return heard.has(event);
}
