// Commit statuses: made by anybody who may push or an app with the permission; combined as GitHub combines them.

import { z } from 'zod';
import { created, listed, ok, paginate, read, type Answer, type Ask, type Route } from '../answers.ts';
import { listRefs, readCommit, resolveRevision } from '../git/repository.ts';
import type { CommitStatus, Repo } from '../records.ts';
import { renderSimpleStatus, renderStatus } from '../render/checks.ts';
import { renderAccount } from '../render/accounts.ts';
import { renderCommit } from '../render/commits.ts';
import { renderMinimalRepository, repoUrl } from '../render/repository.ts';
import { acting, openRepo, requirePush } from '../rights.ts';
import { fullName } from '../state.ts';
import { emit } from '../webhooks/emit.ts';
import { openCommit } from './refs.ts';

const newStatus = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  context: z.string().min(1).default('default'),
  description: z.string().max(140).nullish(),
  target_url: z.string().nullish(),
});

async function createStatus(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'statuses:write');
  requirePush(ask, repo);
  const input = read(ask, newStatus, 'Status');
  const sha = await openCommit(repo, ask.params['sha'] ?? '');
  const { account: creator, viaApp } = acting(ask);
  const status: CommitStatus = {
    id: ask.state.nextId(),
    sha,
    context: input.context,
    state: input.state,
    description: input.description ?? null,
    targetUrl: input.target_url ?? null,
    creator,
    appId: viaApp?.id ?? null,
    createdAt: ask.state.now(),
  };
  repo.statuses.push(status);
  await tellStatus(ask, repo, status);
  return created(renderStatus(ask.state, repo, status));
}

async function tellStatus(ask: Ask, repo: Repo, status: CommitStatus): Promise<void> {
  const { state } = ask;
  const { id, sha, description, context, created_at, updated_at, target_url } = {
    ...renderSimpleStatus(state, repo, status),
    sha: status.sha,
  } as Record<string, unknown>;
  const heads = (await listRefs(repo.dir, 'refs/heads/')).filter((one) => one.sha === status.sha);
  const commit = await readCommit(repo.dir, status.sha);
  emit(state, repo, {
    event: 'status',
    sender: status.creator,
    payload: {
      id,
      sha,
      name: fullName(repo),
      avatar_url: renderAccount(state, status.creator)['avatar_url'],
      target_url,
      context,
      description,
      state: status.state,
      commit: renderCommit(state, repo, commit),
      branches: heads.slice(0, 10).map((one) => ({
        name: one.ref.slice('refs/heads/'.length),
        commit: { sha: one.sha, url: `${repoUrl(state, repo)}/commits/${one.sha}` },
        protected: false,
      })),
      created_at,
      updated_at,
    },
  });
}

/** The newest of every context. */
export function latestStatuses(repo: Repo, sha: string): CommitStatus[] {
  const byContext = new Map(repo.statuses.filter((one) => one.sha === sha).map((one) => [one.context, one]));
  return [...byContext.values()];
}

function combine(statuses: readonly CommitStatus[]): string {
  const states = statuses.map((one) => one.state);
  if (states.includes('failure') || states.includes('error')) return 'failure';
  return states.length === 0 || states.includes('pending') ? 'pending' : 'success';
}

async function combined(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'statuses:read');
  const sha = await openCommit(repo, ask.params['ref'] ?? '');
  const all = latestStatuses(repo, sha);
  const { items, headers } = paginate(ask, all);
  const commitUrl = `${repoUrl(ask.state, repo)}/commits/${sha}`;
  return {
    ...ok({
      state: combine(all),
      statuses: items.map((one) => renderSimpleStatus(ask.state, repo, one)),
      sha,
      total_count: all.length,
      repository: renderMinimalRepository(ask.state, repo),
      commit_url: commitUrl,
      url: `${commitUrl}/status`,
    }),
    headers,
  };
}

async function listStatuses(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'statuses:read');
  const sha = await resolveRevision(repo.dir, ask.params['ref'] ?? '');
  const all = repo.statuses.filter((one) => one.sha === sha).toReversed();
  return listed(ask, all, (one) => renderStatus(ask.state, repo, one));
}

export const statusRoutes: readonly Route[] = [
  ['POST', '/repos/:owner/:repo/statuses/:sha', createStatus],
  ['GET', '/repos/:owner/:repo/commits/:ref+/status', combined],
  ['GET', '/repos/:owner/:repo/commits/:ref+/statuses', listStatuses],
];
