// Our tables, as a numbered list that only grows. A released entry is never edited: add the next one.
// Columns that arrive later need a default, because the rows are already there.

import { Refusal } from '../domain/failure.ts';
import type { Database, Sql } from './database.ts';

/** `json`, not `jsonb`: it keeps the text as it is, NUL escapes and lone surrogates included (lossless.ts). */
export const migrations: readonly (readonly string[])[] = [
  [
    `create table suture.problem (
      binding_id text not null, problem_id text not null, read_at double precision not null, problem json not null,
      primary key (binding_id, problem_id))`,
    `create table suture.issue (
      binding_id text primary key, repo text not null, number integer not null, issue json not null)`,
    `create index issue_place on suture.issue (repo, number)`,
    `create table suture.binding_state (binding_id text primary key, state json not null)`,
    `create table suture.claim (key text primary key, at double precision not null)`,
    `create table suture.fix (
      id text primary key, position bigint generated always as identity, binding_id text not null,
      problem_id text not null, live boolean not null, fix json not null)`,
    `create unique index fix_live on suture.fix (binding_id, problem_id) where live`,
    `create index fix_binding on suture.fix (binding_id, position)`,
  ],
  [
    `create table suture.note (
      binding_id text not null, kind text not null, subject text not null, note json not null,
      primary key (binding_id, kind, subject))`,
  ],
  [
    // Of the fixes with one root, at most one that is live leads; those that joined it have none here.
    `alter table suture.fix add column root text`,
    `create unique index fix_root on suture.fix (binding_id, root) where live and root is not null`,
    `create table suture.ledger (repo text primary key, runs json not null)`,
  ],
];

/** Any number will do, as long as it stays the same: one starter migrates, the others wait. */
const migrationLock = 7_428_331;

/**
 * Brings the tables up to `list`, in one transaction and one process at a time. Throws Refusal when the database
 * was written by a newer Suture.
 */
export async function migrate(database: Database, list = migrations): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.executeSql(`select pg_advisory_xact_lock(${migrationLock})`);
    await sql.executeSql('create schema if not exists suture');
    await sql.executeSql('create table if not exists suture.schema_version (version integer not null)');
    const version = await readVersion(sql);
    if (version > list.length) throw tooNew(version, list.length);
    for (const step of list.slice(version)) {
      for (const statement of step) await sql.executeSql(statement);
    }
    if (version < list.length) await writeVersion(sql, list.length);
  });
}

async function readVersion(sql: Sql): Promise<number> {
  const { rows } = await sql.executeSql('select version from suture.schema_version');
  const row = rows[0];
  return typeof row === 'object' && row !== null && 'version' in row ? Number(row.version) : 0;
}

async function writeVersion(sql: Sql, version: number): Promise<void> {
  await sql.executeSql('delete from suture.schema_version');
  await sql.executeSql('insert into suture.schema_version (version) values ($1)', [version]);
}

function tooNew(found: number, known: number): Refusal {
  return new Refusal(
    `The database was written by a newer Suture (schema ${found}, this one knows ${known}). Start that version ` +
      'again, or give this one its own database.',
  );
}
