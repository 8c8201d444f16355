// A name is not a repository: what is renamed is followed, and what takes its name inherits nothing.

import { afterEach, expect, test } from 'vitest';
import { Refusal } from '../../src/domain/failure.ts';
import type { Identities } from '../../src/github/identities.ts';
import { startInstalled, shop, type Installed } from './github-installed.ts';

let installed: Installed;

afterEach(() => installed.stop());

/** Kept for as long as the test, as by a database. */
async function start(): Promise<{ installed: Installed; known: Map<string, number> }> {
  const known = new Map<string, number>();
  const identities: Identities = {
    repos: [shop],
    read: async (repo) => known.get(repo.name) ?? null,
    keep: async (repo, id) => void known.set(repo.name, id),
  };
  installed = await startInstalled(undefined, true, identities);
  return { installed, known };
}

const delivery = (id: number, full: string) => ({
  id: 'd1',
  event: 'issues',
  body: JSON.stringify({
    action: 'closed',
    repository: { id, name: full.split('/')[1], full_name: full, owner: { login: full.split('/')[0] } },
    sender: { login: 'root', type: 'User' },
    issue: { number: 3 },
  }),
});

test('remembers the number of a repository when it sees it first', async () => {
  const { installed, known } = await start();
  await installed.github.host.readRepository(shop);
  expect([...known]).toEqual([['shop', expect.any(Number)]]);
});

test('follows a repository that is renamed or transferred, for reading, writing and git', async () => {
  const { installed, known } = await start();
  const { host, receive } = installed.github;
  const issue = await host.createIssue(shop, { title: 'one', body: 'x', labels: [] });
  installed.world.renameRepository('acme/shop', 'acme/store');
  expect(await host.readIssue(shop, issue.number)).toMatchObject({ title: 'one' });
  await host.comment(shop, issue.number, 'still here');
  expect((await host.listComments(shop, issue.number)).map(({ body }) => body)).toEqual(['still here']);
  expect((await host.gitAccess(shop)).url).toBe(`${installed.world.url}/acme/store.git`);
  const heard = await receive(delivery(known.get('shop') ?? 0, 'acme/store'));
  expect(heard).toEqual([{ kind: 'issue-changed', repo: shop, issue: 3, change: 'closed' }]);
});

test('writes once when the first word after a renaming is a write', async () => {
  const { installed } = await start();
  const { host } = installed.github;
  const issue = await host.createIssue(shop, { title: 'one', body: 'x', labels: [] });
  installed.world.renameRepository('acme/shop', 'beta/store');
  await host.comment(shop, issue.number, 'once');
  expect(await host.listComments(shop, issue.number)).toHaveLength(1);
});

test('goes on with the old one when another repository has taken its name', async () => {
  const { installed, known } = await start();
  const { host, receive } = installed.github;
  const issue = await host.createIssue(shop, { title: 'one', body: 'x', labels: [] });
  installed.world.renameRepository('acme/shop', 'acme/store');
  await installed.world.addRepository({ ...shop, fromDirectory: 'src/domain' });
  installed.world.install('suture', 'acme', ['shop']);
  const other = (await installed.world.as('root').rest.repos.get({ owner: 'acme', repo: 'shop' })).data.id;
  expect(await receive(delivery(other, 'acme/shop'))).toEqual([]);
  expect(await host.readIssue(shop, issue.number)).toMatchObject({ title: 'one' });
  expect(other).not.toBe(known.get('shop'));
});

test('refuses to work for a repository that has the name of one that is gone, with a sentence', async () => {
  const { installed, known } = await start();
  const { host } = installed.github;
  await host.readRepository(shop);
  const old = known.get('shop');
  installed.world.renameRepository('acme/shop', 'acme/gone');
  installed.world.withdraw(installed.installation, ['acme/gone']);
  await installed.world.addRepository({ ...shop, fromDirectory: 'src/domain' });
  installed.world.install('suture', 'acme', ['shop']);
  const other = (await installed.world.as('root').rest.repos.get({ owner: 'acme', repo: 'shop' })).data.id;
  await installed.github.receive(delivery(other, 'acme/shop'));
  const refused = host.createIssue(shop, { title: 'two', body: 'x', labels: [] });
  await expect(refused).rejects.toThrow(Refusal);
  await expect(refused).rejects.toThrow(
    `acme/shop on GitHub is another repository now (number ${other}) than the one that Suture worked for under this name (number ${old})`,
  );
  await expect(host.gitAccess(shop)).rejects.toThrow(/another repository now/);
  expect(known.get('shop')).toBe(old);
});
