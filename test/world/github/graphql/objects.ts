// GitHub's objects as GraphQL tells them: each is a record of values, or of functions for what has to be looked up.
// Field by field an app's permissions are asked for; what is not granted is null beside an error.

import { time, timeOrNull, type Ask, type Json } from '../answers.ts';
import { log } from '../git/repository.ts';
import type { CheckRun, CommitStatus, Edit, Issue, Repo } from '../records.ts';
import { nodeId } from '../render/accounts.ts';
import { renderRun, renderSimpleStatus } from '../render/checks.ts';
import { issueWebUrl } from '../render/issues.ts';
import { pullOf } from '../render/pulls.ts';
import { isGranted, type Need } from '../rights.ts';
import { latestStatuses } from '../routes/statuses.ts';
import { fullName } from '../state.ts';
import { latestRuns } from '../suites.ts';
import { forbidden, pageOf, refused } from './refusals.ts';

type Paging = { first?: number | null; last?: number | null };
type At = { repo: Repo; issue: Issue };

const isAllowed = ({ actor }: Ask, need: Need): boolean =>
  actor.kind !== 'installation' || isGranted(actor, need);

export function repositoryObject(ask: Ask, repo: Repo): Json {
  return {
    id: nodeId('R', repo.id),
    nameWithOwner: fullName(repo),
    issue: ({ number }: { number: number }) => {
      if (!isAllowed(ask, 'issues:read')) throw forbidden();
      const issue = repo.issues.get(number);
      if (!issue || issue.pull)
        throw refused('NOT_FOUND', `Could not resolve to an Issue with the number of ${number}.`);
      return { id: nodeId('I', issue.id), number, userContentEdits: editsOf(issue.edits) };
    },
    pullRequest: ({ number }: { number: number }) => {
      if (!isAllowed(ask, 'pull_requests:read')) throw forbidden();
      const issue = repo.issues.get(number);
      if (!issue?.pull)
        throw refused('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`);
      return pullObject(ask, { repo, issue });
    },
  };
}

/** Newest first. */
export const editsOf =
  (edits: readonly Edit[]) =>
  (page: Paging): Json =>
    pageOf('userContentEdits', edits.toReversed().map(editObject), page);

const editObject = (edit: Edit): Json => ({
  editor: { __typename: edit.editor.type === 'Bot' ? 'Bot' : 'User', login: edit.editor.login },
  editedAt: time(edit.at),
  createdAt: time(edit.at),
  deletedAt: null,
  diff: edit.body,
});

export function pullObject(ask: Ask, { repo, issue }: At): Json {
  const pull = pullOf(issue);
  const state = pull.merged ? 'MERGED' : issue.state.toUpperCase();
  return {
    __typename: 'PullRequest',
    id: nodeId('PR', pull.id),
    number: issue.number,
    title: issue.title,
    url: issueWebUrl(ask.state, repo, issue),
    state,
    isDraft: pull.draft,
    mergeable: mergeableOf(issue),
    updatedAt: time(issue.updatedAt),
    baseRefName: pull.base,
    baseRefOid: pull.baseSha,
    headRefName: pull.head,
    headRefOid: pull.headSha,
    commits: async (page: Paging) => {
      // The last one is the head: git need not be asked.
      const isHead = page.last === 1 && page.first == null;
      const shas = isHead ? [pull.headSha] : await commitsOf(repo, issue);
      return pageOf(
        'commits',
        shas.map((sha) => ({ commit: commitObject(ask, repo, sha) })),
        page,
      );
    },
  };
}

/** As far as it was tried: GitHub tries when REST is asked for the pull request. */
function mergeableOf(issue: Issue): string {
  const { trial, baseSha, headSha } = pullOf(issue);
  if (trial?.baseSha !== baseSha || trial.headSha !== headSha) return 'UNKNOWN';
  return trial.sha === null ? 'CONFLICTING' : 'MERGEABLE';
}

/** Oldest first. */
async function commitsOf(repo: Repo, issue: Issue): Promise<string[]> {
  const { baseSha, headSha } = pullOf(issue);
  return (await log(repo.dir, ['--reverse', `${baseSha}..${headSha}`])).map(({ sha }) => sha);
}

function commitObject(ask: Ask, repo: Repo, oid: string): Json {
  return {
    oid,
    statusCheckRollup: () => {
      if (!isAllowed(ask, 'checks:read') && !isAllowed(ask, 'statuses:read')) throw forbidden();
      const runs = repo.suites
        .filter(({ sha }) => sha === oid)
        .flatMap((suite) => latestRuns(repo, suite))
        .map((run) => shown(ask, 'checks:read', () => runObject(ask, repo, run)));
      const statuses = latestStatuses(repo, oid).map((status) =>
        shown(ask, 'statuses:read', () => statusObject(ask, repo, status)),
      );
      const all = [...runs, ...statuses];
      return all.length === 0 ? null : { contexts: (page: Paging) => pageOf('contexts', all, page) };
    },
  };
}

/** An element that may not be read is an error of its own, and null among the others. */
function shown(ask: Ask, need: Need, render: () => Json): Json | Error {
  return isAllowed(ask, need) ? render() : forbidden();
}

function runObject(ask: Ask, repo: Repo, run: CheckRun): Json {
  const { app } = run.suite;
  return {
    __typename: 'CheckRun',
    id: nodeId('CR', run.id),
    name: run.name,
    status: run.status.toUpperCase(),
    conclusion: run.conclusion?.toUpperCase() ?? null,
    startedAt: time(run.startedAt),
    completedAt: timeOrNull(run.completedAt),
    url: renderRun(ask.state, repo, run)['html_url'],
    checkSuite: {
      id: nodeId('CS', run.suite.id),
      app: { id: nodeId('A', app.id), databaseId: app.id, slug: app.slug },
    },
  };
}

function statusObject(ask: Ask, repo: Repo, status: CommitStatus): Json {
  return {
    __typename: 'StatusContext',
    id: nodeId('SC', status.id),
    context: status.context,
    state: status.state.toUpperCase(),
    createdAt: time(status.createdAt),
    avatarUrl: renderSimpleStatus(ask.state, repo, status)['avatar_url'],
    targetUrl: status.targetUrl,
  };
}
