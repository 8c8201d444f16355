// The one database under rows and queue, PGlite in a folder (folder.ts) or a Postgres server, behind one small shape.
// It must not know tables; it only runs statements, transactions and the queue's library on the same connection.

import { AsyncLocalStorage } from 'node:async_hooks';
import { type Db, PgBoss, type ConstructorOptions } from 'pg-boss';
import { Bug, Refusal } from '../domain/failure.ts';
import type { Log } from '../ports.ts';

/** Runs one statement. Rows are as the driver gives them: validate before use. */
export type Sql = { executeSql: (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }> };

export type Database = Sql & {
  readonly boss: PgBoss;
  /** True when no other process can work on this database: then every job marked active at start is an orphan. */
  readonly exclusive: boolean;
  /** All statements of `work` happen or none. Only the given `Sql` may be used inside. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Calls back with what other processes announce; false where there are none to listen to. */
  listen(channel: string, heard: (payload: string) => void, caughtUp: () => void): Promise<boolean>;
  /** What a person should know of it, in finished sentences; none when all is well. */
  notices(): string[];
  close(): Promise<void>;
};

/** The schema of the queue's library, beside our own `suture`. */
export const queueSchema = 'pgboss';

export const bossOptions: ConstructorOptions = {
  schema: queueSchema,
  schedule: false,
  registerInstance: false,
  monitorVacuum: false,
  reindex: false,
};

/** Opens a Postgres server. Throws Refusal when it cannot be reached; the address is not repeated, it may hold a password. */
export async function openServer(databaseUrl: string, log: Log): Promise<Database> {
  const boss = startable(new PgBoss({ ...bossOptions, connectionString: databaseUrl, max: 10 }), log);
  try {
    await boss.start();
  } catch (error) {
    await boss.stop({ graceful: false });
    throw refusedServer(error);
  }
  return serverDatabase(boss);
}

function serverDatabase(boss: PgBoss): Database {
  const db = boss.getDb();
  const listeners: { close(): Promise<void> }[] = [];
  return {
    boss,
    exclusive: false,
    executeSql: guarded((text, values) => db.executeSql(text, values)),
    transaction: (work) => serverTransaction(db, work),
    listen: async (channel, heard, caughtUp) => {
      const listener = await db.listen?.(channel, heard, caughtUp);
      if (listener) listeners.push(listener);
      return listener !== undefined;
    },
    notices: () => [],
    close: async () => {
      await Promise.all(listeners.map((listener) => listener.close()));
      await boss.stop({ graceful: false });
    },
  };
}

async function serverTransaction<T>(db: Db, work: (sql: Sql) => Promise<T>): Promise<T> {
  refuseInside();
  const handle = await db.beginTransaction?.();
  if (!handle) throw new Bug('The connection to Postgres cannot open transactions.');
  try {
    const result = await within(() => work(handle.db));
    await handle.commit();
    return result;
  } catch (error) {
    await handle.rollback();
    throw error;
  }
}

function refusedServer(error: unknown): Refusal {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
  return new Refusal(
    `The Postgres server of DATABASE_URL cannot be used (${code}). Check that it runs, that host, database, user ` +
      'and password are right, and that the user may create schemas; then start again.',
  );
}

/** The library reports background trouble as events; without listeners they would end the process. */
export function startable(boss: PgBoss, log: Log): PgBoss {
  boss.on('error', (error) =>
    log.warn({ err: error }, 'queue: background work failed, it will be tried again'),
  );
  boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'queue: warning'));
  return boss;
}

const open = new AsyncLocalStorage<{ done: boolean }>();

/**
 * Throws Bug inside an open transaction of the same caller. PGlite has one connection: a statement beside the
 * transaction would wait for ever. On a server it would only see other rows, which is no better.
 */
export function refuseInside(): void {
  if (open.getStore()?.done === false)
    throw new Bug('Inside a transaction use the rows it was given, not the store.');
}

export function guarded(run: Sql['executeSql']): Sql['executeSql'] {
  return async (text, values) => {
    refuseInside();
    return run(text, values);
  };
}

export async function within<T>(work: () => Promise<T>): Promise<T> {
  const state = { done: false };
  try {
    return await open.run(state, work);
  } finally {
    state.done = true;
  }
}
