// The store contract on PGlite, the default.

import { afterAll, beforeAll } from 'vitest';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { spendingsContract } from './spendings.contract.ts';
import { storeContract } from './store.contract.ts';
import { type StoreFolders, quietLog, storeFolders, systemClock } from './store-world.ts';

let folders: StoreFolders;

beforeAll(async () => {
  folders = await storeFolders();
});

afterAll(() => {
  folders.remove();
});

storeContract('PGlite', async () => {
  const dataDir = folders.fresh();
  let store: OpenStore | null = null;
  return {
    open: async () =>
      (store ??= await openStore({ dataDir, databaseUrl: null, log: quietLog, clock: systemClock })),
    end: async () => {
      await store?.close();
    },
  };
});

let dataDir: string | null = null;
spendingsContract('PGlite', () => {
  dataDir ??= folders.fresh();
  return openStore({ dataDir, databaseUrl: null, log: quietLog, clock: systemClock });
});
