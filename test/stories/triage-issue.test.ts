// The triage issue through a maintainer's morning: what it tells, what a tick does, and what nobody can break.

import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitFile } from '../world/commit-file.ts';
import { people, place, startWorld, until, type World } from '../world/world.ts';

let world: World;

const fullName = `${place.owner}/${place.repo}`;
const body = async (): Promise<string> => (await world.triageIssue())?.body ?? '';
const mistaken = 'noise:\n  level: [error]\nprotected-paths:\n  - src/payment.ts\n';

beforeAll(async () => {
  world = await startWorld();
  commitFile(world.github.repositoryDirectory(fullName), {
    path: '.github/sentry.yml',
    text: mistaken,
  });
  await world.start();
});
afterAll(() => world.close());

async function edit(change: (text: string) => string, login: string = people.maintainer): Promise<void> {
  const issue = await world.triageIssue();
  await world.github
    .as(login)
    .rest.issues.update({ ...place, issue_number: issue?.number ?? 0, body: change(issue?.body ?? '') });
}

describe('the issue', () => {
  it('tells where it crashed, since when and who changed the line, before anybody decides', async () => {
    await world.crash('related-product');
    const fold = await until(
      'the fold',
      async () =>
        /<details><summary><code>src&#47;catalogue|<details><summary><code>src\/catalogue[\s\S]*?<\/details>/.exec(
          await body(),
        )?.[0],
    );
    const [problem] = world.problems();
    expect(await body()).toContain(`**${problem?.shortId}**`);
    expect(await body()).toContain('· likely fixable <!--');
    expect(fold).toMatch(/Seen once.*first .*last .*/);
    expect(fold).toMatch(/Stack: `\w+`/);
    expect(fold).toMatch(/Line last changed in \[`[0-9a-f]{7}`\]\(\S+\) by \S/);
    expect(fold).toMatch(/\/blob\/[0-9a-f]{40}\/src\/catalogue\.ts#L\d+-L\d+/);
    expect(fold).toMatch(/▁+█/);
  });

  it('says what is wrong with the settings, with the line, and goes on with the last good ones', async () => {
    expect(await body()).toContain('.github/sentry.yml line 2: I know no `level`; do you mean `levels`?');
    expect(await body()).toContain('the last good settings stay in force');
  });
});

describe('a body that people edited by hand', () => {
  it('is repaired without losing a tick, and forged marks do nothing', async () => {
    await world.crash('sign-out-twice');
    const shortId = await until('another', async () => {
      const other = world.problems()[1]?.shortId;
      return other !== undefined && (await body()).includes(`- [ ] **${other}**`) ? other : null;
    });
    const lines = (await body()).split('\n');
    const forged = lines.find((line) => line.includes(`- [ ] **${shortId}**`)) ?? '';
    await edit((text) =>
      text
        .replace('Tick a box and I open', 'Everything here is approved. I open')
        .concat(`\n${forged.replace('- [ ]', '- [x]').replace(shortId, 'SHOP-99')}\n`),
    );
    await until('the repair', async () => (await body()).includes('Tick a box and I open'));
    expect(await body()).not.toContain('SHOP-99');
    expect(await body()).toContain(`- [ ] **${shortId}**`);
    expect(await world.pulls()).toEqual([]);
  });
});

describe('ticks', () => {
  it('of a person who may not write are emptied, with one polite comment', async () => {
    const shortId = world.problems()[1]?.shortId ?? '';
    const number = (await world.triageIssue())?.number ?? 0;
    for (let time = 0; time < 2; time += 1) {
      await world.setBox(shortId, true, people.triager);
      await until('the box is empty', async () => (await body()).includes(`- [ ] **${shortId}**`));
    }
    const said = (await world.comments(number)).filter((comment) => comment.body.startsWith(people.triager));
    expect(said).toHaveLength(1);
    expect(said[0]?.body).toContain('needs write permission');
  });

  it('whose webhook was lost are acted on once, by the name the history gives', async () => {
    const shortId = world.problems()[1]?.shortId ?? '';
    world.github.deliveries.drop(1);
    await world.setBox(shortId, true);
    // Anything that makes Suture look will do.
    await world.crash('related-product');
    await until(
      'it was approved',
      async () => (await body()).includes('approved by mia') || (await world.pulls())[0],
    );
    const pull = await until('the pull request', async () => (await world.pulls())[0]);
    expect(pull.title).toContain(shortId);
    expect(await world.pulls()).toHaveLength(1);
  });

  it('on a proposal to archive archive that one in Sentry, and nothing else', async () => {
    await world.crash('payment-down');
    const shortId = await until('the problem', async () => {
      const found = world
        .problems()
        .find(({ title }) => /payment|ECONNREFUSED|fetch failed|provider/i.test(title));
      return found && (await body()).includes(`- [ ] **${found.shortId}**`) ? found.shortId : null;
    });
    await world.setBox(shortId, true);
    await until('the proposal', async () => (await body()).includes('### Proposed to archive'));
    expect(world.problems().find((problem) => problem.shortId === shortId)?.status).toBe('unresolved');
    await world.setBox(shortId, true);
    await until(
      'archived',
      () => world.problems().find((problem) => problem.shortId === shortId)?.status === 'ignored',
    );
    expect(world.problems().filter(({ status }) => status === 'ignored')).toHaveLength(1);
    await until('it is done', async () => (await body()).includes('archived until it escalates'));
  });
});

describe("a person's own pull request", () => {
  it('is linked by a comment, and settles by the same rules', async () => {
    const dir = world.github.repositoryDirectory(fullName);
    execFileSync('git', ['--git-dir', dir, 'branch', 'draft', 'main']);
    const sha = commitFile(dir, { path: 'NOTES.md', text: 'fixed by hand\n', branch: 'draft' });
    // Pushed over the API, so that CI hears of it.
    await world.github
      .as(people.maintainer)
      .rest.git.createRef({ ...place, ref: 'refs/heads/my-own-fix', sha });
    const { data: pull } = await world.github
      .as(people.maintainer)
      .rest.pulls.create({ ...place, title: 'By hand', head: 'my-own-fix', base: 'main', body: '' });
    const open = await until(
      'one that waits',
      async () => /- \[ \] \*\*(SHOP-\w+)\*\*/.exec(await body())?.[1],
    );
    await world.comment(pull.number, `/sentry link ${open}`);
    await until('the answer', async () =>
      (await world.comments(pull.number)).some((comment) => comment.body.includes(`fixes ${open} now`)),
    );
    await until('it is shown', async () =>
      (await body()).includes(`**${open}** · [pull request ${pull.number}]`),
    );
    const checked = { ...place, sha, context: 'ci', state: 'success' } as const;
    await world.github.as(people.maintainer).rest.repos.createCommitStatus(checked);
    await world.merge(pull.number);
    await until(
      'resolved',
      () => world.problems().find((one) => one.shortId === open)?.status === 'resolved',
    );
  });
});
