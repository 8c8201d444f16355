// Who may start work, and that each of their words counts exactly once.

import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningSuture } from '../world/suture.ts';
import { people, place, secrets, until, type World } from '../world/world.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { pullOf, pullsOf, quiet, section, triageIssueWith, writesOf } from './steps.ts';

let world: World;
let suture: RunningSuture;
let shelf = 0;

beforeAll(async () => {
  world = await startKiosk();
  suture = await world.start();
});
afterAll(() => world.close());

/** A problem nobody has approved yet, listed. */
async function listed(): Promise<string> {
  shelf += 1;
  const shortId = await crashAt(world, shelf);
  await triageIssueWith(world, `- [ ] **${shortId}**`);
  return shortId;
}

async function issueNumber(): Promise<number> {
  return (await world.triageIssue())?.number ?? 0;
}

async function commentsOfBot(): Promise<string[]> {
  const all = await world.comments(await issueNumber());
  return all.filter(({ author }) => author === 'suture[bot]').map(({ body }) => body);
}

/** Sends what the host would have sent, signed as it would be. */
async function deliverAgain(headers: Record<string, string>, body: string): Promise<number> {
  const signature = createHmac('sha256', secrets.github).update(body).digest('hex');
  const signed = { ...headers, 'x-hub-signature-256': `sha256=${signature}` };
  const url = `${suture.url}/api/github/webhooks`;
  return (await fetch(url, { method: 'POST', headers: signed, body })).status;
}

describe('people who may not approve', () => {
  it('unticks what a triager ticks, with one polite comment however many boxes', async () => {
    const [first, second] = [await listed(), await listed()];
    await world.setBox(first, true, people.triager);
    await triageIssueWith(world, `- [ ] **${first}**`);
    await world.setBox(second, true, people.triager);
    await triageIssueWith(world, `- [ ] **${second}**`);
    await quiet(world);
    expect(await commentsOfBot()).toEqual([
      'tom: ticking a box needs write permission on `lantern/shop`; you have triage. ' +
        'Nothing was started, and nothing changed in Sentry. Someone with write permission can tick the box.',
    ]);
    expect(await world.pulls()).toEqual([]);
  });

  it('refuses the command of a reader', async () => {
    const shortId = await listed();
    await world.comment(await issueNumber(), `/sentry fix ${shortId}`, people.reader);
    const answer = await until('the answer', async () =>
      (await commentsOfBot()).find((body) => body.startsWith('ray:')),
    );
    expect(answer).toContain('`/sentry fix` needs write permission on `lantern/shop`; you have read.');
    await quiet(world);
    expect(section(await world.triageIssue(), 'In work')).toBe('');
    expect(await world.pulls()).toEqual([]);
  });

  it('counts no bot, not even one with write permission', async () => {
    const shortId = await listed();
    world.github.addUser('helper');
    world.github.setRole('lantern/shop', 'helper', 'admin');
    await quiet(world);
    world.github.deliveries.drop(1);
    await world.setBox(shortId, true, 'helper');
    const told = world.github.deliveries.all().at(-1);
    const payload = JSON.parse(told?.payload ?? '{}');
    payload.sender = { ...payload.sender, login: 'helper[bot]', type: 'Bot' };
    expect(await deliverAgain(told?.requestHeaders ?? {}, JSON.stringify(payload))).toBe(202);
    await triageIssueWith(world, `- [ ] **${shortId}**`);
    await quiet(world);
    expect(await pullsOf(world, shortId)).toEqual([]);
  });

  it('counts the role at the moment of work, not at the moment of the tick', async () => {
    const [busy, waiting] = [await listed(), await listed()];
    world.github.addUser('wim');
    world.github.setRole('lantern/shop', 'wim', 'write');
    await quiet(world);
    world.sentry.slow({ path: /events\/latest/, ms: 4000, times: 1 });
    await world.setBox(busy, true);
    await triageIssueWith(world, /### In work\n\n- (?:\[x\] )?\*\*SHOP-\w+\*\* · (?!queued)/);
    await world.setBox(waiting, true, 'wim');
    await triageIssueWith(world, new RegExp(`\\*\\*${waiting}\\*\\* · queued.* approved by wim`));
    world.github.setRole('lantern/shop', 'wim', 'read');
    await triageIssueWith(
      world,
      `**${waiting}** · \`wim\` approved this but may not write to the repository any more.`,
    );
    expect(await pullsOf(world, waiting)).toEqual([]);
    await world.closePull((await pullOf(world, busy)).number);
  });
});

describe('marks that nobody signed', () => {
  it('does nothing for a forged, an altered or a copied line', async () => {
    const [first, second] = [await listed(), await listed()];
    const issue = await triageIssueWith(world, second);
    const lineOf = (id: string) =>
      issue.body.split('\n').find((line) => line.startsWith(`- [ ] **${id}**`)) ?? '';
    const mark = (id: string) => /<!-- suture:tick .*? -->/.exec(lineOf(id))?.[0] ?? '';
    const forged = [
      lineOf(first)
        .replace('- [ ]', '- [x]')
        .replace(/ [\w-]+ -->$/, ' AAAAAAAAAAAAAAAAAAAAAA -->'),
      `- [x] something else ${mark(second)}`,
      lineOf(first).replace('- [ ]', '- [x]').replace(mark(first), mark(second)),
    ];
    const body = `${issue.body}\n${forged.join('\n')}\n`;
    await world.github.as('mia').rest.issues.update({ ...place, issue_number: issue.number, body });
    await until('the body to be put right', async () => !(await world.triageIssue())?.body.includes('- [x]'));
    await quiet(world);
    for (const shortId of [first, second]) expect(await pullsOf(world, shortId)).toEqual([]);
    await world.comment(issue.number, `copied: ${lineOf(first).replace('[ ]', '[x]')}`);
    await quiet(world);
    for (const shortId of [first, second]) expect(await pullsOf(world, shortId)).toEqual([]);
  });
});

describe('people who may', () => {
  it('starts on a command, reacts and answers once', async () => {
    const shortId = await listed();
    await world.comment(await issueNumber(), `Let us try.\n/sentry fix ${shortId.toLowerCase()}`);
    await pullOf(world, shortId);
    const answers = (await commentsOfBot()).filter((body) => body.includes(`Approved: ${shortId}`));
    expect(answers).toHaveLength(1);
  });

  it('starts one fix when two people tick the same box at once', async () => {
    const shortId = await listed();
    world.github.addUser('max');
    world.github.setRole('lantern/shop', 'max', 'maintain');
    world.github.deliveries.hold();
    await world.setBox(shortId, true, 'mia');
    await world.setBox(shortId, false, 'max');
    await world.setBox(shortId, true, 'max');
    world.github.deliveries.release();
    await pullOf(world, shortId);
    await quiet(world);
    expect(await pullsOf(world, shortId)).toHaveLength(1);
  });

  it('acts once on a tick that is told twice, late, in the wrong order, and again', async () => {
    const shortId = await listed();
    world.github.deliveries.hold();
    world.github.deliveries.repeat(2);
    await world.setBox(shortId, true);
    await world.comment(await issueNumber(), `/sentry fix ${shortId}`);
    world.github.deliveries.reorder();
    world.github.deliveries.release();
    const pull = await pullOf(world, shortId);
    for (const { guid } of world.github.deliveries
      .all()
      .filter(({ event }) => event === 'issues')
      .slice(-4))
      await world.github.deliveries.redeliver(guid);
    await quiet(world);
    await world.closePull(pull.number);
    await triageIssueWith(world, `was closed without a merge`);
    for (const { guid } of world.github.deliveries.all().slice(-12))
      await world.github.deliveries.redeliver(guid);
    await quiet(world);
    expect(await pullsOf(world, shortId)).toHaveLength(1);
  });

  it('withdraws a tick that is taken back before the work starts', async () => {
    const [busy, waiting] = [await listed(), await listed()];
    await quiet(world);
    world.sentry.slow({ path: /events\/latest/, ms: 5000, times: 1 });
    await world.setBox(busy, true);
    await triageIssueWith(world, /### In work\n\n- (?:\[x\] )?\*\*SHOP-\w+\*\* · (?!queued)/);
    await world.setBox(waiting, true);
    await triageIssueWith(world, `- [x] **${waiting}** · queued`);
    await world.setBox(waiting, false);
    const again = await triageIssueWith(world, 'withdrawn; tick to start again');
    expect(again.body).toContain(`- [ ] **${waiting}**`);
    await pullOf(world, busy);
    await quiet(world);
    expect(await pullsOf(world, waiting)).toEqual([]);
  });

  it('never took its own edits for a tick, and never wrote but on behalf of people', () => {
    const own = writesOf(world).filter((write) => write.startsWith('PATCH') && write.includes('/issues/'));
    expect(own.length).toBeGreaterThan(5);
    expect(suture.log().filter((line) => Number(line['level']) >= 50)).toEqual([]);
  });
});
