// Issues: create, read, list, edit, lock. A list holds pull requests too, as GitHub's does.
// Comments, labels and reactions have files of their own.

import { z } from 'zod';
import { created, empty, invalid, listed, ok, read, type Answer, type Ask, type Route } from '../answers.ts';
import type { Account, Issue, Repo } from '../records.ts';
import { renderIssue } from '../render/issues.ts';
import { acting, mayAs, openIssue, openRepo, requireRole } from '../rights.ts';
import { findAccount, nextNumber } from '../state.ts';
import { emitIssue } from '../webhooks/issues.ts';
import { setLabels } from './labels.ts';
import { refuseReopening, reopens } from './reopening.ts';

const bodyLimit = 65_536;
const titleLimit = 256;

/** Longer than GitHub takes, in code points. */
export const isTooLong = (body: string | null | undefined): boolean =>
  Array.from(body ?? '').length > bodyLimit;

/** 422 in GitHub's words when a text is longer than it takes. */
export function refuseLong(body: string | null | undefined, resource: string): void {
  if (!isTooLong(body)) return;
  const message = `body is too long (maximum is ${bodyLimit} characters)`;
  throw invalid({ resource, code: 'custom', field: 'body', message });
}

const title = z.union([z.string(), z.number()]).transform(String).pipe(z.string().min(1).max(titleLimit));
const labelList = z.array(z.union([z.string(), z.object({ name: z.string() })]));
const newIssue = z.object({
  title,
  body: z.string().nullish(),
  labels: labelList.optional(),
  assignees: z.array(z.string()).optional(),
});
const issueEdit = z.object({
  title: title.nullish(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).nullish(),
  labels: labelList.optional(),
  assignees: z.array(z.string()).optional(),
});
export type IssueEdit = z.infer<typeof issueEdit>;

const namesOf = (labels: z.infer<typeof labelList>): string[] =>
  labels.map((label) => (typeof label === 'string' ? label : label.name));

const accounts = (ask: Ask, logins: readonly string[]): Account[] =>
  logins.flatMap((login) => findAccount(ask.state, login) ?? []);

/** A new number of the repository, as an issue or as what a pull request grows from. */
export function addIssue(ask: Ask, repo: Repo, input: { title: string; body: string | null }): Issue {
  const { account, viaApp } = acting(ask);
  const at = ask.state.now();
  const issue: Issue = {
    ...input,
    id: ask.state.nextId(),
    number: nextNumber(repo),
    state: 'open',
    stateReason: null,
    author: account,
    viaApp,
    labels: [],
    assignees: [],
    lock: null,
    reactions: [],
    edits: [],
    pull: null,
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    closedBy: null,
  };
  repo.issues.set(issue.number, issue);
  return issue;
}

function createIssue(ask: Ask): Answer {
  const repo = openRepo(ask, 'issues:write');
  const input = read(ask, newIssue, 'Issue');
  refuseLong(input.body, 'Issue');
  const issue = addIssue(ask, repo, { title: input.title, body: input.body ?? null });
  const target = { repo, issue };
  const sender = issue.author;
  // Labels and assignees of people without triage rights are dropped without a word.
  const mayLabel = mayAs(ask, repo, 'triage');
  if (mayLabel) issue.assignees = accounts(ask, input.assignees ?? []);
  emitIssue(ask.state, target, { action: 'opened', sender });
  if (mayLabel && input.labels) setLabels(ask, target, namesOf(input.labels));
  return created(renderIssue(ask.state, repo, issue));
}

function readIssue(ask: Ask): Answer {
  const { repo, issue } = openIssue(ask, 'read');
  return ok(renderIssue(ask.state, repo, issue));
}

const hasLabel = (issue: Issue, name: string): boolean =>
  issue.labels.some((label) => label.name.toLowerCase() === name);

function listIssues(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'issues:read', 'pull_requests:read');
  const { query } = ask;
  const wanted = query.get('state') ?? 'open';
  const labels = (query.get('labels') ?? '').toLowerCase().split(',').filter(Boolean);
  const creator = query.get('creator')?.toLowerCase();
  const since = Date.parse(query.get('since') ?? '') || 0;
  const found = [...repo.issues.values()]
    .filter((issue) => wanted === 'all' || issue.state === wanted)
    .filter((issue) => labels.every((name) => hasLabel(issue, name)))
    .filter((issue) => !creator || issue.author.login.toLowerCase() === creator)
    .filter((issue) => issue.updatedAt >= since);
  return listed(ask, sorted(ask, found), (issue) => renderIssue(ask.state, repo, issue));
}

/** By creation unless `sort` says otherwise, newest first unless `direction` does. */
export function sorted(ask: Ask, issues: readonly Issue[]): Issue[] {
  const key = ask.query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const ascending = issues.toSorted((a, b) => a[key] - b[key] || a.number - b.number);
  return ask.query.get('direction') === 'asc' ? ascending : ascending.toReversed();
}

/** The author, or triage and above. */
export function mayEdit(ask: Ask, target: { repo: Repo; issue: Issue }): void {
  if (ask.actor.kind === 'user' && ask.actor.account === target.issue.author) return;
  requireRole(ask, target.repo, 'triage');
}

async function editIssue(ask: Ask): Promise<Answer> {
  const target = openIssue(ask, 'write');
  const input = read(ask, issueEdit, 'Issue');
  mayEdit(ask, target);
  if (input.labels || input.assignees) requireRole(ask, target.repo, 'triage');
  // An oversized update is refused silently: 200, the old body kept.
  if (isTooLong(input.body)) delete input.body;
  if (reopens(target.issue, input)) await refuseReopening(target.repo, target.issue);
  applyEdit(ask, target, input);
  if (input.labels) setLabels(ask, target, namesOf(input.labels));
  if (input.assignees) target.issue.assignees = accounts(ask, input.assignees);
  return ok(renderIssue(ask.state, target.repo, target.issue));
}

/** Title, body and state; tells of what really changed. */
export function applyEdit(ask: Ask, target: { repo: Repo; issue: Issue }, input: IssueEdit): void {
  const { issue } = target;
  const sender = acting(ask).account;
  const changes: Record<string, { from: string }> = {};
  if (typeof input.title === 'string' && input.title !== issue.title) {
    changes['title'] = { from: issue.title };
    issue.title = input.title;
  }
  if (input.body !== undefined && input.body !== issue.body) {
    changes['body'] = { from: issue.body ?? '' };
    recordEdit(issue, { editor: sender, at: ask.state.now(), body: input.body ?? '' });
    issue.body = input.body;
  }
  if (Object.keys(changes).length > 0) {
    issue.updatedAt = ask.state.now();
    emitIssue(ask.state, target, { action: 'edited', sender, more: { changes } });
  }
  if (input.state && input.state !== issue.state) setIssueState(ask, target, input);
}

function recordEdit(issue: Issue, edit: Issue['edits'][number]): void {
  if (issue.edits.length === 0) {
    issue.edits.push({ editor: issue.author, at: issue.createdAt, body: issue.body ?? '' });
  }
  issue.edits.push(edit);
}

function setIssueState(ask: Ask, target: { repo: Repo; issue: Issue }, input: IssueEdit): void {
  const { issue } = target;
  const sender = acting(ask).account;
  const closed = input.state === 'closed';
  issue.state = closed ? 'closed' : 'open';
  if (!issue.pull) issue.stateReason = input.state_reason ?? (closed ? 'completed' : 'reopened');
  issue.closedAt = closed ? ask.state.now() : null;
  issue.closedBy = closed ? sender : null;
  issue.updatedAt = ask.state.now();
  emitIssue(ask.state, target, { action: closed ? 'closed' : 'reopened', sender });
}

const lockBody = z.object({
  lock_reason: z.enum(['off-topic', 'too heated', 'resolved', 'spam']).nullish(),
});

function lockIssue(ask: Ask): Answer {
  const target = openIssue(ask, 'write');
  requireRole(ask, target.repo, 'triage');
  target.issue.lock = { reason: read(ask, lockBody, 'Issue').lock_reason ?? null };
  emitIssue(ask.state, target, { action: 'locked', sender: acting(ask).account });
  return empty();
}

function unlockIssue(ask: Ask): Answer {
  const target = openIssue(ask, 'write');
  requireRole(ask, target.repo, 'triage');
  target.issue.lock = null;
  emitIssue(ask.state, target, { action: 'unlocked', sender: acting(ask).account });
  return empty();
}

export const issueRoutes: readonly Route[] = [
  ['POST', '/repos/:owner/:repo/issues', createIssue],
  ['GET', '/repos/:owner/:repo/issues', listIssues],
  ['GET', '/repos/:owner/:repo/issues/:number', readIssue],
  ['PATCH', '/repos/:owner/:repo/issues/:number', editIssue],
  ['PUT', '/repos/:owner/:repo/issues/:number/lock', lockIssue],
  ['DELETE', '/repos/:owner/:repo/issues/:number/lock', unlockIssue],
];
