// The built-in database: PGlite in a folder. One that is damaged is set aside, and an empty one begins in its place.
// It must not know tables; what is lost with a folder is rebuilt by jobs.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { PgBoss, fromPglite } from 'pg-boss';
import { Refusal } from '../domain/failure.ts';
import type { Clock, Log } from '../ports.ts';
import {
  type Database,
  type Sql,
  bossOptions,
  guarded,
  refuseInside,
  startable,
  within,
} from './database.ts';
import { Damaged, damageIn, readWhole, refuseEmptied } from './damage.ts';
import { lockFolder } from './folder-lock.ts';
import { inPlaceOf, setAsideNotices } from './set-aside.ts';

export type Place = { dataDir: string; log: Log; clock: Clock };

/**
 * Opens `<dataDir>/db`, making it when absent and replacing it when damaged. Throws Refusal when another process uses
 * the folder, and when not even an empty database can be opened there.
 */
export async function openFolder(place: Place): Promise<Database> {
  const { dataDir, log, clock } = place;
  mkdirSync(dataDir, { recursive: true });
  const folder = path.join(dataDir, 'db');
  const lock = lockFolder(dataDir);
  try {
    const opened = await open(folder, log).catch((error: unknown) => {
      if (!(error instanceof Damaged)) throw error;
      return inPlaceOf(folder, { damage: error, log, clock }, () => open(folder, log));
    });
    return folderDatabase(opened, { dataDir, release: lock.release });
  } catch (error) {
    lock.release();
    throw error instanceof Damaged ? refusedFolder(folder, error) : error;
  }
}

type Opened = { pglite: PGlite; boss: PgBoss };

/** Throws Damaged when what lies there cannot be read. */
async function open(folder: string, log: Log): Promise<Opened> {
  refuseEmptied(folder);
  const pglite = await PGlite.create({ dataDir: folder }).catch((error: unknown) => {
    throw new Damaged(error);
  });
  try {
    await readWhole((text) => pglite.query(text));
    const boss = startable(new PgBoss({ ...bossOptions, db: fromPglite(pglite), backend: 'pglite' }), log);
    await boss.start();
    return { pglite, boss };
  } catch (error) {
    await pglite.close().catch(() => undefined);
    throw damageIn(error) === null ? unusable(folder, error) : new Damaged(error);
  }
}

/** Sound, and yet not to be used, for example because a newer Suture made it. */
function unusable(folder: string, error: unknown): Refusal {
  const reason = error instanceof Error ? error.message : String(error);
  return new Refusal(
    `The database folder ${folder} cannot be used (${reason.split('\n')[0]}). Start the Suture that made it, or move ` +
      `it aside (mv ${folder} ${folder}.old): then its rows are rebuilt from GitHub and Sentry.`,
  );
}

function refusedFolder(folder: string, error: Damaged): Refusal {
  return new Refusal(
    `The database folder ${folder} cannot be opened (${error.message}), and no new one can be made in its place. ` +
      'Check that the disk has room and that this user may write there; then start again.',
  );
}

/** PGlite leaves the process waiting unless it is closed (reference models.md, 8). */
function folderDatabase(
  { pglite, boss }: Opened,
  { dataDir, release }: { dataDir: string; release: () => void },
): Database {
  let damage: string | null = null;
  const watched = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      damage ??= damageIn(error);
      throw error;
    });
  return {
    boss,
    exclusive: true,
    executeSql: guarded((text, values) => watched(pglite.query(text, values))),
    transaction: async (work) => {
      refuseInside();
      return watched(pglite.transaction((tx) => within(() => work(insideFolder(tx)))));
    },
    listen: async () => false,
    notices: () => [
      ...(damage === null
        ? []
        : [
            `The database is damaged (${damage}). Restart Suture: it sets the folder aside and rebuilds its rows.`,
          ]),
      ...setAsideNotices(dataDir),
    ],
    close: async () => {
      await boss.stop({ graceful: false });
      await pglite.close();
      release();
    },
  };
}

function insideFolder(tx: Transaction): Sql {
  return { executeSql: (text, values) => tx.query(text, values) };
}
