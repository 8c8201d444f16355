// The store contract on a real Postgres server, with two connections where that is the point.

import { afterAll, beforeAll, describe, it } from 'vitest';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { type TestPostgres, findPostgres, startPostgres } from '../world/postgres.ts';
import { spendingsContract } from './spendings.contract.ts';
import { storeContract } from './store.contract.ts';
import { quietLog, systemClock } from './store-world.ts';

const found = findPostgres();

if (found.bin === null) {
  describe('Postgres: store contract', () => {
    it.skip(`skipped: ${found.why}`, () => undefined);
  });
} else {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(async () => {
    await postgres.stop();
  });

  storeContract('Postgres', async () => {
    const databaseUrl = await postgres.createDatabase();
    const stores: OpenStore[] = [];
    return {
      open: async () => {
        const store = await openStore({ dataDir: 'unused', databaseUrl, log: quietLog, clock: systemClock });
        stores.push(store);
        return store;
      },
      end: async () => {
        await Promise.all(stores.map((store) => store.close()));
      },
    };
  });
  let database: string | null = null;
  spendingsContract('Postgres', async () => {
    database ??= await postgres.createDatabase();
    return openStore({ dataDir: 'unused', databaseUrl: database, log: quietLog, clock: systemClock });
  });
}
