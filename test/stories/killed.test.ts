// Suture dies without warning between any two steps, and goes on afterwards as if nothing had happened:
// one pull request, one summary, resolved once.

import { afterAll, beforeAll, describe, it } from 'vitest';
import type { World } from '../world/world.ts';
import { live, type Deaths } from './deaths.ts';
import { startKiosk } from './kiosk.ts';

const deaths: readonly Deaths[] = [
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
    name: 'during the checks at the base, and when the answer to resolving is lost',
    working: { after: /POST \S+ .*git-upload-pack/, ms: 500 },
    settling: {
      after: /PUT sentry /,
      ms: 0,
      arrange: (world) => world.sentry.fail({ method: 'PUT', path: /./, status: 502, times: 1, after: true }),
    },
  },
  {
    name: 'while pushing, and when the branch is deleted',
    working: { after: /GET \S+ .*info\/refs/, ms: 1800 },
    settling: { after: /DELETE suture\[bot\] .*\/git\/refs\//, ms: 0 },
  },
  {
    name: 'between pushing and the pull request, and on writing the record',
    working: { after: /POST \S+ .*git-receive-pack/, ms: 0 },
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

describe('killed, with the database in its folder', () => {
  let world: World;

  beforeAll(async () => {
    world = await startKiosk();
  });
  afterAll(() => world.close());

  it.each(deaths)('$name', async (two) => {
    await live(world, deaths.indexOf(two) + 1, two);
  });
});
