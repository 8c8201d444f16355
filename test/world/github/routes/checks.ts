// Check runs and suites: written by apps with checks: write only.

import { z } from 'zod';
import {
  created,
  listed,
  notFound,
  ok,
  paginate,
  read,
  refusal,
  type Answer,
  type Ask,
  type Json,
  type Route,
} from '../answers.ts';
import type { InstallationActor } from '../auth.ts';
import { listRefs, readCommit, zeroSha } from '../git/repository.ts';
import type { CheckRun, CheckSuite, Repo } from '../records.ts';
import { renderEventRun, renderRun, renderSuite } from '../render/checks.ts';
import { webUrl } from '../render/repository.ts';
import { openRepo } from '../rights.ts';
import { addSuite, concludeSuite, latestRuns, tellSuite } from '../suites.ts';
import { emit } from '../webhooks/emit.ts';
import { openCommit } from './refs.ts';

const text = z.string().max(65_535).nullish();
const annotation = z.object({
  path: z.string(),
  start_line: z.int(),
  end_line: z.int(),
  annotation_level: z.enum(['notice', 'warning', 'failure']),
  message: z.string(),
});
const runFields = z.object({
  name: z.string().min(1).optional(),
  head_sha: z.string().optional(),
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  conclusion: z
    .enum(['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out', 'action_required'])
    .optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  output: z
    .object({ title: text, summary: text, text, annotations: z.array(annotation).max(50).optional() })
    .optional(),
});
type RunFields = z.infer<typeof runFields>;

function asApp(ask: Ask): InstallationActor {
  if (ask.actor.kind === 'installation') return ask.actor;
  throw refusal(403, 'You must authenticate via a GitHub App.');
}

async function createRun(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'checks:write');
  const { app } = asApp(ask);
  const input = read(ask, runFields, 'CheckRun');
  if (!input.name || !input.head_sha) {
    throw refusal(422, `Invalid request.\n\n"${input.name ? 'head_sha' : 'name'}" wasn't supplied.`);
  }
  const sha = await openCommit(repo, input.head_sha);
  const run: CheckRun = {
    id: ask.state.nextId(),
    suite: await suiteFor(ask, repo, { app, sha }),
    name: input.name,
    externalId: '',
    detailsUrl: null,
    status: 'queued',
    conclusion: null,
    startedAt: ask.state.now(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    log: null,
  };
  change(ask, run, input);
  repo.runs.push(run);
  tellRun(ask, repo, { action: 'created', run });
  run.suite.status = 'in_progress';
  await afterChange(ask, repo, { run, wasCompleted: false });
  return created(renderRun(ask.state, repo, run));
}

async function suiteFor(
  ask: Ask,
  repo: Repo,
  at: { app: CheckSuite['app']; sha: string },
): Promise<CheckSuite> {
  const found = repo.suites.find((suite) => suite.app === at.app && suite.sha === at.sha);
  if (found) return found;
  const head = (await listRefs(repo.dir, 'refs/heads/')).find((one) => one.sha === at.sha);
  const branch = head?.ref.slice('refs/heads/'.length) ?? null;
  return addSuite(ask.state, repo, { ...at, branch, before: zeroSha });
}

function change(ask: Ask, run: CheckRun, input: RunFields): void {
  run.name = input.name ?? run.name;
  run.externalId = input.external_id ?? run.externalId;
  run.detailsUrl = input.details_url ?? run.detailsUrl;
  if (input.started_at) run.startedAt = Date.parse(input.started_at);
  if (input.output) {
    const { title = null, summary = null, text = null } = input.output;
    run.output = { title, summary, text };
    // Each change adds to what is there.
    run.annotations.push(...(input.output.annotations ?? []));
  }
  setProgress(ask, run, input);
}

/** A conclusion completes the run, whatever status was sent with it. */
function setProgress(ask: Ask, run: CheckRun, input: RunFields): void {
  const completes = input.conclusion !== undefined || input.status === 'completed';
  if (!completes) {
    run.status = input.status ?? run.status;
    if (run.status !== 'completed') run.conclusion = null;
    return;
  }
  if (!input.conclusion) throw refusal(422, 'Invalid request.\n\nMissing required key "conclusion".');
  run.status = 'completed';
  run.conclusion = input.conclusion;
  run.completedAt = input.completed_at ? Date.parse(input.completed_at) : ask.state.now();
}

function tellRun(ask: Ask, repo: Repo, told: { action: string; run: CheckRun }): void {
  const { action, run } = told;
  emit(ask.state, repo, {
    event: 'check_run',
    action,
    sender: run.suite.app.bot,
    payload: { check_run: renderEventRun(ask.state, repo, run) },
  });
}

async function afterChange(
  ask: Ask,
  repo: Repo,
  after: { run: CheckRun; wasCompleted: boolean },
): Promise<void> {
  const { run, wasCompleted } = after;
  if (run.status === 'completed' && !wasCompleted) tellRun(ask, repo, { action: 'completed', run });
  const { suite } = run;
  const conclusion = concludeSuite(repo, suite);
  const finished = conclusion !== null && suite.status !== 'completed';
  suite.status = conclusion ? 'completed' : 'in_progress';
  suite.conclusion = conclusion;
  suite.updatedAt = ask.state.now();
  if (!finished) return;
  tellSuite(ask.state, repo, { action: 'completed', suite, commit: await readCommit(repo.dir, suite.sha) });
}

async function updateRun(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'checks:write');
  const { app } = asApp(ask);
  const run = openRun(ask, repo);
  if (run.suite.app !== app)
    throw refusal(403, 'Invalid app_id: check run can only be modified by the GitHub App that created it.');
  const wasCompleted = run.status === 'completed';
  change(ask, run, read(ask, runFields, 'CheckRun'));
  await afterChange(ask, repo, { run, wasCompleted });
  return ok(renderRun(ask.state, repo, run));
}

function openRun(ask: Ask, repo: Repo): CheckRun {
  const run = repo.runs.find((one) => one.id === Number(ask.params['id']));
  if (!run) throw notFound();
  return run;
}

function readRun(ask: Ask): Answer {
  const repo = openRepo(ask, 'checks:read');
  return ok(renderRun(ask.state, repo, openRun(ask, repo)));
}

function pageOf<T>(ask: Ask, key: string, input: { all: readonly T[]; render: (item: T) => Json }): Answer {
  const { items, headers } = paginate(ask, input.all);
  return { status: 200, headers, body: { total_count: input.all.length, [key]: items.map(input.render) } };
}

async function listRuns(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'checks:read');
  const sha = await openCommit(repo, ask.params['ref'] ?? '');
  const { query } = ask;
  const suites = repo.suites.filter((suite) => suite.sha === sha);
  const everyRun = query.get('filter') === 'all';
  const all = suites
    .flatMap((suite) => (everyRun ? repo.runs.filter((run) => run.suite === suite) : latestRuns(repo, suite)))
    .filter((run) => !query.get('check_name') || run.name === query.get('check_name'))
    .filter((run) => !query.get('status') || run.status === query.get('status'))
    .filter((run) => !query.get('app_id') || run.suite.app.id === Number(query.get('app_id')))
    .toSorted((a, b) => b.id - a.id);
  return pageOf(ask, 'check_runs', { all, render: (run) => renderRun(ask.state, repo, run) });
}

async function listSuites(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'checks:read');
  const sha = await openCommit(repo, ask.params['ref'] ?? '');
  const commit = await readCommit(repo.dir, sha);
  const all = repo.suites.filter((suite) => suite.sha === sha);
  return pageOf(ask, 'check_suites', {
    all,
    render: (suite) => renderSuite(ask.state, repo, { suite, commit }),
  });
}

function listAnnotations(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'checks:read');
  const run = openRun(ask, repo);
  const blob = (path: string): string => `${webUrl(ask.state, repo)}/blob/${run.suite.sha}/${path}`;
  return listed(ask, run.annotations, (one) => ({
    ...one,
    start_column: null,
    end_column: null,
    title: null,
    raw_details: null,
    blob_href: blob(one.path),
  }));
}

/** Where the log lies, for a minute; only jobs of Actions have one. */
function findJobLog(ask: Ask): Answer {
  const repo = openRepo(ask, 'actions:read');
  const run = openRun(ask, repo);
  if (run.log === null || run.suite.app.slug !== 'github-actions') throw notFound();
  return { status: 302, headers: { location: `${ask.state.url}/_logs/${logKey(run.id)}` } };
}

/** Whoever has the address may read: no token is asked for. */
const logKey = (id: number): string => `${id}-a-key-for-one-minute`;

function readJobLog(ask: Ask): Answer {
  const all = [...ask.state.repos.values()].flatMap((repo) => repo.runs);
  const run = all.find(({ id }) => logKey(id) === ask.params['key']);
  if (!run || run.log === null) throw notFound();
  if (ask.actor.kind !== 'nobody') throw refusal(400, 'Storage takes no other authorization.');
  return { status: 200, raw: { type: 'text/plain; charset=utf-8', bytes: Buffer.from(run.log) } };
}

export const checkRoutes: readonly Route[] = [
  ['GET', '/_logs/:key', readJobLog],
  ['GET', '/repos/:owner/:repo/actions/jobs/:id/logs', findJobLog],
  ['GET', '/repos/:owner/:repo/check-runs/:id/annotations', listAnnotations],
  ['POST', '/repos/:owner/:repo/check-runs', createRun],
  ['GET', '/repos/:owner/:repo/check-runs/:id', readRun],
  ['PATCH', '/repos/:owner/:repo/check-runs/:id', updateRun],
  ['GET', '/repos/:owner/:repo/commits/:ref+/check-runs', listRuns],
  ['GET', '/repos/:owner/:repo/commits/:ref+/check-suites', listSuites],
];
