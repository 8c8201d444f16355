// The GitHub room against the stand-in that remembers and refuses.

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Probot } from 'probot';
import { createOctokitClass, createTokenCache } from '../../src/github/octokit.ts';
import type { GitAccess } from '../../src/ports.ts';
import { commitFile } from '../world/commit-file.ts';
import type { GitHubWorld } from '../world/github/start.ts';
import { codeHostContract, type CodeHostScene } from './code-host.contract.ts';
import { place, shop, startInstalled } from './github-installed.ts';

const run = promisify(execFile);
const name = 'acme/shop';

codeHostContract('GitHub', async (): Promise<CodeHostScene> => {
  const { world, github, stop } = await startInstalled();
  await world.addRepository({ owner: 'acme', name: 'vault', fromDirectory: 'src/domain', private: true });
  const ci = await startCi(world);
  const root = world.as('root');

  return {
    host: github.host,
    repo: shop,
    closedRepo: { owner: 'acme', name: 'vault' },
    file: { path: 'locate/choose.ts', text: await readFile('src/domain/locate/choose.ts', 'utf8') },
    reviewAs: async (login, pull, { body, remark }) => {
      const comments = [{ path: 'approval.ts', line: 1, body: remark }];
      const review = { ...place, pull_number: pull, body, comments, event: 'REQUEST_CHANGES' } as const;
      return (await world.as(login).rest.pulls.createReview(review)).data.id;
    },
    self: 'suture[bot]',
    addPerson: async (login, role) => {
      world.addUser(login);
      world.setRole(name, login, role);
    },
    pushBranch: (branch, author) => commitOn(world.repositoryDirectory(name), branch, author),
    moveBaseAgainst: async (branch) => {
      const dir = world.repositoryDirectory(name);
      await run('git', ['-C', dir, 'branch', '--force', 'other', 'main']);
      const sha = commitFile(dir, { path: branch, text: 'otherwise\n', branch: 'other' });
      await root.rest.git.updateRef({ ...place, ref: 'heads/main', sha });
    },
    allowDrafts: async (allowed) => world.allowDrafts(name, allowed),
    hasBranch: (branch) =>
      root.rest.git.getRef({ ...place, ref: `heads/${branch}` }).then(
        () => true,
        () => false,
      ),
    commentAs: async (login, issue, body) => {
      await world.as(login).rest.issues.createComment({ ...place, issue_number: issue, body });
    },
    mergeAs: async (login, pull) => {
      await world.as(login).rest.pulls.merge({ ...place, pull_number: pull, merge_method: 'squash' });
    },
    closeAs: async (login, pull) => {
      await world.as(login).rest.pulls.update({ ...place, pull_number: pull, state: 'closed' });
    },
    reportRun: async (sha, title, conclusion, summary = '') => {
      const state = conclusion === null ? { status: 'in_progress' as const } : { conclusion };
      const output = { title, summary };
      const { data } = await ci.rest.checks.create({
        ...place,
        name: title,
        head_sha: sha,
        output,
        ...state,
      });
      return data.id;
    },
    reportStatus: async (sha, context, state) => {
      await ci.rest.repos.createCommitStatus({ ...place, sha, context, state });
    },
    requireCheck: async (branch, check) => world.protectBranch(name, branch, { requiredChecks: [check] }),
    reactionsOn: async (comment) => {
      const { data } = await root.rest.reactions.listForIssueComment({ ...place, comment_id: comment });
      return data.map(({ content }) => content);
    },
    canFetch,
    stop,
  };
});

/** An app of somebody else that reports checks. */
async function startCi(world: GitHubWorld) {
  const app = world.addApp({
    slug: 'ci',
    permissions: { checks: 'write', statuses: 'write', metadata: 'read' },
    events: [],
    webhookSecret: 'another',
  });
  const installation = world.install('ci', 'acme', ['shop']);
  const Octokit = createOctokitClass({ writePauseMs: 0, userAgent: 'ci/test', tokens: createTokenCache() });
  const settings = { ...app, baseUrl: world.url, secret: 'another', logLevel: 'fatal', Octokit } as const;
  return new Probot(settings).auth(installation);
}

/** A branch of one commit on top of main that puts a file of the branch's name there. */
async function commitOn(dir: string, branch: string, author = 'ada'): Promise<string> {
  await run('git', ['-C', dir, 'branch', '--force', branch, 'main']);
  return commitFile(dir, { path: branch, text: `${randomUUID()}\n`, branch, author, mail: noreply });
}

/** The address by which GitHub knows whose commit it is. */
const noreply = 'users.noreply.github.com';

async function canFetch({ url, token }: GitAccess): Promise<boolean> {
  const credentials = Buffer.from(`x-access-token:${token}`).toString('base64');
  const env = {
    ...process.env,
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}`,
  };
  return run('git', ['ls-remote', '--heads', url], { env }).then(
    ({ stdout }) => stdout.includes('refs/heads/main'),
    () => false,
  );
}
