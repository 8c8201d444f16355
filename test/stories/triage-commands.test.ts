// What maintainers say to Suture in comments, and what it answers: each story as people meet it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { people, place, startWorld, until, type World } from '../world/world.ts';

let world: World;
let issue: number;

beforeAll(async () => {
  world = await startWorld();
  world.sentry.addSyntheticIssues({ org: 'lantern', project: 'shop', count: 8, title: 'Broken page' });
  world.sentry.addSyntheticIssues({
    org: 'lantern',
    project: 'shop',
    count: 2,
    title: 'Slow page',
    level: 'warning',
    events: 900,
  });
  await world.start();
  issue = (await until('the triage issue', () => world.triageIssue())).number;
});
afterAll(() => world.close());

/** Comments, and gives the answers that came after it. */
/** Of batches; they come when they come, and are no answer to anything. */
const isSummary = ({ body = '' }: { body?: string | undefined }): boolean =>
  body.startsWith('**Summary** of what ');

async function talk(): Promise<{ body: string }[]> {
  return (await world.comments(issue)).filter((comment) => !isSummary(comment));
}

async function say(text: string, login: string = people.maintainer): Promise<string> {
  const before = (await talk()).length;
  await world.comment(issue, text, login);
  const answer = await until(`an answer to ${text}`, async () => (await talk())[before + 1]);
  return answer.body.replaceAll(/\s*<!-- .*? -->/g, '').trim();
}

const body = async (): Promise<string> => (await world.triageIssue())?.body ?? '';
const section = async (title: string): Promise<string> =>
  (await body()).split(`### ${title}\n`)[1]?.split(/\n### |\n<details><summary>(?!<)/)[0] ?? '';

async function lastComment(): Promise<{ id: number; body: string }> {
  const { data } = await world.github
    .as(people.maintainer)
    .rest.issues.listComments({ ...place, issue_number: issue, per_page: 100 });
  const last = data.findLast((comment) => !isSummary(comment));
  return { id: last?.id ?? 0, body: last?.body ?? '' };
}

describe('asking', () => {
  it('the list pages, and warnings come when they are asked for', async () => {
    const list = await say('/sentry');
    expect(list).toContain('**8 Sentry issues**, page 1 of 1.');
    expect(list).toContain('| 1 | [SHOP-1]');
    expect(list).not.toMatch(/\| \[SHOP-A\]/);
    expect(list).toContain('- SHOP-A: below error level');
    const all = await say('/sentry list --include-warn');
    expect(all).toContain('**10 Sentry issues, warnings included**');
    expect(all).toMatch(/\| – \| \[SHOP-9\]/);
  });

  it('top shows and asks, status and stats tell', async () => {
    expect(await say('/sentry top 2')).toMatch(/Which do you want fixed\?.*SHOP-1,SHOP-2/);
    expect(await say('/sentry status')).toContain('| 8 | 0 | 0 | 0 | 0 | 0 |');
    expect(await say('/sentry stats')).toContain('```mermaid');
  });

  it('what is not understood gets the line that would have been right', async () => {
    expect(await say('/sentry fxi SHOP-1')).toContain('`/sentry fix SHOP-1`');
    expect(await say('/sentry fix SHOP-ZZ')).toContain('The nearest is');
    expect(await say('/sentry fix 77')).toContain('has no number 77');
  });
});

describe('approving', () => {
  it('by number starts what stood there, by name of a person who may', async () => {
    expect(await say('/sentry fix 1')).toContain('Approved: SHOP-1.');
    await until('its end', async () => (await section('Needs a person')).includes('SHOP-1'));
  });

  it('is not for readers, who hear it once', async () => {
    expect(await say('/sentry fix 2', people.reader)).toContain('you have read');
    const before = (await world.comments(issue)).length;
    await world.comment(issue, '/sentry fix 3\n/sentry skip 2\n/sentry archive 2 why not', people.reader);
    await world.comment(issue, '/sentry help');
    await until('help', async () => (await world.comments(issue)).length === before + 3);
    expect(await section('Waiting for you')).toContain('**SHOP-2**');
  });

  it('of all is shown first and waits for a tick in the answer', async () => {
    const asked = await say('/sentry fix all');
    expect(asked).toContain('That is 7 Sentry issues');
    expect(await section('In work')).toBe('');
    const comment = await lastComment();
    await world.github.as(people.maintainer).rest.issues.updateComment({
      ...place,
      comment_id: comment.id,
      body: comment.body.replace('- [ ]', '- [x]'),
    });
    await until('the confirmation', async () =>
      (await lastComment()).body.startsWith('Confirmed by mia: SHOP-2'),
    );
    await until('all ended', async () => (await section('Waiting for you')) === '');
  });

  it('an edited comment runs only what is new', async () => {
    expect(await say('/sentry help')).toContain('| command |');
    const { data } = await world.github
      .as(people.maintainer)
      .rest.issues.listComments({ ...place, issue_number: issue, per_page: 100 });
    const mine = data.findLast((comment) => comment.user?.login === people.maintainer);
    const before = data.length;
    await world.github.as(people.maintainer).rest.issues.updateComment({
      ...place,
      comment_id: mine?.id ?? 0,
      body: `${mine?.body}\n/sentry status`,
    });
    const answer = await until('an answer', async () => (await world.comments(issue))[before]);
    expect(answer.body).toContain('| waiting |');
    expect(answer.body).not.toContain('| command |');
  });
});

describe('leaving alone', () => {
  it('skip hides it and leaves Sentry as it is; naming it starts it anyway', async () => {
    expect(await say('/sentry skip SHOP-9')).toContain('Skipped: SHOP-9.');
    await until('it is hidden', async () => (await body()).includes('1 skipped by a person: SHOP-9'));
    expect(world.problems().find(({ shortId }) => shortId === 'SHOP-9')?.status).toBe('unresolved');
    expect(await say('/sentry fix SHOP-9')).toContain('Approved: SHOP-9.');
  });

  it('archive archives that one, and nothing else', async () => {
    const waiting = world.problems().filter(({ status }) => status === 'unresolved').length;
    expect(await say('/sentry archive SHOP-A a script of a third party')).toContain('archive it in Sentry');
    await until(
      'archived',
      () => world.problems().find(({ shortId }) => shortId === 'SHOP-A')?.status === 'ignored',
    );
    expect(world.problems().filter(({ status }) => status === 'unresolved')).toHaveLength(waiting - 1);
    await until('it is done', async () =>
      (await body()).includes('a script of a third party. Archived by mia.'),
    );
  });
});
