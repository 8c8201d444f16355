// Crashes that must not be patched: each says why, and Sentry is left alone.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendEvent } from '../world/sentry/send-envelope.ts';
import type { CrashName } from '../world/sentry/crashes.ts';
import { startWorld, until, type World } from '../world/world.ts';
import { changesInSentry, quiet, section, tick, triageIssueWith } from './steps.ts';

describe('crashes that are not ours to patch', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
    await world.start();
  });
  afterAll(async () => {
    await quiet(world);
    expect(await world.pulls()).toEqual([]);
    expect(changesInSentry(world)).toBe(0);
    await world.close();
  });

  async function crashed(name: CrashName): Promise<string> {
    const known = world.problems().length;
    await world.crash(name);
    return (await until('the problem', () => world.problems()[known])).shortId;
  }

  it('proposes to archive an error that the shop throws on purpose', async () => {
    const shortId = await crashed('payment-down');
    await tick(world, shortId);
    const issue = await triageIssueWith(world, '### Proposed to archive');
    const said = section(issue, 'Proposed to archive');
    expect(said).toContain(
      `- [ ] **${shortId}** · Another service answered this code with an error of its own`,
    );
    expect(said).toContain('Tick to archive it in Sentry');
  });

  it('hands a missing shipping rate to a person, with the reason and the place', async () => {
    const shortId = await crashed('no-shipping-rate');
    await tick(world, shortId);
    const issue = await triageIssueWith(world, `### Needs a person\n\n- **${shortId}**`);
    const said = section(issue, 'Needs a person');
    expect(said).toContain('a guard would hide a wrong result');
    expect(said).toContain('Look at `src/shipping.ts:');
    expect(said).toContain('What I found');
  });

  it('needs a person for an event without frames', async () => {
    await sendEvent(world.dsn, { type: 'Error', value: 'broken', frames: [], fingerprint: ['bare'] });
    const { shortId } = await until('the problem', () => world.problems()[2]);
    await tick(world, shortId);
    const issue = await triageIssueWith(world, new RegExp(`- \\*\\*${shortId}\\*\\* · (?!queued|reading)`));
    expect(section(issue, 'Needs a person')).toMatch(new RegExp(`\\*\\*${shortId}\\*\\* · .*(stack|frame)`));
  });

  it('needs a person when Sentry keeps no event any more', async () => {
    await sendEvent(world.dsn, { fingerprint: ['gone'] });
    const { id, shortId } = await until('the problem', () => world.problems()[3]);
    // Every read, not the next one only: the look for the folds may come before the fix.
    world.sentry.fail({
      method: 'GET',
      path: new RegExp(`/issues/${id}/events/latest`),
      status: 404,
      times: Infinity,
      body: { detail: 'No matching event' },
    });
    await tick(world, shortId);
    await triageIssueWith(
      world,
      `**${shortId}** · Sentry keeps no event of this issue any more, so there is no stack trace to read.`,
    );
  });
});
