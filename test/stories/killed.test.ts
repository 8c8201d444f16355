// Suture dies without warning between any two steps, and goes on afterwards as if nothing had happened:
// one pull request, one summary, resolved once.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findPostgres, startPostgres, type TestPostgres } from '../world/postgres.ts';
import { until, type World } from '../world/world.ts';
import type { RunningSuture } from '../world/suture.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { pullOf, pullsOf, quiet, resolved, tick, triageIssueWith } from './steps.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 90_000 });

/** A moment to die at: when Suture has asked for this, and so much later. */
type Moment = { after: RegExp; ms: number; arrange?: (world: World) => void };

const moments: readonly { name: string; working: Moment; settling: Moment }[] = [
  {
    name: 'on hearing of the tick, and on reading the merged pull request',
    working: { after: /GET suture\[bot\] .*\/permission$/, ms: 0 },
    settling: { after: /GET suture\[bot\] .*\/pulls\/\d+$/, ms: 0 },
  },
  {
    name: 'on reading the newest event, and on reading the checks',
    working: { after: /GET sentry .*events\/latest/, ms: 0 },
    settling: { after: /GET suture\[bot\] .*\/check-runs$/, ms: 5 },
  },
  {
    name: 'on fetching the repository, and on resolving',
    working: { after: /POST nobody .*git-upload-pack/, ms: 0 },
    settling: { after: /PUT sentry /, ms: 0 },
  },
  {
    name: 'during the checks at the base, and when the answer to resolving is lost',
    working: { after: /POST nobody .*git-upload-pack/, ms: 500 },
    settling: {
      after: /PUT sentry /,
      ms: 0,
      arrange: (world) => world.sentry.fail({ method: 'PUT', path: /./, status: 502, times: 1, after: true }),
    },
  },
  {
    name: 'while the change is written, and after the summary',
    working: { after: /POST nobody .*git-upload-pack/, ms: 1100 },
    settling: { after: /POST suture\[bot\] .*\/comments$/, ms: 0 },
  },
  {
    name: 'while pushing, and when the branch is deleted',
    working: { after: /GET nobody .*info\/refs/, ms: 1800 },
    settling: { after: /DELETE suture\[bot\] .*\/git\/refs\//, ms: 0 },
  },
  {
    name: 'between pushing and the pull request, and on writing the record',
    working: { after: /POST nobody .*git-receive-pack/, ms: 0 },
    settling: { after: /PATCH suture\[bot\] .*\/issues\//, ms: 0 },
  },
  {
    name: 'when the answer to opening the pull request is lost, and some time after the merge',
    working: {
      after: /POST suture\[bot\] .*\/pulls$/,
      ms: 0,
      arrange: (world) =>
        world.github.fail({ method: 'POST', path: /\/pulls$/, status: 0, times: 1, after: true }),
    },
    settling: { after: /PUT mia .*\/merge$/, ms: 120 },
  },
];

/** Waits for the moment, then ends the process without a chance to put anything in order. */
async function killAt(
  world: World,
  suture: RunningSuture,
  moment: Moment,
  act: () => Promise<void>,
): Promise<void> {
  moment.arrange?.(world);
  const from = { github: world.github.requests.length, sentry: world.sentry.requests.length };
  const reached = (): boolean => {
    const asked = [
      ...world.github.requests
        .slice(from.github)
        .map(({ method, actor, path }) => `${method} ${actor} ${path}`),
      ...world.sentry.requests.slice(from.sentry).map(({ method, path }) => `${method} sentry ${path}`),
    ];
    return asked.some((line) => moment.after.test(line));
  };
  await act();
  const end = Date.now() + 60_000;
  while (!reached()) {
    if (Date.now() > end) throw new Error(`never saw ${moment.after.source}:\n${suture.output()}`);
    await pause(1);
  }
  await pause(moment.ms);
  await suture.kill();
}

/** The whole life of one problem, with two deaths in it. */
async function live(
  world: World,
  shelf: number,
  input: { working: Moment; settling: Moment; extra?: Record<string, string> },
): Promise<void> {
  let suture = await world.start(input.extra);
  const shortId = await crashAt(world, shelf);
  await triageIssueWith(world, `- [ ] **${shortId}**`);
  await killAt(world, suture, input.working, () => tick(world, shortId));
  suture = await world.start(input.extra);
  const pull = await pullOf(world, shortId);
  await world.ci.idle();
  await killAt(world, suture, input.settling, () => world.merge(pull.number));
  suture = await world.start(input.extra);
  await resolved(world, shortId);
  const issue = await triageIssueWith(world, `**${shortId}** · fixed ✅`);
  await quiet(world);
  expect(await pullsOf(world, shortId)).toHaveLength(1);
  const said = (await world.comments(issue.number)).filter(({ body }) => body.includes(shortId));
  expect(said).toHaveLength(1);
  const problem = world.problems().find((known) => known.shortId === shortId);
  expect(problem?.activity.filter(({ type }) => type.startsWith('set_resolved'))).toHaveLength(1);
  await until('the branch to go', async () => {
    const { data } = await world.github.as('mia').rest.repos.listBranches({ owner: 'lantern', repo: 'shop' });
    return data.every(({ name }) => !name.startsWith('sentry/'));
  });
  await suture.stop();
}

describe('killed on PGlite', () => {
  let world: World;

  beforeAll(async () => {
    world = await startKiosk();
  });
  afterAll(() => world.close());

  it.each(moments.map((moment, index) => ({ ...moment, shelf: index + 1 })))('$name', async (moment) => {
    await live(world, moment.shelf, moment);
  });
});

const found = findPostgres();

describe.skipIf(found.bin === null)('killed on Postgres', () => {
  let world: World;
  let postgres: TestPostgres;
  let DATABASE_URL: string;

  beforeAll(async () => {
    [world, postgres] = await Promise.all([startKiosk(), startPostgres()]);
    DATABASE_URL = await postgres.createDatabase();
  });
  afterAll(async () => {
    await world.close();
    await postgres.stop();
  });

  it.each([moments[2], moments[6]])('$name', async (moment) => {
    if (!moment) throw new Error('there is no such moment');
    await live(world, moments.indexOf(moment) + 1, { ...moment, extra: { DATABASE_URL } });
  });

  it('shares the work between two processes that share nothing but the database', async () => {
    await world.start({ DATABASE_URL, DATA_DIR: `${world.dataDir}/left` });
    const right = await world.start({ DATABASE_URL, DATA_DIR: `${world.dataDir}/right` });
    const shelves = [11, 12, 13];
    const shortIds = await Promise.all(shelves.map((shelf) => crashAt(world, shelf)));
    for (const shortId of shortIds) await tick(world, shortId);
    for (const shortId of shortIds) await pullOf(world, shortId);
    await right.kill();
    await quiet(world);
    for (const shortId of shortIds) expect(await pullsOf(world, shortId)).toHaveLength(1);
  });
});
