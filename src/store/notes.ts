// Small notes about a binding: findings, skips, settings. One table for all, one row per kind and subject.
// It must not decide anything; it keeps what it is given.

import { z } from 'zod';
import { nothingSpent, type Spent } from '../domain/agent/spending.ts';
import type { Rows, Spendings } from '../ports.ts';
import type { Sql } from './database.ts';
import { keyText } from './lossless.ts';
import { findingSchema, readAs, settingsSchema, skipSchema, spentSchema } from './row-schemas.ts';

type NoteRows = Pick<
  Rows,
  | 'saveFinding'
  | 'readFindings'
  | 'saveSkip'
  | 'removeSkip'
  | 'readSkips'
  | 'saveSettings'
  | 'readSettings'
  | 'readIdentity'
  | 'keepIdentity'
>;

type Kind = 'finding' | 'skip' | 'settings' | 'identity' | 'spending';

export function noteRows(sql: Sql): NoteRows {
  return {
    saveFinding: (bindingId, finding) =>
      save(sql, { bindingId, kind: 'finding', subject: finding.problemId, note: finding }),
    readFindings: (bindingId) => readNotes(sql, { bindingId, kind: 'finding' }, findingSchema),
    saveSkip: (bindingId, skip) =>
      save(sql, { bindingId, kind: 'skip', subject: skip.problemId, note: skip }),
    removeSkip: async (bindingId, problemId) => {
      await sql.executeSql(
        `delete from suture.note where binding_id = $1 and kind = 'skip' and subject = $2`,
        [keyText(bindingId), keyText(problemId)],
      );
    },
    readSkips: (bindingId) => readNotes(sql, { bindingId, kind: 'skip' }, skipSchema),
    saveSettings: (known) =>
      save(sql, { bindingId: known.bindingId, kind: 'settings', subject: '', note: known }),
    readSettings: async (bindingId) =>
      (await readNotes(sql, { bindingId, kind: 'settings' }, settingsSchema))[0] ?? null,
    readIdentity: async (repo) =>
      (await readNotes(sql, { bindingId: repo.toLowerCase(), kind: 'identity' }, identitySchema))[0]?.id ??
      null,
    keepIdentity: async (repo, id) => {
      await sql.executeSql(
        `insert into suture.note (binding_id, kind, subject, note) values ($1, 'identity', '', $2::text::json)
         on conflict do nothing`,
        [keyText(repo.toLowerCase()), JSON.stringify({ id })],
      );
    },
  };
}

/** Of a repository by its name, not of a binding: several may share it. */
const identitySchema = z.looseObject({ id: z.number() });

/** What models cost belongs to no binding. */
export function spendingsOn(sql: Sql): Spendings {
  return {
    addSpending: (day, spent) => addSpending(sql, day, spent),
    readSpending: async (day) => {
      const { rows } = await sql.executeSql(
        `select note from suture.note where binding_id = '' and kind = 'spending' and subject = $1`,
        [keyText(day)],
      );
      const read = readAs(z.array(z.object({ note: spentSchema })), rows, `spending of ${day}`);
      return read[0]?.note ?? nothingSpent;
    },
  };
}

/** One statement, so that processes that add at once lose nothing. */
async function addSpending({ executeSql }: Sql, day: string, spent: Spent): Promise<void> {
  await executeSql(
    `insert into suture.note as note (binding_id, kind, subject, note) values ('', 'spending', $1, $2::text::json)
     on conflict (binding_id, kind, subject) do update set note = json_build_object(
       'requests', ${sum('requests')}, 'tokens', ${sum('tokens')},
       'money', case when note.note->>'money' is null and excluded.note->>'money' is null then null
         else ${sum('money')} end)`,
    [keyText(day), JSON.stringify(spent)],
  );
}

type Note = { bindingId: string; kind: Kind; subject: string; note: unknown };

async function save({ executeSql }: Sql, { bindingId, kind, subject, note }: Note): Promise<void> {
  await executeSql(
    `insert into suture.note (binding_id, kind, subject, note) values ($1, $2, $3, $4::text::json)
     on conflict (binding_id, kind, subject) do update set note = excluded.note`,
    [keyText(bindingId), kind, keyText(subject), JSON.stringify(note)],
  );
}

async function readNotes<T>(
  { executeSql }: Sql,
  { bindingId, kind }: Pick<Note, 'bindingId' | 'kind'>,
  schema: z.ZodType<T>,
): Promise<T[]> {
  const { rows } = await executeSql(
    'select note from suture.note where binding_id = $1 and kind = $2 order by subject',
    [keyText(bindingId), kind],
  );
  return readAs(z.array(z.object({ note: schema })), rows, `${kind} of ${bindingId}`).map((row) => row.note);
}

function sum(name: keyof Spent): string {
  return `coalesce((note.note->>'${name}')::float8, 0) + coalesce((excluded.note->>'${name}')::float8, 0)`;
}
