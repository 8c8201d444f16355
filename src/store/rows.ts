// The rows of ports.ts over SQL. The same functions run on the store and inside a transaction.
// It must not decide anything; it keeps what it is given.

import { z } from 'zod';
import type { Fix } from '../domain/fix.ts';
import { isLive } from '../domain/stage.ts';
import type { Problem } from '../domain/problem.ts';
import type { Job, Rows, StoredIssue } from '../ports.ts';
import type { Sql } from './database.ts';
import { ledgerRows } from './ledger-rows.ts';
import { noteRows } from './notes.ts';
import { keyText } from './lossless.ts';
import { bindingStateSchema, fixSchema, issueSchema, problemSchema, readAs } from './row-schemas.ts';

export type RowsNeeds = {
  sql: Sql;
  /** A transaction of its own, or the one we are in. */
  transaction: <T>(work: (sql: Sql) => Promise<T>) => Promise<T>;
  send: (jobs: readonly Job[]) => Promise<void>;
};

/** All of `Rows` on one connection. */
export function rowsOn(needs: RowsNeeds): Rows {
  return {
    ...problemRows(needs.sql),
    ...issueRows(needs),
    ...bindingRows(needs.sql),
    ...noteRows(needs.sql),
    ...ledgerRows(needs),
    ...fixRows(needs),
    send: needs.send,
  };
}

type ProblemRows = Pick<Rows, 'saveProblems' | 'readProblems' | 'removeProblems'>;

function problemRows({ executeSql }: Sql): ProblemRows {
  return {
    saveProblems: async (bindingId, problems, readAt) => {
      const unique = [...new Map(problems.map((problem) => [problem.id, problem])).values()];
      await executeSql(
        `insert into suture.problem (binding_id, problem_id, read_at, problem)
         select $1, x.id, $2, x.problem::json from unnest($3::text[], $4::text[]) as x (id, problem)
         on conflict (binding_id, problem_id) do update set read_at = excluded.read_at, problem = excluded.problem`,
        [
          keyText(bindingId),
          readAt,
          unique.map(problemKeyText),
          unique.map((problem) => JSON.stringify(problem)),
        ],
      );
    },
    readProblems: async (bindingId) => {
      const { rows } = await executeSql(
        'select read_at, problem from suture.problem where binding_id = $1 order by problem_id',
        [keyText(bindingId)],
      );
      return rows.map((row) => readAs(storedProblem, row, `problem of ${bindingId}`));
    },
    removeProblems: async (bindingId, problemIds) => {
      await executeSql('delete from suture.problem where binding_id = $1 and problem_id = any($2::text[])', [
        keyText(bindingId),
        problemIds.map(keyText),
      ]);
    },
  };
}

const problemKeyText = (problem: Problem): string => keyText(problem.id);

const storedProblem = z
  .object({ read_at: z.number(), problem: problemSchema })
  .transform((row) => ({ problem: row.problem, readAt: row.read_at }));

type IssueRows = Pick<Rows, 'updateIssue' | 'readIssue'>;

const issues = z.array(z.object({ issue: issueSchema }));

function issueRows({ sql: { executeSql }, transaction }: RowsNeeds): IssueRows {
  return {
    updateIssue: (bindingId, change) =>
      transaction(async (sql) => {
        // There may be no row to lock yet, so the lock is on the binding's name.
        await sql.executeSql('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
          keyText(`issue ${bindingId}`),
        ]);
        const issue = change(await readIssueRow(sql, bindingId));
        if (issue) await writeIssueRow(sql, issue);
      }),
    readIssue: (bindingId) => readIssueRow({ executeSql }, bindingId),
  };
}

async function readIssueRow({ executeSql }: Sql, bindingId: string): Promise<StoredIssue | null> {
  const { rows } = await executeSql('select issue from suture.issue where binding_id = $1', [
    keyText(bindingId),
  ]);
  return readAs(issues, rows, `triage issue of ${bindingId}`)[0]?.issue ?? null;
}

async function writeIssueRow({ executeSql }: Sql, issue: StoredIssue): Promise<void> {
  await executeSql(
    `insert into suture.issue (binding_id, repo, number, issue) values ($1, $2, $3, $4::text::json)
     on conflict (binding_id) do update set repo = excluded.repo, number = excluded.number, issue = excluded.issue`,
    [keyText(issue.bindingId), repoOf(issue.url), issue.number, JSON.stringify(issue)],
  );
}

/** `https://host/owner/name/issues/7` names `owner/name`: the last four segments of every such address. */
function repoOf(issueUrl: string): string {
  const segments = issueUrl.split(/[?#]/)[0]?.split('/').filter(Boolean) ?? [];
  return keyText(segments.slice(-4, -2).join('/').toLowerCase());
}

type BindingRows = Pick<Rows, 'saveBindingState' | 'readBindingState' | 'claim'>;

function bindingRows({ executeSql }: Sql): BindingRows {
  const states = z.array(z.object({ state: bindingStateSchema }));
  return {
    saveBindingState: async (state) => {
      await executeSql(
        `insert into suture.binding_state (binding_id, state) values ($1, $2::text::json)
         on conflict (binding_id) do update set state = excluded.state`,
        [keyText(state.bindingId), JSON.stringify(state)],
      );
    },
    readBindingState: async (bindingId) => {
      const { rows } = await executeSql('select state from suture.binding_state where binding_id = $1', [
        keyText(bindingId),
      ]);
      return readAs(states, rows, `state of ${bindingId}`)[0]?.state ?? null;
    },
    claim: async (key, at) => {
      const { rows } = await executeSql(
        'insert into suture.claim (key, at) values ($1, $2) on conflict do nothing returning 1',
        [keyText(key), at],
      );
      return rows.length === 1;
    },
  };
}

type FixRows = Pick<Rows, 'createFix' | 'claimRoot' | 'updateFix' | 'readFix' | 'readFixes'>;

const fixes = z.array(z.object({ fix: fixSchema }));

function fixRows({ sql, transaction }: RowsNeeds): FixRows {
  return {
    createFix: async (fix) => {
      const { rows } = await sql.executeSql(
        `insert into suture.fix (id, binding_id, problem_id, live, fix) values ($1, $2, $3, $4, $5::text::json)
         on conflict do nothing returning 1`,
        [
          keyText(fix.id),
          keyText(fix.bindingId),
          keyText(fix.problemId),
          isLive(fix.facts),
          JSON.stringify(fix),
        ],
      );
      return rows.length === 1;
    },
    claimRoot: (fixId, root) => transaction((inner) => claimRoot(inner, fixId, root)),
    updateFix: (fixId, change) => transaction((inner) => updateLocked(inner, fixId, change)),
    readFix: async (fixId) => readOne(sql, fixId, ''),
    readFixes: async (bindingId) => {
      const { rows } = await sql.executeSql(
        'select fix from suture.fix where binding_id = $1 order by position',
        [keyText(bindingId)],
      );
      return readAs(fixes, rows, `fixes of ${bindingId}`).map((row) => row.fix);
    },
  };
}

/** The lock makes the second of two claimers look again once the first has committed. */
async function claimRoot(sql: Sql, fixId: string, root: string): Promise<string | null> {
  const fix = await readOne(sql, fixId, '');
  if (!fix) return null;
  const key = keyText(root);
  await sql.executeSql('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    keyText(`root ${fix.bindingId} ${root}`),
  ]);
  await sql.executeSql(
    `update suture.fix f set root = case when exists (
       select 1 from suture.fix o where o.binding_id = f.binding_id and o.root = $2 and o.live and o.id <> f.id)
       then null else $2 end where f.id = $1 and f.live`,
    [keyText(fixId), key],
  );
  const { rows } = await sql.executeSql(
    `select o.fix from suture.fix f join suture.fix o on o.binding_id = f.binding_id and o.root = $2 and o.live
     where f.id = $1 and f.live`,
    [keyText(fixId), key],
  );
  return readAs(fixes, rows, `root of fix ${fixId}`)[0]?.fix.id ?? null;
}

async function updateLocked(sql: Sql, fixId: string, change: (fix: Fix) => Fix): Promise<Fix | null> {
  const before = await readOne(sql, fixId, 'for update');
  if (!before) return null;
  const after = change(before);
  if (after === before) return before;
  // A closed pull request that a person reopens is live again; it must not displace a newer live fix.
  await sql.executeSql(
    `update suture.fix f set fix = $2::text::json, live = $3 and not exists (
       select 1 from suture.fix o
       where o.binding_id = f.binding_id and (o.problem_id = f.problem_id or o.root = f.root)
         and o.live and o.id <> f.id)
     where f.id = $1`,
    [keyText(fixId), JSON.stringify(after), isLive(after.facts)],
  );
  return after;
}

async function readOne(sql: Sql, fixId: string, lock: '' | 'for update'): Promise<Fix | null> {
  const { rows } = await sql.executeSql(`select fix from suture.fix where id = $1 ${lock}`, [keyText(fixId)]);
  return readAs(fixes, rows, `fix ${fixId}`)[0]?.fix ?? null;
}
