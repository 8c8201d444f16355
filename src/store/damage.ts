// What tells that a database folder is damaged, rather than busy, full or of another version.
// It must not repair anything.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** What lies in the folder cannot be read as a database. */
export class Damaged extends Error {
  override name = 'Damaged';
  constructor(cause: unknown) {
    const text = cause instanceof Error ? cause.message : String(cause);
    super(text.split('\n')[0]?.slice(0, 200) ?? '', { cause });
  }
}

/** Postgres' own words: data_corrupted, index_corrupted, and a file of a table that is gone (appendix A of its manual). */
const codes = new Set(['XX001', 'XX002', '58P01']);

/** Internal errors (XX000) are damage only where they speak of the stored data. */
const broken =
  /could not (?:open|read|access) (?:file|block|status)|invalid page|unexpected zero page|missing chunk|Aborted\(/;

/** A short reason, or null when the error says nothing of damage. */
export function damageIn(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error ? String(error.code) : '';
  const isDamage = codes.has(code) || broken.test(error.message);
  return isDamage ? (error.message.split('\n')[0]?.slice(0, 200) ?? code) : null;
}

/** PGlite would begin anew over what is left of a database, and nobody would be told. Throws Damaged. */
export function refuseEmptied(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  if (!existsSync(path.join(folder, 'PG_VERSION'))) throw new Damaged('its file PG_VERSION is gone');
}

const tables = z.array(z.object({ name: z.string() }));

/** Reads every row of every table of ours, so that damage is met now and not in the middle of work. */
export async function readWhole(query: (text: string) => Promise<{ rows: unknown[] }>): Promise<void> {
  const { rows } = await query(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('suture', 'pgboss')`,
  );
  for (const { name } of tables.parse(rows)) await query(`select sum(length(t::text)) from ${name} t`);
}
