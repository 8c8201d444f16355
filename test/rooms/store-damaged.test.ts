// A database folder that was really damaged: set aside under another name, an empty one in its place, and said so.

import { closeSync, openSync, readdirSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openFolder } from '../../src/store/folder.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { someFix } from './store-samples.ts';
import { type StoreFolders, quietLog, rememberingLog, storeFolders, systemClock } from './store-world.ts';

let folders: StoreFolders;
let dataDir: string;
let rows: string;

beforeAll(async () => {
  folders = await storeFolders();
});
beforeEach(async () => {
  dataDir = folders.fresh();
  rows = await fill();
});
afterAll(() => folders.remove());

/** Stores a fix, and gives the file that holds it. */
async function fill(): Promise<string> {
  const store = await open();
  await store.createFix(someFix('f1'));
  await store.close();
  const database = await openFolder({ dataDir, log: quietLog, clock: systemClock });
  await database.executeSql('checkpoint');
  const found = await database.executeSql(`select pg_relation_filepath('suture.fix') as file`);
  await database.close();
  return path.join(dataDir, 'db', (found.rows[0] as { file: string }).file);
}

function open(log = quietLog): Promise<OpenStore> {
  return openStore({ dataDir, databaseUrl: null, log, clock: systemClock });
}

/** Writes what no database would write over the beginning of a file. */
function spoil(file: string): void {
  const opened = openSync(file, 'r+');
  writeSync(opened, Buffer.alloc(Math.min(8192, statSync(file).size), 0xab));
  closeSync(opened);
}

const inDatabase = (...names: string[]): string => path.join(dataDir, 'db', ...names);

describe('a damaged database folder', () => {
  it.each<[string, () => void]>([
    ['its control file is empty', () => truncateSync(inDatabase('global', 'pg_control'), 0)],
    ['a page of our own rows is spoilt', () => spoil(rows)],
    ['its version file is gone', () => rmSync(inDatabase('PG_VERSION'))],
  ])('is set aside when %s', async (_how, harm) => {
    harm();
    const { log, lines } = rememberingLog();
    const store = await open(log);
    expect(await store.readFix('f1')).toBeNull();
    await store.createFix(someFix('f2'));
    const [aside] = readdirSync(dataDir).filter((name) => name.startsWith('db.damaged-'));
    expect(readdirSync(path.join(dataDir, aside ?? '')).length).toBeGreaterThan(5);
    expect(store.notices()).toEqual([expect.stringContaining(`is set aside as ${aside}`)]);
    expect(lines.map(({ level, message }) => [level, message])).toContainEqual([
      'error',
      'the database was damaged; it is set aside, and its rows are rebuilt from GitHub and Sentry',
    ]);
    await store.close();
    const again = await open();
    expect(await again.readFix('f2')).not.toBeNull();
    expect(again.notices()).toHaveLength(1);
    await again.close();
  });

  it('is left as it is when it is sound', async () => {
    const store = await open();
    expect(await store.readFix('f1')).not.toBeNull();
    expect(store.notices()).toEqual([]);
    await store.close();
    expect(readdirSync(dataDir)).toEqual(['db']);
  });
});
