// Check suites: one per commit and app that may write checks, begun on push whether or not that app ever reports.
// Runs inside a suite are in routes/checks.ts.

import { readCommit, zeroSha, type Commit } from './git/repository.ts';
import type { App, CheckSuite, Conclusion, Repo } from './records.ts';
import { renderEventSuite } from './render/checks.ts';
import { installationsOf, type State } from './state.ts';
import { emit } from './webhooks/emit.ts';

type Pushed = { branch: string | null; sha: string; before: string };

export async function startSuites(state: State, repo: Repo, pushed: Pushed): Promise<void> {
  const apps = installationsOf(state, repo)
    .map((installation) => installation.app)
    .filter((app) => app.permissions['checks'] === 'write');
  if (apps.length === 0) return;
  const commit = await readCommit(repo.dir, pushed.sha);
  for (const app of apps) {
    if (repo.suites.some((suite) => suite.app === app && suite.sha === pushed.sha)) continue;
    const suite = addSuite(state, repo, { ...pushed, app });
    tellSuite(state, repo, { action: 'requested', suite, commit, onlyTo: app });
  }
}

export function addSuite(state: State, repo: Repo, input: Pushed & { app: App }): CheckSuite {
  const suite: CheckSuite = {
    id: state.nextId(),
    app: input.app,
    branch: input.branch,
    sha: input.sha,
    before: input.before === zeroSha ? null : input.before,
    status: 'queued',
    conclusion: null,
    createdAt: state.now(),
    updatedAt: state.now(),
  };
  repo.suites.push(suite);
  return suite;
}

export function tellSuite(
  state: State,
  repo: Repo,
  told: { action: string; suite: CheckSuite; commit: Commit; onlyTo?: App },
): void {
  const { action, suite, commit } = told;
  emit(state, repo, {
    event: 'check_suite',
    action,
    sender: suite.app.bot,
    payload: { check_suite: renderEventSuite(state, repo, { suite, commit }) },
    ...(told.onlyTo && { onlyTo: told.onlyTo }),
  });
}

const worstFirst: readonly Conclusion[] = [
  'action_required',
  'timed_out',
  'cancelled',
  'failure',
  'success',
  'neutral',
  'skipped',
];

/** What the suite says once all its latest runs are done; null while one is not. */
export function concludeSuite(repo: Repo, suite: CheckSuite): Conclusion | null {
  const runs = latestRuns(repo, suite);
  if (runs.some((run) => run.status !== 'completed')) return null;
  const seen = runs.map((run) => run.conclusion);
  return worstFirst.find((one) => seen.includes(one)) ?? null;
}

/** The newest run of each name. */
export function latestRuns(repo: Repo, suite: CheckSuite) {
  const runs = repo.runs.filter((run) => run.suite === suite);
  return runs.filter((run) => !runs.some((other) => other.name === run.name && other.id > run.id));
}
