// Check runs, check suites and commit statuses in GitHub's JSON.
// Reads records only.

import { time, timeOrNull, type Json } from '../answers.ts';
import type { Commit } from '../git/repository.ts';
import type { CheckRun, CheckSuite, CommitStatus, Repo } from '../records.ts';
import type { State } from '../state.ts';
import { nodeId, renderAccount, renderApp } from './accounts.ts';
import { renderSimpleCommit } from './commits.ts';
import { renderMinimalRepository, repoUrl, webUrl } from './repository.ts';

const repoReference = (state: State, repo: Repo): Json => ({
  id: repo.id,
  url: repoUrl(state, repo),
  name: repo.name,
});

/** The open pull requests of this repository that stand at the commit. */
function pullsAt(state: State, repo: Repo, sha: string): Json[] {
  return [...repo.issues.values()].flatMap((issue) => {
    if (issue.pull?.headSha !== sha || issue.state === 'closed') return [];
    const { id, head, headSha, base, baseSha } = issue.pull;
    return {
      url: `${repoUrl(state, repo)}/pulls/${issue.number}`,
      id,
      number: issue.number,
      head: { ref: head, sha: headSha, repo: repoReference(state, repo) },
      base: { ref: base, sha: baseSha, repo: repoReference(state, repo) },
    };
  });
}

export function renderRun(state: State, repo: Repo, run: CheckRun): Json {
  const url = `${repoUrl(state, repo)}/check-runs/${run.id}`;
  const html = `${webUrl(state, repo)}/runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CR', run.id),
    head_sha: run.suite.sha,
    external_id: run.externalId,
    url,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: time(run.startedAt),
    completed_at: timeOrNull(run.completedAt),
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite.id },
    app: renderApp(state, run.suite.app),
    pull_requests: pullsAt(state, repo, run.suite.sha),
  };
}

/** As webhooks carry it: with the suite inside. */
export function renderEventRun(state: State, repo: Repo, run: CheckRun): Json {
  const { suite } = run;
  return {
    ...renderRun(state, repo, run),
    check_suite: { ...renderSuiteCore(state, repo, suite), app: renderApp(state, suite.app) },
  };
}

function renderSuiteCore(state: State, repo: Repo, suite: CheckSuite): Json {
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.branch,
    head_sha: suite.sha,
    status: suite.status,
    conclusion: suite.conclusion,
    url: `${repoUrl(state, repo)}/check-suites/${suite.id}`,
    before: suite.before,
    after: suite.sha,
    pull_requests: pullsAt(state, repo, suite.sha),
    created_at: time(suite.createdAt),
    updated_at: time(suite.updatedAt),
  };
}

type WithCommit = { suite: CheckSuite; commit: Commit };

/** As webhooks carry it. */
export function renderEventSuite(state: State, repo: Repo, { suite, commit }: WithCommit): Json {
  return {
    ...renderSuiteCore(state, repo, suite),
    app: renderApp(state, suite.app),
    head_commit: renderSimpleCommit(commit),
    latest_check_runs_count: repo.runs.filter((run) => run.suite === suite).length,
    check_runs_url: `${repoUrl(state, repo)}/check-suites/${suite.id}/check-runs`,
    rerequestable: true,
    runs_rerequestable: true,
  };
}

export function renderSuite(state: State, repo: Repo, input: WithCommit): Json {
  return { ...renderEventSuite(state, repo, input), repository: renderMinimalRepository(state, repo) };
}

export function renderStatus(state: State, repo: Repo, status: CommitStatus): Json {
  return {
    ...renderSimpleStatus(state, repo, status),
    creator: renderAccount(state, status.creator),
  };
}

/** Inside a combined status, without who made it. */
export function renderSimpleStatus(state: State, repo: Repo, status: CommitStatus): Json {
  return {
    url: `${repoUrl(state, repo)}/statuses/${status.sha}`,
    avatar_url: `${state.url}/avatars/${status.appId === null ? status.creator.id : `in/${status.appId}?v=4`}`,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: time(status.createdAt),
    updated_at: time(status.createdAt),
  };
}
