// The GitHub stand-in with the real git: clone, push, what a push leads to, what is refused, and the three merges.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startGitHub, type GitHubWorld } from '../world/github/start.ts';

const run = promisify(execFile);
const shop = { owner: 'acme', repo: 'shop' };

let world: GitHubWorld;
let folder: string;
let ada: { login: string; token: string };
let eve: { login: string; token: string };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'world-github-git-'));
  const source = join(folder, 'source');
  await mkdir(source);
  await writeFile(join(source, 'README.md'), '# Shop\n');
  await writeFile(join(source, '.gitignore'), 'node_modules\n');
  await mkdir(join(source, 'node_modules'));
  await writeFile(join(source, 'node_modules', 'left.js'), 'ignored');
  world = await startGitHub();
  ada = world.addUser('ada');
  eve = world.addUser('eve');
  await world.addRepository({ owner: 'acme', name: 'shop', private: true, fromDirectory: source });
  world.setRole('acme/shop', 'ada', 'write');
  world.setRole('acme/shop', 'eve', 'read');
});

afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'credential.helper='];
const env = { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_GLOBAL: devNull, GIT_ASKPASS: 'true' };

async function git(dir: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', ['-C', dir, ...identity, ...args], { env });
  return stdout.trim();
}

/** What git says when it fails. */
async function complaint(work: Promise<string>): Promise<string> {
  return work.then(
    () => 'it was allowed',
    (error: { stderr: string }) => error.stderr.replaceAll(world.url, ''),
  );
}

async function clone(who: { login: string; token: string }): Promise<string> {
  const dir = await mkdtemp(join(folder, 'clone-'));
  const credentials = `//${who.login}:${who.token}@`;
  await git(folder, 'clone', '--quiet', `${world.url.replace('//', credentials)}/acme/shop.git`, dir);
  return dir;
}

async function commitFile(dir: string, path: string, text: string): Promise<string> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), text);
  await git(dir, 'add', '--', path);
  await git(dir, 'commit', '--quiet', '-m', `feat: ${path}`);
  return git(dir, 'rev-parse', 'HEAD');
}

/** A clone with one commit pushed to that branch. */
async function pushed(branch: string): Promise<{ dir: string; sha: string }> {
  const dir = await clone(ada);
  await git(dir, 'checkout', '--quiet', '-b', branch);
  const sha = await commitFile(dir, `${branch}.ts`, 'export {};\n');
  await git(dir, 'push', '--quiet', 'origin', branch);
  return { dir, sha };
}

const openPull = async (head: string) =>
  (await world.as('ada').rest.pulls.create({ ...shop, title: `Fix ${head}`, head, base: 'main' })).data;
const readPull = async (pull_number: number) =>
  (await world.as('ada').rest.pulls.get({ ...shop, pull_number })).data;

async function appToken(permissions: Record<string, 'read' | 'write'>) {
  world.addApp({ slug: 'suture', permissions, events: [], webhookSecret: 's' });
  world.install('suture', 'acme', ['shop']);
  const { token } = await world.asInstallation('suture', 'acme');
  return { login: 'x-access-token', token };
}

describe('cloning and pushing', () => {
  test('a clone has the files of the folder, ignored ones left out', async () => {
    expect(await git(await clone(eve), 'ls-files')).toBe('.gitignore\nREADME.md');
  });

  test('a wrong token, a reader who pushes, and a stranger are refused', async () => {
    expect(await complaint(clone({ login: 'ada', token: 'ghp_wrong' }))).toContain('Authentication failed');
    const dir = await clone(eve);
    await commitFile(dir, 'a.ts', '1');
    expect(await complaint(git(dir, 'push', 'origin', 'HEAD:a'))).toContain('acme/shop.git denied to eve');
    const stranger = world.addUser('sam');
    expect(await complaint(clone(stranger))).toContain('not found');
  });

  test('an installation token pushes with contents: write only, and never workflows without that permission', async () => {
    const dir = await clone(await appToken({ contents: 'write' }));
    await commitFile(dir, 'a.ts', '1');
    await git(dir, 'push', '--quiet', 'origin', 'HEAD:fine');
    await commitFile(dir, '.github/workflows/ci.yml', 'on: push\n');
    expect(await complaint(git(dir, 'push', 'origin', 'HEAD:work'))).toContain(
      '(refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission)',
    );
    expect(await git(dir, 'ls-remote', '--heads', 'origin')).not.toContain('refs/heads/work');
  });

  test('an app without contents: write is refused', async () => {
    const dir = await clone(await appToken({ contents: 'read' }));
    await commitFile(dir, 'a.ts', '1');
    expect(await complaint(git(dir, 'push', 'origin', 'HEAD:a'))).toContain('denied to suture[bot]');
  });

  test('a branch rule refuses in the words of GitHub, and nothing moves', async () => {
    world.protectBranch('acme/shop', 'main', { requirePullRequest: true });
    world.protectBranch('acme/shop', 'release/*', { blockCreation: true, message: 'Ask the release team.' });
    const dir = await clone(ada);
    const before = await git(dir, 'rev-parse', 'HEAD');
    await commitFile(dir, 'a.ts', '1');
    const said = await complaint(git(dir, 'push', 'origin', 'HEAD:main'));
    expect(said).toContain('remote: error: GH013: Repository rule violations found for refs/heads/main.');
    expect(said).toContain('remote: - Changes must be made through a pull request.');
    expect(said).toContain(
      '! [remote rejected] HEAD -> main (push declined due to repository rule violations)',
    );
    expect(await complaint(git(dir, 'push', 'origin', 'HEAD:refs/heads/release/1'))).toContain(
      '- Ask the release team.',
    );
    expect(await git(world.repositoryDirectory('acme/shop'), 'rev-parse', 'main')).toBe(before);
  });

  test('a push can take effect although the server answers an error', async () => {
    const dir = await clone(ada);
    const sha = await commitFile(dir, 'a.ts', '1');
    world.fail({ method: 'POST', path: /git-receive-pack$/, status: 500, times: 1, after: true });
    expect(await complaint(git(dir, 'push', 'origin', 'HEAD:a'))).toContain('error: 500');
    expect(await git(dir, 'ls-remote', 'origin', 'refs/heads/a')).toContain(sha);
  });

  test('a file is served raw, as text', async () => {
    const asked = { ...shop, path: 'README.md', mediaType: { format: 'raw' } };
    expect((await world.as('eve').rest.repos.getContent(asked)).data).toBe('# Shop\n');
  });

  test('a stale push is refused by git itself and leads to nothing', async () => {
    const { dir } = await pushed('fix');
    const { number, head } = await openPull('fix');
    await git(dir, 'commit', '--quiet', '--amend', '-m', 'other');
    expect(await complaint(git(dir, 'push', 'origin', 'fix'))).toContain('rejected');
    expect((await readPull(number)).head.sha).toBe(head.sha);
  });
});

describe('pull requests', () => {
  test('the head follows pushes, forced ones too; deleting the branch closes it', async () => {
    const { dir } = await pushed('fix');
    const { number } = await openPull('fix');
    const second = await commitFile(dir, 'b.ts', '2');
    await git(dir, 'push', '--quiet', 'origin', 'fix');
    expect(await readPull(number)).toMatchObject({
      head: { sha: second },
      commits: 2,
      changed_files: 2,
      mergeable: true,
    });
    await git(dir, 'reset', '--quiet', '--hard', 'HEAD~1');
    await git(dir, 'push', '--quiet', '--force', 'origin', 'fix');
    expect(await readPull(number)).toMatchObject({ commits: 1 });
    await git(dir, 'push', '--quiet', 'origin', ':fix');
    expect(await readPull(number)).toMatchObject({ state: 'closed', merged: false });
    const reopening = world.as('ada').rest.pulls.update({ ...shop, pull_number: number, state: 'open' });
    await expect(reopening).rejects.toMatchObject({ status: 422 });
  });

  test('a second one for the same branch, one without commits and one without a branch are 422', async () => {
    await pushed('fix');
    await openPull('fix');
    await expect(openPull('fix')).rejects.toThrow('A pull request already exists for acme:fix.');
    await expect(openPull('nowhere')).rejects.toMatchObject({ status: 422 });
    await git(world.repositoryDirectory('acme/shop'), 'branch', 'same', 'main');
    await expect(openPull('same')).rejects.toThrow('No commits between main and same');
  });

  test('a push to the base that holds the head counts as the merge', async () => {
    const { dir, sha } = await pushed('fix');
    const { number } = await openPull('fix');
    await git(dir, 'push', '--quiet', 'origin', 'fix:main');
    expect(await readPull(number)).toMatchObject({ merged: true, merge_commit_sha: sha });
  });

  test('two at the same moment make one', async () => {
    await pushed('fix');
    const outcomes = await Promise.allSettled([openPull('fix'), openPull('fix'), openPull('fix')]);
    expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  });

  test('files carry their patches', async () => {
    const { dir } = await pushed('fix');
    await git(dir, 'mv', 'README.md', 'READ ME.md');
    await git(dir, 'rm', '--quiet', '.gitignore');
    await git(dir, 'commit', '--quiet', '-m', 'chore: move');
    await git(dir, 'push', '--quiet', 'origin', 'fix');
    const { number } = await openPull('fix');
    const { data } = await world.as('ada').rest.pulls.listFiles({ ...shop, pull_number: number });
    const seen = data.map((file) => [file.status, file.filename, file.additions, file.deletions, file.patch]);
    expect(seen).toEqual([
      ['removed', '.gitignore', 0, 1, '@@ -1 +0,0 @@\n-node_modules'],
      ['renamed', 'READ ME.md', 0, 0, undefined],
      ['added', 'fix.ts', 1, 0, '@@ -0,0 +1 @@\n+export {};'],
    ]);
  });

  test.each([
    ['merge', 2, 'Merge pull request #1 from acme/fix'],
    ['squash', 1, 'Fix fix (#1)'],
    ['rebase', 1, 'feat: fix.ts'],
  ] as const)('%s: the merge is a real commit with %i parents', async (merge_method, parents, subject) => {
    const { sha } = await pushed('fix');
    const other = await clone(ada);
    await commitFile(other, 'c.ts', '3');
    await git(other, 'push', '--quiet', 'origin', 'HEAD:main');
    const { number } = await openPull('fix');
    const trial = (await readPull(number)).merge_commit_sha;
    const { data } = await world
      .as('ada')
      .rest.pulls.merge({ ...shop, pull_number: number, sha, merge_method });
    expect(trial).not.toBe(data.sha);
    const dir = world.repositoryDirectory('acme/shop');
    expect(await git(dir, 'log', '-1', '--format=%s', 'main')).toBe(subject);
    expect((await git(dir, 'log', '-1', '--format=%P', 'main')).split(' ')).toHaveLength(parents);
    expect(await git(dir, 'ls-tree', '--name-only', 'main')).toBe('.gitignore\nREADME.md\nc.ts\nfix.ts');
    expect(await readPull(number)).toMatchObject({
      state: 'closed',
      merged: true,
      merge_commit_sha: data.sha,
      merged_by: { login: 'ada' },
    });
    const { data: found } = await world
      .as('ada')
      .rest.repos.listPullRequestsAssociatedWithCommit({ ...shop, commit_sha: data.sha });
    expect(found.map((one) => one.number)).toEqual([number]);
    const reopening = world.as('ada').rest.issues.update({ ...shop, issue_number: number, state: 'open' });
    await expect(reopening).rejects.toMatchObject({ status: 422 });
  });

  test('a moved head is 409; conflicts, drafts, missing checks and merged ones are 405; no push access is 404', async () => {
    const { dir } = await pushed('fix');
    const { number } = await openPull('fix');
    const at = { ...shop, pull_number: number };
    const { merge } = world.as('ada').rest.pulls;
    await expect(merge({ ...at, sha: '0'.repeat(40) })).rejects.toMatchObject({ status: 409 });
    await expect(world.as('eve').rest.pulls.merge(at)).rejects.toMatchObject({ status: 404 });
    world.protectBranch('acme/shop', 'main', { requiredChecks: ['ci'] });
    await expect(merge(at)).rejects.toThrow('Required status check "ci" is expected.');
    await git(dir, 'checkout', '--quiet', '-b', 'unready');
    await git(dir, 'push', '--quiet', 'origin', 'unready');
    const draft = { ...shop, title: 'x', head: 'unready', base: 'main', draft: true };
    const { data: unready } = await world.as('ada').rest.pulls.create(draft);
    await expect(merge({ ...shop, pull_number: unready.number })).rejects.toThrow('still a draft');
    const { data } = await world.as('ada').rest.pulls.get(at);
    await world
      .as('ada')
      .rest.repos.createCommitStatus({ ...shop, sha: data.head.sha, state: 'success', context: 'ci' });
    await merge(at);
    await expect(merge(at)).rejects.toMatchObject({ status: 405 });
    await git(dir, 'checkout', '--quiet', '-b', 'clash', 'HEAD~1');
    await commitFile(dir, 'fix.ts', 'export const other = 1;\n');
    await git(dir, 'push', '--quiet', 'origin', 'clash');
    const clash = await openPull('clash');
    await world
      .as('ada')
      .rest.repos.createCommitStatus({ ...shop, sha: clash.head.sha, state: 'success', context: 'ci' });
    expect(await readPull(clash.number)).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
    for (const merge_method of ['merge', 'squash', 'rebase'] as const) {
      await expect(merge({ ...shop, pull_number: clash.number, merge_method })).rejects.toMatchObject({
        status: 405,
      });
    }
  });
});

describe('checks', () => {
  test('an app that may write checks gets a queued suite on push; people may not write check runs', async () => {
    world.addApp({ slug: 'silent', permissions: { checks: 'write' }, events: [], webhookSecret: 's' });
    world.install('silent', 'acme', ['shop']);
    const { sha } = await pushed('fix');
    const ada = world.as('ada').rest;
    const { data } = await ada.checks.listSuitesForRef({ ...shop, ref: 'fix' });
    expect(data.check_suites.map((one) => [one.status, one.conclusion, one.latest_check_runs_count])).toEqual(
      [['queued', null, 0]],
    );
    await expect(ada.checks.create({ ...shop, name: 'x', head_sha: sha })).rejects.toMatchObject({
      status: 403,
    });
  });

  test('the combined status: pending with none, the newest of each context after', async () => {
    const { sha } = await pushed('fix');
    const { repos } = world.as('ada').rest;
    const combined = async () => (await repos.getCombinedStatusForRef({ ...shop, ref: 'fix' })).data;
    expect(await combined()).toMatchObject({ state: 'pending', total_count: 0 });
    await repos.createCommitStatus({ ...shop, sha, state: 'failure', context: 'a' });
    await repos.createCommitStatus({ ...shop, sha, state: 'success', context: 'b' });
    expect(await combined()).toMatchObject({ state: 'failure', total_count: 2 });
    await repos.createCommitStatus({ ...shop, sha, state: 'success', context: 'a' });
    expect(await combined()).toMatchObject({ state: 'success', total_count: 2 });
  });
});
