// A run through everything the stand-in serves, so that its answers and webhooks can be looked at.
// Only acts; judging is in world-github.contract.test.ts.

import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Octokit } from '@octokit/rest';
import { clientFor } from './clients.ts';
import type { GitHubWorld } from './start.ts';

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

type Cast = {
  world: GitHubWorld;
  folder: string;
  ada: Octokit;
  adaToken: string;
  /** The app itself, and its installation. */
  app: Octokit;
  installation: Octokit;
  /** The installation of an app that writes checks. */
  ci: Octokit;
  /** The installation of the app that Actions is. */
  actions: Octokit;
};

/** Asks every route at least once, as the people and apps that use it. `folder` is for clones. */
export async function playEverything(world: GitHubWorld, folder: string): Promise<void> {
  const cast = await setScene(world, folder);
  await playApp(cast);
  await playRepository(cast);
  await playIssues(cast);
  await playPulls(cast);
  await playRefs(cast);
  await playHooks(cast);
  await playRefusals(cast);
  const till = world.install('suture', 'acme', ['till']);
  world.withdraw(till, ['acme/till']);
  world.uninstall((await cast.app.rest.apps.listInstallations()).data[0]?.id ?? 0);
}

async function setScene(world: GitHubWorld, folder: string): Promise<Cast> {
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
  world.addApp({
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
  world.addApp({
    slug: 'ci',
    permissions: { checks: 'write', statuses: 'write' },
    events: ['check_suite'],
    ...webhook,
  });
  world.addApp({
    slug: 'github-actions',
    permissions: { checks: 'write', actions: 'read' },
    events: [],
    ...webhook,
  });
  world.install('github-actions', 'acme', ['shop']);
  world.install('suture', 'acme', ['shop']);
  world.install('suture', 'acme', ['till']);
  world.install('ci', 'acme', ['shop']);
  return {
    world,
    folder,
    adaToken,
    ada: world.as('ada'),
    app: world.asApp('suture'),
    installation: (await world.asInstallation('suture', 'acme')).octokit,
    ci: (await world.asInstallation('ci', 'acme')).octokit,
    actions: (await world.asInstallation('github-actions', 'acme')).octokit,
  };
}

async function playApp({ world, app, installation }: Cast): Promise<void> {
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
  const narrow = clientFor(world.url, data.token);
  await narrow.rest.apps.revokeInstallationAccessToken();
  await installation.rest.apps.listReposAccessibleToInstallation();
  await installation.rest.users.getByUsername({ username: 'suture[bot]' });
  await installation.rest.rateLimit.get();
  await installation.rest.meta.get();
}

async function playRepository({ ada, installation }: Cast): Promise<void> {
  await ada.rest.users.getAuthenticated();
  await ada.rest.repos.get(shop);
  await ada.rest.repos.listBranches(shop);
  await ada.rest.repos.getBranch({ ...shop, branch: 'main' });
  await ada.rest.repos.getContent({ ...shop, path: '' });
  await ada.rest.repos.getContent({ ...shop, path: 'src/cart.ts' });
  await ada.rest.repos.getContent({ ...shop, path: 'src' });
  await installation.rest.repos.getCollaboratorPermissionLevel({ ...shop, username: 'ada' });
}

async function playIssues(cast: Cast): Promise<void> {
  const { ada, installation } = cast;
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
  await playComments(cast, on);
  await issues.update({ ...on, state: 'closed' });
  await issues.update({ ...on, state: 'open' });
  await issues.removeAllLabels(on);
  await deleteOne(ada);
}

async function playComments({ ada, installation }: Cast, on: typeof shop & { issue_number: number }) {
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
async function pushBranch({ world, folder, adaToken }: Cast, branch: string) {
  const dir = join(folder, branch);
  const git = async (...args: string[]) => {
    const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
    return (await run('git', ['-C', dir, ...identity, ...args])).stdout.trim();
  };
  const address = `${world.url.replace('//', `//ada:${adaToken}@`)}/acme/shop.git`;
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

async function playPulls(cast: Cast): Promise<void> {
  const { world, ada, installation } = cast;
  const { pulls, issues } = installation.rest;
  const one = await pushBranch(cast, 'fix-one');
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
  const { sha: head } = await pushBranch(cast, 'fix-two');
  world.allowDrafts('acme/shop', false);
  const other = { ...shop, title: 'Other', head: 'fix-two', base: 'main', draft: true };
  await ada.rest.pulls.create(other).catch(() => undefined);
  world.allowDrafts('acme/shop', true);
  const { data: draft } = await ada.rest.pulls.create(other);
  await installation.graphql(
    'mutation ($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { clientMutationId } }',
    { id: draft.node_id },
  );
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
  await playReviews(cast, at);
  await playChecks(cast, { sha, head });
  await playJob(cast, head);
  await pulls.update({ ...at, state: 'closed' });
  await pulls.update({ ...at, state: 'open' });
  await pulls.checkIfMerged(at).catch(() => undefined);
  const { data: merged } = await ada.rest.pulls.merge({ ...at, sha });
  await pulls.checkIfMerged(at);
  await pulls.get(at);
  await installation.rest.repos.listPullRequestsAssociatedWithCommit({ ...shop, commit_sha: merged.sha });
  await installation.rest.git.deleteRef({ ...shop, ref: 'heads/fix-two' });
}

async function playReviews({ ada, installation }: Cast, at: typeof shop & { pull_number: number }) {
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

const remark = {
  path: 'src/cart.ts',
  start_line: 1,
  end_line: 1,
  annotation_level: 'warning' as const,
  message: 'Look here.',
};

/** A job of Actions, and its log. */
async function playJob({ world, installation, actions }: Cast, sha: string): Promise<void> {
  const { data: job } = await actions.rest.checks.create({
    ...shop,
    name: 'build',
    head_sha: sha,
    conclusion: 'failure',
  });
  world.setJobLog('acme/shop', job.id, '2026-11-25T10:00:00.0000000Z ##[error]It broke.\n');
  const { headers } = await actions.rest.actions.downloadJobLogsForWorkflowRun({
    ...shop,
    job_id: job.id,
    request: { redirect: 'manual' },
  });
  await fetch(headers.location ?? '');
  await installation.rest.actions
    .downloadJobLogsForWorkflowRun({ ...shop, job_id: job.id })
    .catch(() => undefined);
}

async function playChecks({ ada, installation, ci }: Cast, at: { sha: string; head: string }): Promise<void> {
  const { sha, head } = at;
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
    output: { title: 'Passed', summary: '12 passed', annotations: [remark] },
  });
  await installation.rest.checks.listAnnotations({ ...shop, check_run_id: made.id });
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

async function playRefs({ world, ada, installation }: Cast): Promise<void> {
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
    requiredChecks: ['test', { name: 'build', appId: 7 }],
    requiredWorkflow: '.github/workflows/guard.yml',
  });
  world.protectClassically('acme/shop', 'main', { requiredChecks: ['lint', { name: 'types', appId: 7 }] });
  world.protectClassically('acme/shop', 'made', { requiredChecks: ['lint'], told: false });
  for (const branch of ['main', 'made', 'fix-one']) {
    await repos.getBranchRules({ ...shop, branch });
    await repos.getBranch({ ...shop, branch });
  }
  await ada.rest.repos.getStatusChecksProtection({ ...shop, branch: 'main' });
  await Promise.allSettled([
    repos.getStatusChecksProtection({ ...shop, branch: 'main' }),
    ada.rest.repos.getStatusChecksProtection({ ...shop, branch: 'made-up' }),
  ]);
}

async function playHooks({ world, app }: Cast): Promise<void> {
  await world.deliveries.idle();
  const { data: all } = await app.rest.apps.listWebhookDeliveries({ per_page: 2 });
  const delivery_id = all[0]?.id ?? 0;
  await app.rest.apps.getWebhookDelivery({ delivery_id });
  await app.rest.apps.redeliverWebhookDelivery({ delivery_id });
}

/** Refusals have described bodies too. */
async function playRefusals({ world, ada, installation, ci }: Cast): Promise<void> {
  const { issues, pulls, git, repos } = installation.rest;
  const sha = (await ada.rest.git.getRef({ ...shop, ref: 'heads/main' })).data.object.sha;
  const closed = (await ada.rest.pulls.list({ ...shop, state: 'closed' })).data;
  const merged = closed.find((one) => one.merged_at !== null);
  const unmerged = closed.find((one) => one.merged_at === null);
  await git.createRef({ ...shop, ref: 'refs/heads/late', sha: unmerged?.head.sha ?? '' });
  const { data: open } = await pulls.create({ ...shop, title: 'Late', head: 'late', base: 'main' });
  await Promise.allSettled([
    clientFor(world.url, 'ghp_made_up').rest.users.getAuthenticated(),
    clientFor(world.url).rest.issues.create({ ...shop, repo: 'till', title: 'x' }),
    issues.get({ ...shop, issue_number: 9999 }),
    issues.get({ ...shop, issue_number: 2 }),
    issues.create({ ...shop, title: '' }),
    issues.createLabel({ ...shop, name: 'triage' }),
    issues.update({ ...shop, issue_number: merged?.number ?? 0, state: 'open' }),
    ci.rest.issues.create({ ...shop, title: 'x' }),
    ada.rest.checks.create({ ...shop, name: 'x', head_sha: sha }),
    pulls.create({ ...shop, title: 'x', head: 'nowhere', base: 'main' }),
    pulls.merge({ ...shop, pull_number: merged?.number ?? 0 }),
    pulls.merge({ ...shop, pull_number: open.number, sha: '0'.repeat(40) }),
    git.createRef({ ...shop, ref: 'refs/heads/main', sha }),
    git.deleteRef({ ...shop, ref: 'heads/nowhere' }),
    repos.getBranch({ ...shop, branch: 'nowhere' }),
    repos.getCommit({ ...shop, ref: 'nowhere' }),
    repos.getContent({ ...shop, path: 'nowhere' }),
    repos.getCollaboratorPermissionLevel({ ...shop, username: 'ghost' }),
  ]);
}
