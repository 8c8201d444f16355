// Mistakes of operators and outages of hosts: each is said where people look, touches nothing else, and passes.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RunningSuture } from '../world/suture.ts';
import { until, type World } from '../world/world.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { pullOf, pullsOf, quiet, tick, triageIssueWith, writesOf } from './steps.ts';

let world: World;

beforeEach(async () => {
  world = await startKiosk();
});
afterEach(() => world.close());

const readiness = z.object({ ready: z.boolean(), bindings: z.record(z.string(), z.string()) });
const shop = 'lantern/shop=lantern/shop';

async function stateOf(suture: RunningSuture, binding: string): Promise<string | undefined> {
  const response = await fetch(`${suture.url}/readyz`);
  return readiness.parse(await response.json()).bindings[binding];
}

/** The sentence that says why a binding pauses. */
function paused(suture: RunningSuture, binding: string): Promise<string> {
  return until(`${binding} to pause`, async () => {
    const state = await stateOf(suture, binding);
    return state !== undefined && state !== 'working' && state;
  });
}

function logged(suture: RunningSuture, sentence: string): boolean {
  return suture.log().some((line) => line['problem'] === sentence && line['msg'] === 'binding paused');
}

describe('a binding that does not work', () => {
  it('pauses alone when the app is not installed there, and goes on by itself once it is', async () => {
    const elsewhere = 'lantern/kiosk=lantern/elsewhere';
    await world.github.addRepository({ owner: 'lantern', name: 'elsewhere' });
    world.sentry.addProject({ org: 'lantern', slug: 'kiosk', shortIdPrefix: 'KIOSK' });
    const suture = await world.start({ BINDINGS: `${shop},${elsewhere}` });
    const sentence = await paused(suture, elsewhere);
    expect(sentence).toMatch(/lantern\/elsewhere.*[Ii]nstall/);
    expect(logged(suture, sentence)).toBe(true);
    expect(await stateOf(suture, shop)).toBe('working');
    await triageIssueWith(world, await crashAt(world, 1));
    world.github.install('suture', 'lantern', ['elsewhere']);
    await until('it to work', async () => (await stateOf(suture, elsewhere)) === 'working');
  });

  it('pauses when its name means another repository than before, and says which', async () => {
    const first = await world.start();
    await until('it to work', async () => (await stateOf(first, shop)) === 'working');
    await first.stop();
    world.github.renameRepository('lantern/shop', 'lantern/former');
    await world.github.addRepository({ owner: 'lantern', name: 'shop' });
    world.github.withdraw(world.github.install('suture', 'lantern', ['shop']), ['lantern/former']);
    const again = await world.start();
    const sentence = await paused(again, shop);
    expect(sentence).toMatch(/lantern\/shop on GitHub is another repository now \(number \d+\)/);
    expect(logged(again, sentence)).toBe(true);
    expect(world.github.requests.filter(({ path }) => path === '/repos/lantern/shop/issues')).toEqual([]);
  });

  it('pauses when the token lacks scopes, says which, and goes on once it is given', async () => {
    const { SENTRY_TOKEN = '' } = world.settings;
    for (const scope of ['event:read', 'event:write']) world.sentry.dropScope(SENTRY_TOKEN, scope);
    const suture = await world.start();
    const sentence = await paused(suture, shop);
    expect(sentence).toContain('it lacks the scope event:read');
    expect(logged(suture, sentence)).toBe(true);
    const issue = await triageIssueWith(world, '> **Paused.** ');
    expect(issue.body).toContain(sentence);
    await suture.stop();
    const scopes = ['event:read', 'event:write', 'project:read', 'org:read'];
    const mended = await world.start({ SENTRY_TOKEN: world.sentry.addToken({ org: 'lantern', scopes }) });
    await until('it to work', async () => (await stateOf(mended, shop)) === 'working');
    await until('the notice to go', async () => !(await world.triageIssue())?.body.includes('Paused'));
  });

  it('says that the token is bad, and believes no webhook meanwhile', async () => {
    world.sentry.revokeToken(world.settings['SENTRY_TOKEN'] ?? '');
    const suture = await world.start();
    const sentence = await paused(suture, shop);
    expect(sentence).toMatch(/^Sentry does not accept the token .*SENTRY_TOKEN/);
    const before = (await triageIssueWith(world, 'Paused')).body;
    await crashAt(world, 1);
    await quiet(world);
    expect((await world.triageIssue())?.body).toBe(before);
    expect(suture.output()).not.toContain(world.settings['SENTRY_TOKEN']);
  });

  it('says the new name of a renamed project; the other binding goes on', async () => {
    const other = 'lantern/kiosk=lantern/shop';
    world.sentry.addProject({ org: 'lantern', slug: 'kiosk', shortIdPrefix: 'KIOSK' });
    world.sentry.renameProject({ org: 'lantern', from: 'kiosk', to: 'stand' });
    const suture = await world.start({ BINDINGS: `${shop},${other}` });
    expect(await paused(suture, other)).toBe(
      'The Sentry project lantern/kiosk is now called stand. Change it in BINDINGS.',
    );
    expect(await stateOf(suture, shop)).toBe('working');
  });
});

describe('a host that does not answer', () => {
  it('leaves the triage issue as it is while Sentry is down or slow', async () => {
    const suture = await world.start();
    const shortId = await crashAt(world, 1);
    await triageIssueWith(world, `- [ ] **${shortId}**`);
    // The look round the crash comes a moment later.
    await triageIssueWith(world, 'Stack: `label1`');
    await quiet(world);
    const { body } = await triageIssueWith(world, shortId);
    const writes = writesOf(world).length;
    await suture.stop();
    world.sentry.fail({ path: /./, status: 503, times: 50 });
    const again = await world.start();
    await until('Sentry to be asked in vain', () =>
      world.sentry.requests.some(({ status }) => status === 503),
    );
    await quiet(world);
    expect((await world.triageIssue())?.body).toBe(body);
    expect(writesOf(world)).toHaveLength(writes);
    expect((await fetch(`${again.url}/readyz`)).status).toBe(200);
    expect(again.output()).toContain('"msg":"later"');
  });

  it.each([
    { name: 'primary', secondary: false },
    { name: 'secondary', secondary: true },
  ])('waits as told at the $name rate limit of GitHub, and loses nothing', async ({ secondary }) => {
    const suture = await world.start();
    const shortId = await crashAt(world, 1);
    await triageIssueWith(world, `- [ ] **${shortId}**`);
    await quiet(world);
    world.github.rateLimit({ appSlug: 'suture', remaining: 0, resetInSeconds: 5, secondary });
    const from = world.github.requests.length;
    await world.setBox(shortId, true);
    await until('a refusal', () =>
      world.github.requests
        .slice(from)
        .some(({ status, actor }) => status === 403 && actor === 'suture[bot]'),
    );
    await pullOf(world, shortId);
    await quiet(world);
    // A limit that is met with more calls is made longer; so nobody knocks but the jobs that were at work when it came.
    const refused = world.github.requests.slice(from).filter(({ status }) => status === 403);
    expect(refused.length).toBeLessThanOrEqual(3);
    expect(await pullsOf(world, shortId)).toHaveLength(1);
    expect(suture.log().filter((line) => Number(line['level']) >= 50)).toEqual([]);
  });

  it("says it on the triage issue in the host's own words when a branch rule refuses the push", async () => {
    await world.start();
    world.github.protectBranch('lantern/shop', 'sentry/*', {
      blockCreation: true,
      message: 'Only the release team creates branches.',
    });
    const shortId = await crashAt(world, 1);
    await tick(world, shortId);
    const issue = await triageIssueWith(world, '### Needs a person');
    expect(issue.body).toContain('Only the release team creates branches.');
    expect(await world.pulls()).toEqual([]);
  });

  it('never writes more than the host keeps', async () => {
    world.sentry.addSyntheticIssues({
      org: 'lantern',
      project: 'shop',
      count: 120,
      title: '🔥'.repeat(200),
    });
    await world.start();
    const issue = await triageIssueWith(world, /…and \d+ more, less frequent:/);
    expect(Buffer.byteLength(issue.body)).toBeLessThan(65_536);
    expect(issue.body.trimEnd().endsWith('</sub>')).toBe(true);
  });
});
