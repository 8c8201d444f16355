// A repository, its branches and the files in it.
// Refs are changed in refs.ts.

import { listed, notFound, ok, refusal, type Answer, type Ask, type Json, type Route } from '../answers.ts';
import {
  listPath,
  listRefs,
  readBlob,
  readBranch,
  readCommit,
  resolveRevision,
  type TreeEntry,
} from '../git/repository.ts';
import { requiredChecks, rulesFor } from '../git/rules.ts';
import type { BranchRule, Repo } from '../records.ts';
import { renderCommit } from '../render/commits.ts';
import { renderFullRepository, repoUrl, webUrl } from '../render/repository.ts';
import { openRepo } from '../rights.ts';
import { fullName, roleOf } from '../state.ts';

function readRepository(ask: Ask): Answer {
  const repo = openRepo(ask, 'metadata:read');
  const role = ask.actor.kind === 'user' ? roleOf(repo, ask.actor.account) : null;
  return ok(renderFullRepository(ask.state, repo, role === 'none' ? 'read' : role));
}

async function readOneBranch(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'contents:read');
  const name = ask.params['branch'] ?? '';
  const sha = await readBranch(repo.dir, name);
  if (!sha) throw refusal(404, 'Branch not found');
  const url = `${repoUrl(ask.state, repo)}/branches/${name}`;
  const contexts = requiredChecks(repo, name);
  const isProtected = rulesFor(repo, name).length > 0;
  return ok({
    name,
    commit: renderCommit(ask.state, repo, await readCommit(repo.dir, sha)),
    _links: { self: url, html: `${webUrl(ask.state, repo)}/tree/${name}` },
    protected: isProtected,
    protection: {
      enabled: isProtected,
      required_status_checks: {
        enforcement_level: contexts.length > 0 ? 'everyone' : 'off',
        contexts,
        checks: contexts.map((context) => ({ context, app_id: null })),
      },
    },
    protection_url: `${url}/protection`,
  });
}

async function listBranches(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'contents:read');
  return listed(ask, await listRefs(repo.dir, 'refs/heads/'), ({ ref, sha }) => {
    const name = ref.slice('refs/heads/'.length);
    return {
      name,
      commit: { sha, url: `${repoUrl(ask.state, repo)}/commits/${sha}` },
      protected: rulesFor(repo, name).length > 0,
    };
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
  const pullRequest = {
    type: 'pull_request',
    parameters: {
      dismiss_stale_reviews_on_push: false,
      require_code_owner_review: false,
      require_last_push_approval: false,
      required_approving_review_count: 0,
      required_review_thread_resolution: false,
    },
  };
  const checks = {
    type: 'required_status_checks',
    parameters: {
      required_status_checks: rule.requiredChecks.map((context) => ({ context })),
      strict_required_status_checks_policy: false,
    },
  };
  return [
    ...(rule.blockCreation ? [{ type: 'creation' }] : []),
    ...(rule.requirePullRequest ? [pullRequest] : []),
    ...(rule.requiredChecks.length > 0 ? [checks] : []),
  ].map((one) => ({ ...one, ...ruleset }));
}

async function readContents(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'contents:read');
  const revision = ask.query.get('ref') ?? repo.defaultBranch;
  const commit = await resolveRevision(repo.dir, revision);
  if (!commit) throw refusal(404, `No commit found for the ref ${revision}`);
  const found = await listPath(repo.dir, commit, (ask.params['path'] ?? '').replace(/\/+$/, ''));
  if (!found) throw notFound();
  if (Array.isArray(found)) return ok(found.map((entry) => renderEntry(ask, { repo, revision, entry })));
  const bytes = await readBlob(repo.dir, found.sha);
  if (/\.raw\b/.test(ask.accept)) {
    return { status: 200, raw: { type: 'application/vnd.github.raw+json; charset=utf-8', bytes } };
  }
  const content = bytes.toString('base64').replace(/.{60}/g, '$&\n');
  return ok({
    ...renderEntry(ask, { repo, revision, entry: found }),
    encoding: 'base64',
    content: `${content}\n`,
  });
}

type Entry = { repo: Repo; revision: string; entry: TreeEntry };

function renderEntry(ask: Ask, { repo, revision, entry }: Entry): Json {
  const { state } = ask;
  const path = entry.path.split('/').map(encodeURIComponent).join('/');
  const url = `${repoUrl(state, repo)}/contents/${path}?ref=${encodeURIComponent(revision)}`;
  const isDirectory = entry.type === 'tree';
  const git = `${repoUrl(state, repo)}/git/${isDirectory ? 'trees' : 'blobs'}/${entry.sha}`;
  const html = `${webUrl(state, repo)}/${isDirectory ? 'tree' : 'blob'}/${revision}/${path}`;
  return {
    type: isDirectory ? 'dir' : 'file',
    size: entry.size,
    name: entry.path.split('/').at(-1),
    path: entry.path,
    sha: entry.sha,
    url,
    git_url: git,
    html_url: html,
    download_url: isDirectory ? null : `${webUrl(state, repo)}/raw/${revision}/${path}`,
    _links: { self: url, git, html },
  };
}

export const repositoryRoutes: readonly Route[] = [
  ['GET', '/repos/:owner/:repo', readRepository],
  ['GET', '/repos/:owner/:repo/branches', listBranches],
  ['GET', '/repos/:owner/:repo/branches/:branch+', readOneBranch],
  ['GET', '/repos/:owner/:repo/rules/branches/:branch+', listRules],
  ['GET', '/repos/:owner/:repo/contents/:path*', readContents],
];
