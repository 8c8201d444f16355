// The main job, from a crash to "resolved", as people meet it: real processes, real HTTP, real git, a real SDK.

import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningSuture } from '../world/suture.ts';
import { place, startWorld, until, type PullRequest, type World } from '../world/world.ts';
import {
  changesInSentry,
  commentsWith,
  pullOf,
  quiet,
  resolved,
  section,
  tick,
  triageIssueWith,
  writesOf,
} from './steps.ts';

describe('from a crash to resolved', () => {
  let world: World;
  let suture: RunningSuture;
  let pull: PullRequest;

  beforeAll(async () => {
    world = await startWorld();
    suture = await world.start();
  });
  afterAll(() => world.close());

  it('lists a crash on a triage issue', async () => {
    await world.crash('related-product');
    const issue = await triageIssueWith(world, '- [ ] **SHOP-1**');
    expect(issue.title).toBe('Sentry triage: shop');
    expect(issue.body).toContain('**1 active Sentry issue** in `lantern/shop` · 1 unresolved · refreshed ');
    const [problem] = world.problems();
    const row = issue.body.split('\n').find((line) => line.startsWith('| 1 |')) ?? '';
    const [number, id, level, events, users, seen, platform, title] = row.split(' | ');
    expect({ number, level, events, users, platform, title }).toEqual({
      number: '| 1',
      level: 'error',
      events: '1',
      users: '1',
      platform: 'node',
      title: "TypeError: Cannot read properties of undefined (reading 'category') |",
    });
    expect(id).toContain(`[SHOP-1](${problem?.permalink ?? ''})`);
    expect(seen).toMatch(/^\d+ \w{3} \d{4}, \d\d:\d\d UTC$/);
    const { data } = await world.github.as('mia').rest.issues.get({ ...place, issue_number: issue.number });
    expect(data.labels).toMatchObject([{ name: 'sentry-triage' }]);
    expect(data.user?.login).toBe('suture[bot]');
  });

  it('says what it works on after a tick, then opens one pull request', async () => {
    await tick(world, 'SHOP-1');
    const working = await triageIssueWith(
      world,
      /### In work\n+- \[x\] \*\*SHOP-1\*\* · .+ · approved by mia, /,
    );
    expect(working.body).not.toContain('### Waiting for you');
    pull = await pullOf(world, 'SHOP-1');
    const open = await triageIssueWith(world, '### Pull request open');
    expect(section(open, 'Pull request open')).toContain(`[pull request ${pull.number}](${pull.url})`);
    expect(await world.pulls()).toHaveLength(1);
  });

  it('proposes one commit with exactly the change, in its own name', () => {
    expect(pull.branch).toBe('sentry/shop-1-typeerror-cannot-read-properties-of-unde');
    expect(pull.title).toBe('fix(catalogue): return early when there is no product (SHOP-1)');
    const message = git(world, 'log', '-1', '--format=%B', pull.branch).trim().split('\n');
    expect(message.slice(0, 3)).toEqual([
      pull.title,
      '',
      `Sentry: SHOP-1 — ${world.problems()[0]?.permalink ?? ''}`,
    ]);
    expect(message[3]).toMatch(/^Root cause: .{20,}$/);
    expect(message[4]).toMatch(/^Fix: .{20,}$/);
    expect(message).toHaveLength(5);
    expect(git(world, 'rev-list', '--count', `main..${pull.branch}`).trim()).toBe('1');
    expect(git(world, 'diff', '--name-status', `main...${pull.branch}`)).toBe(
      'M\tsrc/catalogue.ts\nM\ttest/catalogue.test.ts\n',
    );
    const identity = git(world, 'log', '-1', '--format=%an <%ae> %cn <%ce>', pull.branch).trim();
    expect(identity).toMatch(
      /^suture\[bot\] <(\d+\+suture\[bot\]@users\.noreply\.github\.com)> suture\[bot\] <\1>$/,
    );
  });

  it('shows what happened, why, the change, and the proof', () => {
    expect(pull.body).toMatch(/\*\*What happened\.\*\* Once since .+SHOP-1.+ Approved by mia\./);
    expect(pull.body).toMatch(/\*\*Root cause\.\*\* .+`src\/catalogue\.ts`/);
    expect(pull.body).toMatch(
      /\*\*Change\.\*\* .+ Files: `src\/catalogue\.ts`, `test\/catalogue\.test\.ts`\./,
    );
    expect(pull.body).toContain(
      'When this is merged and CI is green, I resolve SHOP-1 in Sentry in the next release',
    );
    const proof = [...(pull.body.split('<details>')[0] ?? '').matchAll(/^\| ([^|]+) \| ([✓✗–]) /gm)].map(
      ([, step, mark]) => `${mark} ${step}`,
    );
    expect(proof).toEqual([
      '✓ clean worktree',
      '✓ checks at the base',
      '✓ change',
      '✓ policy',
      '✓ npm run types',
      '✓ npm test',
      '✓ reproduced',
    ]);
    const diagnosis = pull.body.split('What I read out of the event')[1]?.split('</details>')[0] ?? '';
    expect(diagnosis.match(/^- /gm)?.length).toBeGreaterThanOrEqual(4);
    expect(diagnosis.match(/^- /gm)?.length).toBeLessThanOrEqual(6);
    expect(diagnosis).toContain('GET /products/tin-candle/related');
  });

  it('resolves nothing before a person has merged', async () => {
    await world.ci.idle();
    await triageIssueWith(world, /CI ✅ \d checks passed · waiting for a merge/);
    expect(changesInSentry(world)).toBe(0);
  });

  it('resolves in the next release once it is merged and green, and records it', async () => {
    await world.merge(pull.number);
    await resolved(world, 'SHOP-1');
    expect(world.sentry.requests.filter(({ method }) => method === 'PUT')).toMatchObject([
      { body: { status: 'resolved', statusDetails: { inNextRelease: true } } },
    ]);
    const issue = await triageIssueWith(world, '<details><summary>Done (1)</summary>');
    const merged = git(world, 'rev-parse', 'main').slice(0, 10);
    expect(issue.body).toContain(`- **SHOP-1** · fixed ✅ · [pull request ${pull.number}](${pull.url})`);
    expect(issue.body).toContain(`  - Commit: \`${merged}\``);
    expect(issue.body).toContain('  - Files: `src/catalogue.ts`, `test/catalogue.test.ts`');
    expect(issue.body).toContain('  - Strategy: T1 non-null assertion');
    expect(issue.body).toContain('  - Sentry: resolved in the next release');
    const comments = await commentsWith(world, '**SHOP-1 is fixed.**');
    expect(comments.map(({ author }) => author)).toEqual(['suture[bot]']);
    expect(comments[0]?.body).toContain(
      `**SHOP-1 is fixed.** [Pull request ${pull.number}](${pull.url}) was merged`,
    );
  });

  it('leaves no branch and no worktree behind', async () => {
    await until('the branch to go', () => git(world, 'branch', '--list', 'sentry/*') === '');
    await until('the worktree to go', async () => (await worktrees(world)).length === 0);
  });

  it('writes nothing more when nothing has changed', async () => {
    await quiet(world);
    const before = writesOf(world).length;
    await suture.stop();
    await world.start();
    await quiet(world);
    expect(writesOf(world).slice(before)).toEqual([]);
  });

  const cases = [
    { crash: 'order-page', file: 'src/orders.ts', strategy: 'T3', method: 'merge' },
    { crash: 'sign-out-twice', file: 'src/sessions.ts', strategy: 'T1', method: 'rebase' },
  ] as const;

  it.each(cases)('mends $crash ($strategy), merged by $method', async ({ crash, file, strategy, method }) => {
    const known = world.problems().length;
    await world.crash(crash);
    const { shortId } = await until('the problem', () => world.problems()[known]);
    await tick(world, shortId);
    const pull = await pullOf(world, shortId);
    const test = file.replace('src/', 'test/').replace('.ts', '.test.ts');
    expect(git(world, 'diff', '--name-status', `main...${pull.branch}`)).toBe(`M\t${file}\nM\t${test}\n`);
    expect(pull.body).toContain('| reproduced | ✓ a test in');
    await world.ci.idle();
    await world.merge(pull.number, method);
    await resolved(world, shortId);
    const done = await triageIssueWith(world, `**${shortId}** · fixed ✅`);
    expect(done.body).toContain(`  - Strategy: ${strategy}`);
    await until('the branch to go', () => git(world, 'branch', '--list', 'sentry/*') === '');
  });
});

function git(world: World, ...args: string[]): string {
  const repository = world.github.repositoryDirectory(`${place.owner}/${place.repo}`);
  return execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8' });
}

function worktrees(world: World): Promise<string[]> {
  return readdir(path.join(world.dataDir, 'worktrees', place.owner, place.repo));
}
