// The life of a pull request as people meet it: a draft until CI is green, reviewers, red CI, a base that moves,
// a Sentry issue that somebody else resolved, and a branch that people take over.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { commitFile } from '../world/commit-file.ts';
import { restClient } from '../world/sentry/client.ts';
import { people, place, until, type PullRequest, type World } from '../world/world.ts';
import { crashAt, sourceOf, startKiosk } from './kiosk.ts';
import { pullOf, pullsOf, quiet, section, tick, triageIssueWith } from './steps.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let world: World;

beforeAll(async () => {
  world = await startKiosk({ files: { CODEOWNERS: '*.ts @mia @not-here\n' } });
  // Tom wrote what crashes in the first place.
  const file = { path: 'src/shelf-1.ts', author: people.triager, mail: 'users.noreply.github.com' };
  commitFile(dir(), { ...file, text: null });
  commitFile(dir(), { ...file, text: sourceOf(1) });
  await world.start();
});
afterAll(() => world.close());

const dir = (): string => world.github.repositoryDirectory(`${place.owner}/${place.repo}`);
const mia = () => world.github.as(people.maintainer).rest;

async function proposed(shelf: number): Promise<{ shortId: string; pull: PullRequest }> {
  const shortId = await crashAt(world, shelf);
  await tick(world, shortId);
  const pull = await pullOf(world, shortId);
  return { shortId, pull };
}

async function shown(number: number) {
  return (await mia().pulls.get({ ...place, pull_number: number })).data;
}

async function said(number: number): Promise<string[]> {
  return (await world.comments(number))
    .filter(({ author }) => author === 'suture[bot]')
    .map(({ body }) => body);
}

/** A person's push to main, by way of a branch. */
async function changeMain(path: string, text: string): Promise<void> {
  const main = (await mia().git.getRef({ ...place, ref: 'heads/main' })).data.object.sha;
  await mia().git.createRef({ ...place, ref: 'refs/heads/by-hand', sha: main });
  const sha = commitFile(dir(), { path, text, branch: 'by-hand' });
  await mia().git.updateRef({ ...place, ref: 'heads/main', sha });
  await mia().git.deleteRef({ ...place, ref: 'heads/by-hand' });
}

/** Something happens on the pull request, so that Suture looks at it before its timer does. */
async function nudge(pull: PullRequest): Promise<void> {
  const { head } = await shown(pull.number);
  await mia().repos.createCommitStatus({ ...place, sha: head.sha, context: 'nudge', state: 'success' });
}

async function report(sha: string, name: string, conclusion: 'success' | 'failure'): Promise<void> {
  const { octokit } = await world.github.asInstallation('shop-ci', place.owner);
  await octokit.rest.checks.create({ ...place, name, head_sha: sha, conclusion });
}

it('is a draft until CI is green; then it is ready, and the owner and the author of the line are asked', async () => {
  world.ci.hold();
  const { shortId, pull } = await proposed(1);
  expect((await shown(pull.number)).draft).toBe(true);
  await triageIssueWith(world, 'a draft until CI is green');
  world.ci.release();
  await until('it is ready', async () => !(await shown(pull.number)).draft);
  // The triage issue tells it once all were asked.
  const issue = await triageIssueWith(world, 'waiting for a merge, review asked of mia, tom');
  const { requested_reviewers: asked } = await shown(pull.number);
  expect(asked?.map(({ login }) => login)).toEqual(['mia', 'tom']);
  expect(section(issue, 'Pull request open')).toContain(shortId);
  await quiet(world);
  const requests = world.github.requests.filter(
    ({ method, path }) => method === 'POST' && path.endsWith(`/pulls/${pull.number}/requested_reviewers`),
  );
  // All together, which GitHub refuses for the one who is not there; then each alone; never again.
  expect(requests.map(({ status }) => status)).toEqual([422, 201, 422, 201]);
  expect((await said(pull.number)).join('')).toBe('');
});

describe('when CI is red', () => {
  it('tries once more; a person is needed when that finds nothing better; a re-run that is green goes on', async () => {
    world.ci.pretend('failure');
    const { shortId, pull } = await proposed(2);
    const issue = await triageIssueWith(world, /found no better change/);
    world.ci.pretend('success');
    expect(section(issue, 'Needs a person')).toMatch(
      new RegExp(
        `\\*\\*${shortId}\\*\\* · \\[pull request ${pull.number}\\]\\(\\S+\\): CI failed in \`(test|types)\`, \`(test|types)\`, ` +
          'and I found no better change. The next attempt came to the same change.',
      ),
    );
    const { draft, head } = await shown(pull.number);
    expect(draft).toBe(true);
    for (const name of ['test', 'types']) await report(head.sha, name, 'success');
    await until('it is ready', async () => !(await shown(pull.number)).draft);
    await until('nobody is needed', async () => {
      const now = await world.triageIssue();
      return !section(now, 'Needs a person').includes(shortId) && now?.body.includes('waiting for a merge');
    });
  });

  it('does not blame the fix for what fails on the base, too', async () => {
    const main = (await mia().git.getRef({ ...place, ref: 'heads/main' })).data.object.sha;
    for (const name of ['test', 'types']) await report(main, name, 'failure');
    world.ci.pretend('failure');
    const { shortId, pull } = await proposed(3);
    const issue = await triageIssueWith(world, /fails on `main` without this change, too/);
    world.ci.pretend('success');
    expect(section(issue, 'Pull request open')).toContain(shortId);
    expect((await shown(pull.number)).draft).toBe(true);
  });
});

describe('when the base moves', () => {
  it('is built anew where it does not merge any more', async () => {
    const { shortId, pull } = await proposed(4);
    await until('it is ready', async () => !(await shown(pull.number)).draft);
    const before = await shown(pull.number);
    const text = sourceOf(4).replace('  const item', '  // Ids are unique.\n  const item');
    await changeMain('src/shelf-4.ts', text);
    await nudge(pull);
    const after = await until('another head', async () => {
      const now = await shown(pull.number);
      return now.head.sha === before.head.sha ? null : now;
    });
    expect(await until('it merges', async () => (await shown(pull.number)).mergeable)).toBe(true);
    expect(after.commits).toBe(1);
    await until('the word', async () => (await said(pull.number)).length === 1);
    expect((await said(pull.number))[0]).toContain('The base had moved, and this did not merge any more; `');
    await world.merge(pull.number);
    await until(
      'resolved',
      () => world.problems().find((one) => one.shortId === shortId)?.status === 'resolved',
    );
  });

  it('is closed, with the reason, where somebody has mended the line', async () => {
    const { shortId, pull } = await proposed(5);
    const text = sourceOf(5)
      .replace('(one) => one.id === id)!', '(one) => one.id === id)')
      .replace('  return item.label.trim();', "  return item?.label.trim() ?? 'none';");
    await changeMain('src/shelf-5.ts', text);
    await nudge(pull);
    await until('it is closed', async () => (await shown(pull.number)).state === 'closed');
    expect((await said(pull.number))[0]).toMatch(
      /^I close this: nobody needs it any more\. .*`src\/shelf-5\.ts`/,
    );
    await triageIssueWith(world, `I closed [pull request ${pull.number}](${pull.url}): `);
    expect(await pullsOf(world, shortId)).toHaveLength(1);
  });
});

it('is closed when somebody resolves the Sentry issue meanwhile; opened again, it is left to people', async () => {
  const { shortId, pull } = await proposed(6);
  const token = world.sentry.addToken({ org: 'lantern', scopes: ['event:write', 'event:read'] });
  const { id = '' } = world.problems().find((one) => one.shortId === shortId) ?? {};
  const sentry = restClient(world.sentry.url, token);
  await sentry(`/organizations/lantern/issues/${id}/`, { method: 'PUT', body: { status: 'resolved' } });
  await until('it is closed', async () => (await shown(pull.number)).state === 'closed');
  expect(await said(pull.number)).toEqual([expect.stringContaining('Sentry has it as resolved meanwhile.')]);
  await quiet(world);
  await mia().pulls.update({ ...place, pull_number: pull.number, state: 'open' });
  await until('the word', async () => (await said(pull.number)).length === 2);
  expect((await said(pull.number))[1]).toMatch(/^I step back: this pull request was closed and opened again/);
  await quiet(world);
  expect((await shown(pull.number)).state).toBe('open');
  expect(await said(pull.number)).toHaveLength(2);
});

it('steps back, once, from a branch that a person has pushed to, and pushes nothing more', async () => {
  world.ci.pretend('failure');
  world.ci.hold();
  const { pull } = await proposed(7);
  const sha = commitFile(dir(), { path: 'src/own.ts', text: 'export {};\n', branch: 'main' });
  await mia().git.updateRef({ ...place, ref: `heads/${pull.branch}`, sha, force: true });
  await until('the word', async () => (await said(pull.number)).length === 1);
  expect((await said(pull.number))[0]).toMatch(/^I step back: this branch has commits that are not mine/);
  world.ci.release();
  await nudge(pull);
  await quiet(world);
  world.ci.pretend('success');
  expect((await shown(pull.number)).head.sha).toBe(sha);
  expect(await said(pull.number)).toHaveLength(1);
  await triageIssueWith(world, 'yours now, waiting for a merge');
});
