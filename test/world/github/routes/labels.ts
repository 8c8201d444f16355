// Labels of a repository and of its issues and pull requests.
// Changing an issue in any other way is in issues.ts.

import { z } from 'zod';
import {
  created,
  empty,
  invalid,
  listed,
  notFound,
  ok,
  read,
  type Answer,
  type Ask,
  type Route,
} from '../answers.ts';
import type { Issue, Label, Repo } from '../records.ts';
import { renderLabel } from '../render/issues.ts';
import { acting, openIssue, openRepo, requirePush, requireRole } from '../rights.ts';
import { emitIssue } from '../webhooks/issues.ts';

const labelName = z.string().min(1).max(50);
const newLabel = z.object({
  name: labelName,
  color: z
    .string()
    .regex(/^[0-9a-f]{6}$/i)
    .optional(),
  description: z.string().max(100).nullish(),
});
const labelNames = z.union([
  z.array(z.union([labelName, z.object({ name: labelName })])),
  z.object({ labels: z.array(z.union([labelName, z.object({ name: labelName })])).default([]) }),
]);

/** The label of that name; GitHub makes unknown ones on the way. */
function ensureLabel(ask: Ask, repo: Repo, name: string): Label {
  const found = repo.labels.get(name.toLowerCase());
  if (found) return found;
  const label: Label = { id: ask.state.nextId(), name, color: 'ededed', description: null };
  repo.labels.set(name.toLowerCase(), label);
  return label;
}

/** Sets the labels of an issue and tells of each that came or went. */
export function setLabels(ask: Ask, target: { repo: Repo; issue: Issue }, names: readonly string[]): void {
  const { repo, issue } = target;
  const before = issue.labels;
  issue.labels = [...new Set(names.map((name) => ensureLabel(ask, repo, name)))];
  const sender = acting(ask).account;
  const tell = (action: string, label: Label) =>
    emitIssue(ask.state, target, { action, sender, more: { label: renderLabel(ask.state, repo, label) } });
  for (const label of issue.labels) if (!before.includes(label)) tell('labeled', label);
  for (const label of before) if (!issue.labels.includes(label)) tell('unlabeled', label);
  issue.updatedAt = ask.state.now();
}

function createLabel(ask: Ask): Answer {
  const repo = openRepo(ask, 'issues:write', 'pull_requests:write');
  requirePush(ask, repo);
  const input = read(ask, newLabel, 'Label');
  if (repo.labels.has(input.name.toLowerCase())) {
    throw invalid({ resource: 'Label', code: 'already_exists', field: 'name' });
  }
  const label = ensureLabel(ask, repo, input.name);
  label.color = input.color ?? label.color;
  label.description = input.description ?? null;
  return created(renderLabel(ask.state, repo, label));
}

function listLabels(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'issues:read', 'pull_requests:read');
  return listed(ask, [...repo.labels.values()], (label) => renderLabel(ask.state, repo, label));
}

function readLabel(ask: Ask): Answer {
  const repo = openRepo(ask, 'issues:read', 'pull_requests:read');
  const label = repo.labels.get((ask.params['name'] ?? '').toLowerCase());
  if (!label) throw notFound();
  return ok(renderLabel(ask.state, repo, label));
}

const issueLabels = (ask: Ask, target: { repo: Repo; issue: Issue }) =>
  listed(ask, target.issue.labels, (label) => renderLabel(ask.state, target.repo, label));

function listIssueLabels(ask: Ask): Promise<Answer> {
  return issueLabels(ask, openIssue(ask, 'read'));
}

function givenNames(ask: Ask): string[] {
  const input = read(ask, labelNames, 'Label');
  const list = Array.isArray(input) ? input : input.labels;
  return list.map((one) => (typeof one === 'string' ? one : one.name));
}

function addIssueLabels(ask: Ask): Promise<Answer> {
  const target = openIssue(ask, 'write');
  requireRole(ask, target.repo, 'triage');
  setLabels(ask, target, [...target.issue.labels.map((label) => label.name), ...givenNames(ask)]);
  return issueLabels(ask, target);
}

function replaceIssueLabels(ask: Ask): Promise<Answer> {
  const target = openIssue(ask, 'write');
  requireRole(ask, target.repo, 'triage');
  setLabels(ask, target, givenNames(ask));
  return issueLabels(ask, target);
}

function removeIssueLabel(ask: Ask): Promise<Answer> {
  const target = openIssue(ask, 'write');
  requireRole(ask, target.repo, 'triage');
  const name = (ask.params['name'] ?? '').toLowerCase();
  const rest = target.issue.labels.filter((label) => label.name.toLowerCase() !== name);
  if (rest.length === target.issue.labels.length) throw notFound();
  setLabels(
    ask,
    target,
    rest.map((label) => label.name),
  );
  return issueLabels(ask, target);
}

function removeIssueLabels(ask: Ask): Answer {
  const target = openIssue(ask, 'write');
  requireRole(ask, target.repo, 'triage');
  setLabels(ask, target, []);
  return empty();
}

export const labelRoutes: readonly Route[] = [
  ['POST', '/repos/:owner/:repo/labels', createLabel],
  ['GET', '/repos/:owner/:repo/labels', listLabels],
  ['GET', '/repos/:owner/:repo/labels/:name', readLabel],
  ['GET', '/repos/:owner/:repo/issues/:number/labels', listIssueLabels],
  ['POST', '/repos/:owner/:repo/issues/:number/labels', addIssueLabels],
  ['PUT', '/repos/:owner/:repo/issues/:number/labels', replaceIssueLabels],
  ['DELETE', '/repos/:owner/:repo/issues/:number/labels', removeIssueLabels],
  ['DELETE', '/repos/:owner/:repo/issues/:number/labels/:name', removeIssueLabel],
];
