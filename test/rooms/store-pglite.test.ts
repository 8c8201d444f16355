// The store contract on PGlite, the default.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { storeContract } from './store.contract.ts';
import { quietLog, systemClock } from './store-world.ts';

let home: string;

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'suture-store-'));
  const first = await openStore({
    dataDir: path.join(home, 'new'),
    databaseUrl: null,
    log: quietLog,
    clock: systemClock,
  });
  await first.close();
});

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

let count = 0;

storeContract('PGlite', async () => {
  count += 1;
  const dataDir = path.join(home, String(count));
  // Making a database takes seconds, copying one does not.
  cpSync(path.join(home, 'new'), dataDir, { recursive: true });
  let store: OpenStore | null = null;
  return {
    shared: false,
    open: async () =>
      (store ??= await openStore({ dataDir, databaseUrl: null, log: quietLog, clock: systemClock })),
    end: async () => {
      await store?.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
});
