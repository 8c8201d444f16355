// The same on Postgres, where several processes may work on one database. Skipped where Postgres is not installed.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres, startPostgres, type TestPostgres } from '../world/postgres.ts';
import type { World } from '../world/world.ts';
import { live, type Deaths } from './deaths.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { pullOf, pullsOf, quiet, tick } from './steps.ts';

const deaths: readonly Deaths[] = [
  {
    name: 'on fetching the repository, and on resolving',
    working: { after: /POST \S+ .*git-upload-pack/, ms: 0 },
    settling: { after: /PUT sentry /, ms: 0 },
  },
  {
    name: 'while the change is written, and after the summary',
    working: { after: /POST \S+ .*git-upload-pack/, ms: 1100 },
    settling: { after: /POST suture\[bot\] .*\/comments$/, ms: 0 },
  },
];

describe.skipIf(findPostgres().bin === null)('killed on Postgres', () => {
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

  it.each(deaths)('$name', async (two) => {
    await live(world, deaths.indexOf(two) + 1, { ...two, extra: { DATABASE_URL } });
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
