// A pull request of Suture's is not what people want yet: they ask for a change, or take the branch over.

import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commitFile } from '../world/commit-file.ts';
import { people, place, startWorld, until, type PullRequest, type World } from '../world/world.ts';

let world: World;
let pull: PullRequest;

beforeAll(async () => {
  world = await startWorld();
  await world.start();
  await world.crash('related-product');
  const shortId = await until('the problem', () => world.problems()[0]?.shortId);
  await until('its box', async () => (await world.triageIssue())?.body.includes(`- [ ] **${shortId}**`));
  await world.setBox(shortId, true);
  pull = await until('the pull request', async () => (await world.pulls())[0]);
  await until('it is noted', async () => (await world.triageIssue())?.body.includes('### Pull request open'));
});
afterAll(() => world.close());

const dir = (): string => world.github.repositoryDirectory(`${place.owner}/${place.repo}`);
const git = (...args: string[]): string =>
  execFileSync('git', ['--git-dir', dir(), ...args], { encoding: 'utf8' }).trim();
const head = (): string => git('rev-parse', `refs/heads/${pull.branch}`);
const said = async (): Promise<string[]> =>
  (await world.comments(pull.number))
    .filter(({ author }) => author === 'suture[bot]')
    .map(({ body }) => body);

async function requestChanges(login: string, body: string): Promise<void> {
  await world.github
    .as(login)
    .rest.pulls.createReview({ ...place, pull_number: pull.number, event: 'REQUEST_CHANGES', body });
}

it('a review that asks for a change leads to another attempt on the same branch', async () => {
  const before = head();
  await requestChanges(people.reader, 'I would like it otherwise.');
  await requestChanges(people.maintainer, 'Please keep the log line.');
  await until('the second attempt', async () => (await said()).some((body) => body.startsWith('Done: ')));
  expect(head()).not.toBe(before);
  expect(git('rev-list', '--count', `main..${pull.branch}`)).toBe('1');
  expect(await said()).toHaveLength(1);
  expect(await world.pulls()).toHaveLength(1);
});

it('a retry with a hint on the pull request does the same', async () => {
  const before = head();
  await world.comment(pull.number, '/sentry retry return an empty list instead');
  await until('the answer', async () => (await said()).some((body) => body.startsWith('I try again')));
  await until(
    'the attempt',
    async () => (await said()).filter((body) => body.startsWith('Done: ')).length === 2,
  );
  expect(head()).not.toBe(before);
});

it("a person's own commit on the branch is never overwritten", async () => {
  const theirs = commitFile(dir(), { path: 'src/own.ts', text: 'export {};\n', branch: pull.branch });
  await world.comment(pull.number, '/sentry retry once more');
  await until('the word', async () => (await said()).some((body) => body.startsWith('I step back')));
  expect(head()).toBe(theirs);
});
