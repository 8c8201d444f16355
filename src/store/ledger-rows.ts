// The run ledger: one row per repository, changed under a lock. It must not decide anything; it keeps what it is given.

import { z } from 'zod';
import type { Run } from '../domain/ledger/ledger.ts';
import type { Rows } from '../ports.ts';
import type { Sql } from './database.ts';
import { keyText } from './lossless.ts';
import { ledgerSchema, readAs } from './row-schemas.ts';
import type { RowsNeeds } from './rows.ts';

const ledgers = z.array(z.object({ runs: ledgerSchema }));

export function ledgerRows({ sql, transaction }: RowsNeeds): Pick<Rows, 'updateLedger' | 'readLedger'> {
  return {
    updateLedger: (repo, change) =>
      transaction(async (inner) => {
        const key = keyText(repo.toLowerCase());
        // There may be no row to lock yet, so the lock is on the repository's name.
        await inner.executeSql('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`ledger ${key}`]);
        const before = await readRuns(inner, repo);
        const after = change(before);
        if (after !== before)
          await inner.executeSql(
            `insert into suture.ledger (repo, runs) values ($1, $2::text::json)
             on conflict (repo) do update set runs = excluded.runs`,
            [key, JSON.stringify(after)],
          );
        return after;
      }),
    readLedger: (repo) => readRuns(sql, repo),
  };
}

async function readRuns({ executeSql }: Sql, repo: string): Promise<readonly Run[]> {
  const { rows } = await executeSql('select runs from suture.ledger where repo = $1', [
    keyText(repo.toLowerCase()),
  ]);
  return readAs(ledgers, rows, `ledger of ${repo}`)[0]?.runs ?? [];
}
