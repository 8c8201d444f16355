// The rows of the store over tables in memory.

import { isLive } from '../../../src/domain/stage.ts';
import type { Clock, Rows } from '../../../src/ports.ts';
import { sendJobs } from './queue.ts';
import type { Database, Tables } from './database.ts';

/** `tables` gives those to work on: the committed ones, or those of the open transaction. */
export function rowsOn(database: Database, clock: Clock, tables: () => Tables): Rows {
  return {
    saveProblems: async (bindingId, problems, readAt) => {
      const known = tables().problems.get(bindingId) ?? new Map();
      for (const problem of problems) known.set(problem.id, { problem, readAt });
      tables().problems.set(bindingId, known);
    },
    readProblems: async (bindingId) =>
      [...(tables().problems.get(bindingId)?.values() ?? [])].toSorted((left, right) =>
        left.problem.id < right.problem.id ? -1 : 1,
      ),
    removeProblems: async (bindingId, ids) => {
      for (const id of ids) tables().problems.get(bindingId)?.delete(id);
    },
    updateIssue: async (bindingId, change) => {
      const changed = change(tables().issues.get(bindingId) ?? null);
      if (changed) tables().issues.set(bindingId, changed);
    },
    readIssue: async (bindingId) => tables().issues.get(bindingId) ?? null,
    saveBindingState: async (state) => void tables().states.set(state.bindingId, state),
    readBindingState: async (bindingId) => tables().states.get(bindingId) ?? null,
    readIdentity: async (repo) => tables().identities.get(repo.toLowerCase()) ?? null,
    keepIdentity: async (repo, id) => {
      const { identities } = tables();
      if (!identities.has(repo.toLowerCase())) identities.set(repo.toLowerCase(), id);
    },
    claim: async (key, at) => {
      if (tables().claims.has(key)) return false;
      tables().claims.set(key, at);
      return true;
    },
    updateLedger: async (repo, change) => {
      const key = repo.toLowerCase();
      const after = structuredClone(change(tables().ledgers.get(key) ?? []));
      tables().ledgers.set(key, after);
      return after;
    },
    readLedger: async (repo) => tables().ledgers.get(repo.toLowerCase()) ?? [],
    ...fixRows(tables),
    ...noteRows(tables),
    send: async (jobs) => sendJobs({ database, tables: tables(), now: clock.now() }, jobs),
  };
}

type Notes =
  | 'saveFinding'
  | 'readFindings'
  | 'saveSkip'
  | 'removeSkip'
  | 'readSkips'
  | 'saveSettings'
  | 'readSettings';

function of<T>(map: ReadonlyMap<string, T>, bindingId: string): T[] {
  return [...map].filter(([key]) => key.startsWith(`${bindingId}#`)).map(([, value]) => value);
}

/** Notes of a binding lie under `binding#problem`. */
function noteRows(tables: () => Tables): Pick<Rows, Notes> {
  return {
    saveFinding: async (bindingId, finding) =>
      void tables().findings.set(`${bindingId}#${finding.problemId}`, finding),
    readFindings: async (bindingId) => of(tables().findings, bindingId),
    saveSkip: async (bindingId, skip) => void tables().skips.set(`${bindingId}#${skip.problemId}`, skip),
    removeSkip: async (bindingId, problemId) => void tables().skips.delete(`${bindingId}#${problemId}`),
    readSkips: async (bindingId) => of(tables().skips, bindingId),
    saveSettings: async (known) => void tables().settings.set(known.bindingId, known),
    readSettings: async (bindingId) => tables().settings.get(bindingId) ?? null,
  };
}

function fixRows(
  tables: () => Tables,
): Pick<Rows, 'createFix' | 'claimRoot' | 'updateFix' | 'readFix' | 'readFixes'> {
  const liveTwin = (fix: { id: string; bindingId: string; problemId: string }): boolean =>
    [...tables().fixes.values()].some(
      (other) =>
        other.live &&
        other.fix.id !== fix.id &&
        other.fix.bindingId === fix.bindingId &&
        (other.fix.problemId === fix.problemId ||
          (other.root !== null && other.root === tables().fixes.get(fix.id)?.root)),
    );
  return {
    createFix: async (fix) => {
      const live = isLive(fix.facts);
      if (tables().fixes.has(fix.id) || (live && liveTwin(fix))) return false;
      tables().fixes.set(fix.id, { fix: structuredClone(fix), live, root: null });
      return true;
    },
    claimRoot: async (id, root) => {
      const known = tables().fixes.get(id);
      if (!known?.live) return null;
      const holder = [...tables().fixes.values()].find(
        (other) =>
          other.live &&
          other.root === root &&
          other.fix.id !== id &&
          other.fix.bindingId === known.fix.bindingId,
      );
      tables().fixes.set(id, { ...known, root: holder ? null : root });
      return holder?.fix.id ?? id;
    },
    updateFix: async (id, change) => {
      const known = tables().fixes.get(id);
      if (!known) return null;
      const fix = change(known.fix);
      if (fix === known.fix) return fix;
      const live = isLive(fix.facts) && !liveTwin(fix);
      tables().fixes.set(id, { ...known, fix: structuredClone(fix), live });
      return fix;
    },
    readFix: async (id) => tables().fixes.get(id)?.fix ?? null,
    readFixes: async (bindingId) =>
      [...tables().fixes.values()].map(({ fix }) => fix).filter((fix) => fix.bindingId === bindingId),
  };
}
