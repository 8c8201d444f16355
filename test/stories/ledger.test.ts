// Who works on which files: a fix waits, visibly, while somebody else works on the same file, until that is over or a
// permitted person says that it goes on.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { commitFile } from '../world/commit-file.ts';
import { people, place, type World } from '../world/world.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { pullOf, pullsOf, quiet, section, tick, triageIssueWith } from './steps.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

describe('somebody else works on the same file', () => {
  let world: World;
  let ids: string[];

  const dir = (): string => world.github.repositoryDirectory(`${place.owner}/${place.repo}`);

  /** A person's own pull request that changes the file of that shelf; gives its number. */
  async function theirPull(shelf: number): Promise<number> {
    const { rest } = world.github.as(people.maintainer);
    const branch = `own-${shelf}`;
    const { data: main } = await rest.git.getRef({ ...place, ref: 'heads/main' });
    await rest.git.createRef({ ...place, ref: `refs/heads/${branch}`, sha: main.object.sha });
    commitFile(dir(), { path: `src/shelf-${shelf}.ts`, text: 'export {};\n', branch });
    const { data } = await rest.pulls.create({ ...place, title: 'Mine', head: branch, base: 'main' });
    return data.number;
  }

  async function inWork(text: string): Promise<string> {
    return section(await triageIssueWith(world, text), 'In work');
  }

  beforeAll(async () => {
    const now = new Date().toISOString();
    const declared = [
      '## Active',
      `- **[${now.slice(0, 10)} ${now.slice(11, 16)}] /research — shelf three @everyone**`,
      '  - **Paths:** `src/shelf-3.ts`',
      '  - **Status:** started',
    ].join('\n');
    world = await startKiosk({ files: { '.claude/active-runs.md': `${declared}\n` } });
    await world.start();
    ids = [];
    for (const shelf of [1, 2, 3]) ids.push(await crashAt(world, shelf));
    await triageIssueWith(world, `- [ ] **${ids[2]}**`);
  });
  afterAll(() => world.close());

  it('waits for an open pull request of a person, says so, and goes on by itself once that is closed', async () => {
    const id = ids[0] ?? '';
    const number = await theirPull(1);
    await tick(world, id);
    const line = await inWork('waits: ');
    expect(line).toMatch(
      new RegExp(
        `- \\[x\\] \\*\\*${id}\\*\\* · waits: \\[pull request ${number}\\]\\(\\S+\\) by mia changes \`src/shelf-1\\.ts\``,
      ),
    );
    await quiet(world);
    expect(await pullsOf(world, id)).toEqual([]);
    await world.closePull(number);
    await pullOf(world, id);
  });

  it('goes on when a permitted person ticks that it shall', async () => {
    const id = ids[1] ?? '';
    await theirPull(2);
    await tick(world, id);
    expect(await inWork('waits: ')).toContain(`- [ ] **${id}** · tick to go on all the same`);
    // Who may only triage can edit the issue, and still may not say so.
    await world.setBox(id, true, people.triager);
    await triageIssueWith(world, `- [ ] **${id}** · tick to go on all the same`);
    await quiet(world);
    expect(await pullsOf(world, id)).toEqual([]);
    await world.setBox(id, true);
    await pullOf(world, id);
  });

  it("waits for the repository's own ledger, and goes on by a command", async () => {
    const id = ids[2] ?? '';
    await tick(world, id);
    const line = await inWork('active-runs.md');
    expect(line).toMatch(/lists \/research — shelf three @&#8203;everyone on `src\/shelf-3\.ts`/);
    const issue = await world.triageIssue();
    await world.comment(issue?.number ?? 0, `/sentry fix ${id} --anyway`);
    await pullOf(world, id);
    const said = (await world.comments(issue?.number ?? 0)).map(({ body }) => body);
    expect(said.some((body) => body.startsWith(`${id} goes on, although`))).toBe(true);
  });

  it('shows what is worked on and what ended, with commits', async () => {
    const issue = await triageIssueWith(world, /Active runs \(0\)[\s\S]*completed \(`[0-9a-f]{10}`/);
    const fold = issue.body.split('<summary>Active runs')[1]?.split('</details>')[0] ?? '';
    expect(fold).toMatch(/· mia · .*`src\/shelf-1\.ts`/);
  });
});
