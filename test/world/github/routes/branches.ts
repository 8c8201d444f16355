// Branches, and what their rules ask for: rulesets for whoever may read, classic protection for administrators.
// Refs are changed in refs.ts; rules are obeyed in git/rules.ts.

import { listed, ok, refusal, type Answer, type Ask, type Json, type Route } from '../answers.ts';
import { listRefs, readBranch, readCommit } from '../git/repository.ts';
import { protectionOf, rulesFor } from '../git/rules.ts';
import type { BranchRule, Protection, Repo, RequiredCheck } from '../records.ts';
import { renderCommit } from '../render/commits.ts';
import { repoUrl, webUrl } from '../render/repository.ts';
import { mayAs, openRepo } from '../rights.ts';
import { fullName } from '../state.ts';

async function readOneBranch(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'contents:read');
  const name = ask.params['branch'] ?? '';
  const sha = await readBranch(repo.dir, name);
  if (!sha) throw refusal(404, 'Branch not found');
  const url = `${repoUrl(ask.state, repo)}/branches/${name}`;
  const protection = protectionOf(repo, name);
  return ok({
    name,
    commit: renderCommit(ask.state, repo, await readCommit(repo.dir, sha)),
    _links: { self: url, html: `${webUrl(ask.state, repo)}/tree/${name}` },
    protected: isProtected(repo, name),
    protection: renderProtection(protection),
    protection_url: `${url}/protection`,
  });
}

const isProtected = (repo: Repo, branch: string): boolean =>
  protectionOf(repo, branch) !== null || rulesFor(repo, branch).length > 0;

/** Classic protection only: what rulesets ask for stands at their own address. */
function renderProtection(protection: Protection | null): Json {
  if (protection?.told === false) return { enabled: true };
  const checks = protection?.requiredChecks ?? [];
  return {
    enabled: protection !== null,
    required_status_checks: {
      enforcement_level: checks.length > 0 ? 'non_admins' : 'off',
      ...renderChecks(checks),
    },
  };
}

const renderChecks = (checks: readonly RequiredCheck[]): Json => ({
  contexts: checks.map(({ name }) => name),
  checks: checks.map(({ name: context, appId }) => ({ context, app_id: appId })),
});

async function listBranches(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'contents:read');
  return listed(ask, await listRefs(repo.dir, 'refs/heads/'), ({ ref, sha }) => {
    const name = ref.slice('refs/heads/'.length);
    return {
      name,
      commit: { sha, url: `${repoUrl(ask.state, repo)}/commits/${sha}` },
      protected: isProtected(repo, name),
    };
  });
}

/** For administrators; an app needs `administration: read`. */
function readRequiredStatusChecks(ask: Ask): Answer {
  const repo = openRepo(ask, 'administration:read');
  if (!mayAs(ask, repo, 'admin')) throw refusal(404, 'Not Found');
  const branch = ask.params['branch'] ?? '';
  const protection = protectionOf(repo, branch);
  if (!protection) throw refusal(404, 'Branch not protected');
  const url = `${repoUrl(ask.state, repo)}/branches/${branch}/protection/required_status_checks`;
  return ok({
    url,
    strict: false,
    contexts_url: `${url}/contexts`,
    ...renderChecks(protection.requiredChecks),
  });
}

/** Active rules only, as rulesets show them to anybody who can read. */
function listRules(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'metadata:read');
  const rules = rulesFor(repo, ask.params['branch'] ?? '').flatMap((rule) => renderRule(repo, rule));
  return listed(ask, rules, (rule) => rule);
}

function renderRule(repo: Repo, rule: BranchRule): Json[] {
  const ruleset = {
    ruleset_source_type: 'Repository',
    ruleset_source: fullName(repo),
    ruleset_id: rule.id,
  };
  return [
    ...(rule.blockCreation ? [{ type: 'creation' }] : []),
    ...(rule.requirePullRequest ? [pullRequestRule] : []),
    ...(rule.requiredChecks.length > 0 ? [checksRule(rule.requiredChecks)] : []),
    ...(rule.requiredWorkflow === null ? [] : [workflowRule(repo, rule.requiredWorkflow)]),
  ].map((one) => ({ ...one, ...ruleset }));
}

const pullRequestRule: Json = {
  type: 'pull_request',
  parameters: {
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_approving_review_count: 0,
    required_review_thread_resolution: false,
  },
};

const checksRule = (checks: readonly RequiredCheck[]): Json => ({
  type: 'required_status_checks',
  parameters: {
    required_status_checks: checks.map(({ name: context, appId }) => ({
      context,
      ...(appId !== null && { integration_id: appId }),
    })),
    strict_required_status_checks_policy: false,
  },
});

const workflowRule = (repo: Repo, path: string): Json => ({
  type: 'workflows',
  parameters: { workflows: [{ path, repository_id: repo.id }] },
});

export const branchRoutes: readonly Route[] = [
  ['GET', '/repos/:owner/:repo/branches', listBranches],
  [
    'GET',
    '/repos/:owner/:repo/branches/:branch+/protection/required_status_checks',
    readRequiredStatusChecks,
  ],
  ['GET', '/repos/:owner/:repo/branches/:branch+', readOneBranch],
  ['GET', '/repos/:owner/:repo/rules/branches/:branch+', listRules],
];
