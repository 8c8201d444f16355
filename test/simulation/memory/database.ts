// Tables in memory with transactions: one writer at a time, readers beside it see what was committed last.
// It must not know rows or jobs beyond their shape.

import type { Finding } from '../../../src/domain/triage/finding.ts';
import type { Run } from '../../../src/domain/ledger/ledger.ts';
import type { KnownSettings } from '../../../src/domain/settings.ts';
import type { Skip } from '../../../src/domain/triage/triage-view.ts';
import type { Fix } from '../../../src/domain/fix.ts';
import type { BindingState, JobName, StoredIssue, StoredProblem } from '../../../src/ports.ts';
import type { Envelope } from '../../../src/store/job-data.ts';

export type JobRow = {
  id: string;
  name: JobName;
  slot: string;
  group: string | null;
  state: 'created' | 'retry' | 'active';
  startAfter: number;
  retryCount: number;
  retryLimit: number;
  envelope: Envelope;
  /** Who runs it. */
  owner: string | null;
};

export type Tables = {
  problems: Map<string, Map<string, StoredProblem>>;
  issues: Map<string, StoredIssue>;
  states: Map<string, BindingState>;
  claims: Map<string, number>;
  identities: Map<string, number>;
  findings: Map<string, Finding>;
  skips: Map<string, Skip>;
  settings: Map<string, KnownSettings>;
  fixes: Map<string, { fix: Fix; live: boolean; root: string | null }>;
  /** Those that have not ended. */
  jobs: Map<string, JobRow>;
  /** Ids of those that have: sent again they do nothing. No transaction ends a job, so it is never copied. */
  ended: Set<string>;
  ledgers: Map<string, readonly Run[]>;
};

export type Database = {
  /** What is committed. */
  tables: Tables;
  /** The open transaction's tables, else null. */
  open: Tables | null;
  /** Those who wait for the open transaction to end. */
  waiting: (() => void)[];
  nextId: number;
};

export function newDatabase(): Database {
  return { tables: emptyTables(), open: null, waiting: [], nextId: 0 };
}

export function emptyTables(): Tables {
  return {
    problems: new Map(),
    issues: new Map(),
    states: new Map(),
    claims: new Map(),
    identities: new Map(),
    findings: new Map(),
    skips: new Map(),
    settings: new Map(),
    fixes: new Map(),
    jobs: new Map(),
    ended: new Set(),
    ledgers: new Map(),
  };
}

/** Values are never changed in place, so a copy of the maps is a copy of all. */
export function begin(database: Database): void {
  const { tables } = database;
  database.open = {
    problems: new Map([...tables.problems].map(([binding, problems]) => [binding, new Map(problems)])),
    issues: new Map(tables.issues),
    states: new Map(tables.states),
    claims: new Map(tables.claims),
    identities: new Map(tables.identities),
    findings: new Map(tables.findings),
    skips: new Map(tables.skips),
    settings: new Map(tables.settings),
    fixes: new Map(tables.fixes),
    jobs: new Map(tables.jobs),
    ended: tables.ended,
    ledgers: new Map(tables.ledgers),
  };
}

export function end(database: Database, how: 'commit' | 'rollback'): void {
  if (database.open && how === 'commit') database.tables = database.open;
  database.open = null;
  for (const wake of database.waiting.splice(0)) wake();
}

/** Resolves when no transaction is open. */
export async function untilFree(database: Database): Promise<void> {
  while (database.open) {
    const { promise, resolve } = Promise.withResolvers<void>();
    database.waiting.push(resolve);
    await promise;
  }
}
