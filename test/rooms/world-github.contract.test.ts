// The GitHub stand-in cannot lie: every answer of every route and every webhook is held against the descriptions
// that GitHub publishes. What it does is in world-github.test.ts.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSign } from 'node:crypto';
import { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeApi, describeWebhooks } from '../world/github/description.ts';
import type { Exchanged } from '../world/github/http.ts';
import { routes } from '../world/github/routes.ts';
import { startGitHub, type Delivery, type GitHubWorld } from '../world/github/start.ts';

const run = promisify(execFile);
const shop = { owner: 'acme', repo: 'shop' };
const everyEvent = [
  'issues',
  'issue_comment',
  'pull_request',
  'pull_request_review',
  'push',
  'create',
  'delete',
  'check_run',
  'check_suite',
  'status',
];

const exchanged: Exchanged[] = [];
let world: GitHubWorld;
let folder: string;
let deliveries: Delivery[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'world-github-'));
  world = await startGitHub({ observe: (one) => exchanged.push(one) });
  await playEverything();
  await world.deliveries.idle();
  deliveries = world.deliveries.all();
});

afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

/** Asks every route at least once, as the people and apps that use it. */
async function playEverything(): Promise<void> {
  const { app, installation, ci, ada, adaToken } = await setScene();
  await playApp(app, installation);
  await playRepository(ada, installation);
  await playIssues(ada, installation);
  await playPulls({ ada, adaToken, installation, ci });
  await playRefs(installation);
  await playHooks(app, installation);
  const fresh = (await app.rest.apps.listInstallations()).data[0]?.id ?? 0;
  world.uninstall(fresh);
}

async function setScene() {
  const { token: adaToken } = world.addUser('ada');
  world.addUser('bob');
  const source = join(folder, 'source');
  await mkdir(join(source, 'src'), { recursive: true });
  await writeFile(join(source, 'README.md'), '# Shop\n');
  await writeFile(join(source, 'src', 'cart.ts'), 'export const total = 1;\n');
  await world.addRepository({ owner: 'acme', name: 'shop', private: true, fromDirectory: source });
  await world.addRepository({ owner: 'acme', name: 'till' });
  world.setRole('acme/shop', 'ada', 'admin');
  world.setRole('acme/shop', 'bob', 'write');
  const webhook = { webhookUrl: `${world.url}/nobody-listens-here`, webhookSecret: 'secret' };
  const app = world.addApp({
    slug: 'suture',
    permissions: {
      issues: 'write',
      pull_requests: 'write',
      contents: 'write',
      checks: 'read',
      statuses: 'read',
    },
    events: everyEvent,
    ...webhook,
  });
  const ci = world.addApp({
    slug: 'ci',
    permissions: { checks: 'write', statuses: 'write' },
    events: ['check_suite'],
    ...webhook,
  });
  const id = world.install('suture', 'acme', ['shop']);
  world.install('suture', 'acme', ['till']);
  const ciId = world.install('ci', 'acme', ['shop']);
  const appClient = appClientFor(app);
  return {
    adaToken,
    ada: world.as('ada'),
    app: appClient,
    installation: await installationClient(appClient, id),
    ci: await installationClient(appClientFor(ci), ciId),
  };
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A client with the app's own signed token. */
function appClientFor(app: { appId: number; privateKey: string }): Octokit {
  const now = Math.floor(Date.now() / 1000);
  const unsigned = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss: app.appId, iat: now - 30, exp: now + 500 })}`;
  const signature = createSign('RSA-SHA256').update(unsigned).sign(app.privateKey, 'base64url');
  return new Octokit({ auth: `${unsigned}.${signature}`, baseUrl: world.url, log: quiet });
}

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function installationClient(app: Octokit, id: number): Promise<Octokit> {
  const { data } = await app.rest.apps.createInstallationAccessToken({ installation_id: id });
  return new Octokit({ auth: data.token, baseUrl: world.url, log: quiet });
}

async function playApp(app: Octokit, installation: Octokit): Promise<void> {
  await app.rest.apps.getAuthenticated();
  const { data: all } = await app.rest.apps.listInstallations();
  const installation_id = all[0]?.id ?? 0;
  await app.rest.apps.getInstallation({ installation_id });
  await app.rest.apps.getRepoInstallation(shop);
  const { data } = await app.rest.apps.createInstallationAccessToken({
    installation_id,
    repositories: ['shop'],
    permissions: { issues: 'read' },
  });
  const narrow = new Octokit({ auth: data.token, baseUrl: world.url, log: quiet });
  await narrow.rest.apps.revokeInstallationAccessToken();
  await installation.rest.apps.listReposAccessibleToInstallation();
  await installation.rest.users.getByUsername({ username: 'suture[bot]' });
  await installation.rest.rateLimit.get();
  await installation.rest.meta.get();
}

async function playRepository(ada: Octokit, installation: Octokit): Promise<void> {
  await ada.rest.users.getAuthenticated();
  await ada.rest.repos.get(shop);
  await ada.rest.repos.listBranches(shop);
  await ada.rest.repos.getBranch({ ...shop, branch: 'main' });
  await ada.rest.repos.getContent({ ...shop, path: '' });
  await ada.rest.repos.getContent({ ...shop, path: 'src/cart.ts' });
  await ada.rest.repos.getContent({ ...shop, path: 'src' });
  await installation.rest.repos.getCollaboratorPermissionLevel({ ...shop, username: 'ada' });
}

async function playIssues(ada: Octokit, installation: Octokit): Promise<void> {
  const { issues, reactions } = installation.rest;
  await issues.createLabel({ ...shop, name: 'triage', color: 'd73a4a', description: 'The triage issue' });
  await issues.listLabelsForRepo(shop);
  await issues.getLabel({ ...shop, name: 'triage' });
  const { data: issue } = await issues.create({
    ...shop,
    title: 'Triage',
    body: '- [ ] one',
    labels: ['triage'],
  });
  const on = { ...shop, issue_number: issue.number };
  await issues.listForRepo({ ...shop, labels: 'triage' });
  await issues.get(on);
  await ada.rest.issues.update({ ...on, body: '- [x] one', assignees: ['ada'] });
  await issues.update({ ...on, title: 'Triage of today' });
  await issues.addLabels({ ...on, labels: ['later'] });
  await issues.listLabelsOnIssue(on);
  await issues.removeLabel({ ...on, name: 'later' });
  await issues.setLabels({ ...on, labels: ['triage'] });
  await issues.lock({ ...on, lock_reason: 'resolved' });
  await issues.unlock(on);
  await reactions.createForIssue({ ...on, content: 'rocket' });
  const { data: reaction } = await reactions.createForIssue({ ...on, content: 'rocket' });
  await reactions.listForIssue(on);
  await reactions.deleteForIssue({ ...on, reaction_id: reaction.id });
  await playComments(ada, installation, on);
  await issues.update({ ...on, state: 'closed' });
  await issues.update({ ...on, state: 'open' });
  await issues.removeAllLabels(on);
  await deleteOne(ada);
}

async function playComments(ada: Octokit, installation: Octokit, on: typeof shop & { issue_number: number }) {
  const { issues, reactions } = installation.rest;
  const { data: comment } = await ada.rest.issues.createComment({ ...on, body: '/sentry fix' });
  const at = { ...shop, comment_id: comment.id };
  await issues.listComments(on);
  await issues.listCommentsForRepo(shop);
  await issues.getComment(at);
  const { data: reaction } = await reactions.createForIssueComment({ ...at, content: 'eyes' });
  await reactions.createForIssueComment({ ...at, content: 'eyes' });
  await reactions.listForIssueComment(at);
  await reactions.deleteForIssueComment({ ...at, reaction_id: reaction.id });
  await ada.rest.issues.updateComment({ ...at, body: '/sentry fix PER-1A' });
  await ada.rest.issues.deleteComment(at);
  await issues.createComment({ ...on, body: 'Done.' });
}

async function deleteOne(ada: Octokit): Promise<void> {
  const { data } = await ada.rest.issues.create({ ...shop, title: 'A mistake' });
  await ada.graphql('mutation($id: ID!) { deleteIssue(input: { issueId: $id }) { clientMutationId } }', {
    id: data.node_id,
  });
}

/** A branch with one commit, pushed by the real git, and a way to push another. */
async function pushBranch(token: string, branch: string) {
  const dir = join(folder, branch);
  const git = async (...args: string[]) => {
    const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
    return (await run('git', ['-C', dir, ...identity, ...args])).stdout.trim();
  };
  const address = `${world.url.replace('//', `//ada:${token}@`)}/acme/shop.git`;
  await run('git', ['clone', '--quiet', address, dir]);
  await git('checkout', '--quiet', '-b', branch);
  await writeFile(join(dir, `${branch}.ts`), 'export {};\n');
  await rm(join(dir, 'README.md'));
  await git('add', '--all');
  await git('commit', '--quiet', '-m', `feat: ${branch}`);
  await git('push', '--quiet', 'origin', branch);
  const pushMore = async () => {
    await git('commit', '--quiet', '--allow-empty', '-m', 'chore: again');
    await git('push', '--quiet', 'origin', branch);
    return git('rev-parse', 'HEAD');
  };
  return { sha: await git('rev-parse', 'HEAD'), pushMore };
}

type Players = { ada: Octokit; adaToken: string; installation: Octokit; ci: Octokit };

async function playPulls({ ada, adaToken, installation, ci }: Players): Promise<void> {
  const { pulls, issues } = installation.rest;
  const one = await pushBranch(adaToken, 'fix-one');
  const { data: pull } = await pulls.create({
    ...shop,
    title: 'Fix',
    head: 'fix-one',
    base: 'main',
    body: 'a',
  });
  const at = { ...shop, pull_number: pull.number };
  const on = { ...shop, issue_number: pull.number };
  const sha = await one.pushMore();
  const { sha: head } = await pushBranch(adaToken, 'fix-two');
  await ada.rest.pulls.create({ ...shop, title: 'Other', head: 'fix-two', base: 'main', draft: true });
  await pulls.list({ ...shop, head: 'acme:fix-one' });
  await pulls.get(at);
  await pulls.update({ ...at, title: 'Fix it', body: 'b' });
  await pulls.update({ ...at, base: 'fix-two' });
  await pulls.update({ ...at, base: 'main' });
  await issues.addLabels({ ...on, labels: ['triage'] });
  await issues.removeLabel({ ...on, name: 'triage' });
  await issues.createComment({ ...on, body: 'On a pull request.' });
  await issues.listForRepo(shop);
  await pulls.listFiles(at);
  await pulls.listCommits(at);
  await pulls.requestReviewers({ ...at, reviewers: ['bob', 'ada'] });
  await pulls.listRequestedReviewers(at);
  await pulls.removeRequestedReviewers({ ...at, reviewers: ['bob'] });
  await playReviews(ada, installation, at);
  await playChecks({ ada, installation, ci, sha, head });
  await pulls.update({ ...at, state: 'closed' });
  await pulls.update({ ...at, state: 'open' });
  await pulls.checkIfMerged(at).catch(() => undefined);
  const { data: merged } = await ada.rest.pulls.merge({ ...at, sha });
  await pulls.checkIfMerged(at);
  await pulls.get(at);
  await installation.rest.repos.listPullRequestsAssociatedWithCommit({ ...shop, commit_sha: merged.sha });
  await installation.rest.git.deleteRef({ ...shop, ref: 'heads/fix-two' });
}

async function playReviews(ada: Octokit, installation: Octokit, at: typeof shop & { pull_number: number }) {
  const { data: review } = await ada.rest.pulls.createReview({
    ...at,
    event: 'APPROVE',
    body: 'Good.',
    comments: [{ path: 'fix-one.ts', body: 'Why?', line: 1 }],
  });
  const one = { ...at, review_id: review.id };
  await installation.rest.pulls.listReviews(at);
  await installation.rest.pulls.getReview(one);
  await installation.rest.pulls.listCommentsForReview(one);
  await installation.rest.pulls.listReviewComments(at);
}

async function playChecks(input: Omit<Players, 'adaToken'> & { sha: string; head: string }): Promise<void> {
  const { ada, installation, ci, sha, head } = input;
  const { data: made } = await ci.rest.checks.create({
    ...shop,
    name: 'test',
    head_sha: sha,
    status: 'in_progress',
  });
  await ci.rest.checks.create({ ...shop, name: 'test', head_sha: head, conclusion: 'failure' });
  await installation.rest.checks.listForRef({ ...shop, ref: sha });
  await ci.rest.checks.update({
    ...shop,
    check_run_id: made.id,
    conclusion: 'success',
    output: { title: 'Passed', summary: '12 passed' },
  });
  await installation.rest.checks.get({ ...shop, check_run_id: made.id });
  await installation.rest.checks.listForRef({ ...shop, ref: 'fix-one' });
  await installation.rest.checks.listSuitesForRef({ ...shop, ref: sha });
  await installation.rest.repos.getCombinedStatusForRef({ ...shop, ref: sha });
  await ada.rest.repos.createCommitStatus({ ...shop, sha, state: 'pending', context: 'ci/build' });
  await ci.rest.repos.createCommitStatus({
    ...shop,
    sha,
    state: 'success',
    context: 'ci/build',
    target_url: 'https://ci.example/1',
    description: 'Built',
  });
  await installation.rest.repos.getCombinedStatusForRef({ ...shop, ref: sha });
  await installation.rest.repos.listCommitStatusesForRef({ ...shop, ref: sha });
}

async function playRefs(installation: Octokit): Promise<void> {
  const { git, repos } = installation.rest;
  const { data: main } = await git.getRef({ ...shop, ref: 'heads/main' });
  await git.listMatchingRefs({ ...shop, ref: 'heads/fix' });
  await git.createRef({ ...shop, ref: 'refs/heads/made', sha: main.object.sha });
  await git.updateRef({ ...shop, ref: 'heads/made', sha: main.object.sha });
  await repos.listCommits(shop);
  await repos.getCommit({ ...shop, ref: 'main' });
  await repos.compareCommitsWithBasehead({ ...shop, basehead: 'main...fix-one' });
  await repos.compareCommitsWithBasehead({ ...shop, basehead: 'main~1...made' }).catch(() => undefined);
  world.protectBranch('acme/shop', 'main', {
    requirePullRequest: true,
    blockCreation: true,
    requiredChecks: ['test'],
  });
  await repos.getBranchRules({ ...shop, branch: 'main' });
  await repos.getBranch({ ...shop, branch: 'main' });
}

async function playHooks(app: Octokit, installation: Octokit): Promise<void> {
  await world.deliveries.idle();
  const { data: all } = await app.rest.apps.listWebhookDeliveries({ per_page: 2 });
  const delivery_id = all[0]?.id ?? 0;
  await app.rest.apps.getWebhookDelivery({ delivery_id });
  await app.rest.apps.redeliverWebhookDelivery({ delivery_id });
  await installation.rest.issues.get({ ...shop, issue_number: 9999 }).catch(() => undefined);
  await installation.rest.issues.create({ ...shop, title: '' }).catch(() => undefined);
}

const succeeded = (one: Exchanged): boolean => one.answer.status < 300;

test('every route of the table was asked and answered', () => {
  const asked = new Set(exchanged.filter(succeeded).map((one) => `${one.method} ${one.pattern}`));
  expect(routes.map(([method, pattern]) => `${method} ${pattern}`).filter((one) => !asked.has(one))).toEqual(
    [],
  );
});

test('every answer is as GitHub describes it', () => {
  const api = describeApi();
  const faults = exchanged
    .filter((one) => one.pattern !== null && one.pattern !== '/graphql' && !one.answer.raw)
    .flatMap(({ method, pattern, answer }) =>
      api
        // Over the wire there are no undefined keys.
        .answerFaults({
          method,
          pattern: pattern ?? '',
          status: answer.status,
          body: answer.body === undefined ? undefined : (JSON.parse(JSON.stringify(answer.body)) as unknown),
        })
        .map((fault) => `${method} ${pattern} ${answer.status}: ${fault}`),
    );
  expect([...new Set(faults)]).toEqual([]);
});

test('every webhook is as GitHub describes it', () => {
  const webhooks = describeWebhooks();
  const faults = deliveries.flatMap(({ event, action, payload }) =>
    webhooks
      .payloadFaults({ event, action, payload: JSON.parse(payload) as unknown })
      .map((fault) => `${event}.${action}: ${fault}`),
  );
  expect([...new Set(faults)]).toEqual([]);
});

test('the webhooks held against the descriptions are all there are', () => {
  const seen = new Set(deliveries.map(({ event, action }) => [event, action].filter(Boolean).join('.')));
  expect([...seen].toSorted()).toMatchInlineSnapshot(`
    [
      "check_run.completed",
      "check_run.created",
      "check_suite.completed",
      "check_suite.requested",
      "create",
      "delete",
      "installation.created",
      "installation.deleted",
      "installation_repositories.added",
      "issue_comment.created",
      "issue_comment.deleted",
      "issue_comment.edited",
      "issues.closed",
      "issues.deleted",
      "issues.edited",
      "issues.labeled",
      "issues.locked",
      "issues.opened",
      "issues.reopened",
      "issues.unlabeled",
      "issues.unlocked",
      "pull_request.closed",
      "pull_request.edited",
      "pull_request.labeled",
      "pull_request.opened",
      "pull_request.reopened",
      "pull_request.review_requested",
      "pull_request.synchronize",
      "pull_request.unlabeled",
      "pull_request_review.submitted",
      "push",
      "status",
    ]
  `);
});

type Example = { name: string; examples: { action?: string }[] };

test('webhooks carry what all recorded examples of GitHub carry', () => {
  const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as Example[];
  const lacking = deliveries.flatMap(({ event, action, payload }) => {
    const same = examples.find((one) => one.name === event)?.examples ?? [];
    const recorded = same.filter((one) => !action || one.action === action);
    return missingKeys(JSON.parse(payload), recorded).map((key) => `${event}.${action}: ${key}`);
  });
  expect([...new Set(lacking)]).toEqual([]);
});

/** Keys, one level down too, that every example has and the payload has not. */
function missingKeys(payload: unknown, recorded: readonly unknown[], at = ''): string[] {
  const [first, ...others] = recorded.filter(isRecord);
  if (!first || !isRecord(payload)) return [];
  return Object.keys(first)
    .filter((key) => others.every((one) => key in one))
    .flatMap((key) => {
      if (!(key in payload)) return [`${at}${key}`];
      if (at !== '') return [];
      return missingKeys(
        payload[key],
        [first, ...others].map((one) => one[key]),
        `${key}.`,
      );
    });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
