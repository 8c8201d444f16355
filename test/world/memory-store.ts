// Rows and jobs in memory, for tests that run jobs themselves, one at a time and in any order they like.
// It must not do more than the port promises; the store's own contract is tested on the real one.

import type { Fix } from '../../src/domain/fix.ts';
import { isLive } from '../../src/domain/stage.ts';
import type { BindingState, Job, Rows, Store, StoredIssue, StoredProblem } from '../../src/ports.ts';
import type { Finding } from '../../src/domain/triage/finding.ts';
import type { Run } from '../../src/domain/ledger/ledger.ts';
import type { KnownSettings } from '../../src/domain/settings.ts';
import type { Skip } from '../../src/domain/triage/triage-view.ts';

export type MemoryStore = Store & {
  /** Takes every job that was sent, oldest first; one of each name and key. */
  takeJobs(): Job[];
};

export function createMemoryStore(): MemoryStore {
  const jobs: Job[] = [];
  const send = async (more: readonly Job[]): Promise<void> => void jobs.push(...more);
  const rows: Rows = { ...problemRows(), ...issueRows(), ...noteRows(), ...fixRows(), ...ledgerRows(), send };
  return {
    ...rows,
    // Nothing else runs between two awaits of a job here, so nothing has to be undone.
    transaction: (work) => work(rows),
    takeJobs: () => {
      const taken = jobs.splice(0);
      const keys = taken.map((job, index) =>
        job.key === undefined ? `own ${index}` : `${job.name} ${job.key}`,
      );
      return taken.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
    },
  };
}

/** Two levels: by binding, then by subject. */
function shelf<T>(): { of(bindingId: string): Map<string, T> } {
  const all = new Map<string, Map<string, T>>();
  return {
    of: (bindingId) => {
      const known = all.get(bindingId) ?? new Map<string, T>();
      all.set(bindingId, known);
      return known;
    },
  };
}

function problemRows(): Pick<Rows, 'saveProblems' | 'readProblems' | 'removeProblems'> {
  const problems = shelf<StoredProblem>();
  return {
    saveProblems: async (bindingId, list, readAt) => {
      for (const problem of list) problems.of(bindingId).set(problem.id, { problem, readAt });
    },
    readProblems: async (bindingId) => [...problems.of(bindingId).values()],
    removeProblems: async (bindingId, ids) => {
      for (const id of ids) problems.of(bindingId).delete(id);
    },
  };
}

function issueRows(): Pick<
  Rows,
  | 'updateIssue'
  | 'readIssue'
  | 'saveBindingState'
  | 'readBindingState'
  | 'claim'
  | 'readIdentity'
  | 'keepIdentity'
> {
  const issues = new Map<string, StoredIssue>();
  const states = new Map<string, BindingState>();
  const claims = new Set<string>();
  const identities = new Map<string, number>();
  return {
    readIdentity: async (repo) => identities.get(repo) ?? null,
    keepIdentity: async (repo, id) => void (identities.has(repo) || identities.set(repo, id)),
    updateIssue: async (bindingId, change) => {
      const changed = change(issues.get(bindingId) ?? null);
      if (changed) issues.set(bindingId, changed);
    },
    readIssue: async (bindingId) => issues.get(bindingId) ?? null,
    saveBindingState: async (state) => void states.set(state.bindingId, state),
    readBindingState: async (bindingId) => states.get(bindingId) ?? null,
    claim: async (key) => !claims.has(key) && claims.add(key).has(key),
  };
}

function noteRows(): Pick<
  Rows,
  'saveFinding' | 'readFindings' | 'saveSkip' | 'removeSkip' | 'readSkips' | 'saveSettings' | 'readSettings'
> {
  const findings = shelf<Finding>();
  const skips = shelf<Skip>();
  const settings = new Map<string, KnownSettings>();
  return {
    saveFinding: async (bindingId, finding) => void findings.of(bindingId).set(finding.problemId, finding),
    readFindings: async (bindingId) => [...findings.of(bindingId).values()],
    saveSkip: async (bindingId, skip) => void skips.of(bindingId).set(skip.problemId, skip),
    removeSkip: async (bindingId, problemId) => void skips.of(bindingId).delete(problemId),
    readSkips: async (bindingId) => [...skips.of(bindingId).values()],
    saveSettings: async (known) => void settings.set(known.bindingId, known),
    readSettings: async (bindingId) => settings.get(bindingId) ?? null,
  };
}

function ledgerRows(): Pick<Rows, 'updateLedger' | 'readLedger'> {
  const ledgers = new Map<string, readonly Run[]>();
  return {
    updateLedger: async (repo, change) => {
      const after = change(ledgers.get(repo) ?? []);
      ledgers.set(repo, after);
      return after;
    },
    readLedger: async (repo) => ledgers.get(repo) ?? [],
  };
}

function fixRows(): Pick<Rows, 'createFix' | 'claimRoot' | 'updateFix' | 'readFix' | 'readFixes'> {
  const fixes = new Map<string, Fix>();
  const roots = new Map<string, string>();
  const all = (): Fix[] => [...fixes.values()];
  return {
    createFix: async (fix) => {
      const rival = all().some(
        (one) => one.bindingId === fix.bindingId && one.problemId === fix.problemId && isLive(one.facts),
      );
      if (fixes.has(fix.id) || (rival && isLive(fix.facts))) return false;
      fixes.set(fix.id, fix);
      return true;
    },
    claimRoot: async (id, root) => {
      const fix = fixes.get(id);
      if (!fix || !isLive(fix.facts)) return null;
      const holder = all().find(
        (one) => one.bindingId === fix.bindingId && isLive(one.facts) && roots.get(one.id) === root,
      );
      if (!holder) roots.set(id, root);
      return holder?.id ?? id;
    },
    updateFix: async (id, change) => {
      const fix = fixes.get(id);
      if (!fix) return null;
      const changed = change(fix);
      fixes.set(id, changed);
      return changed;
    },
    readFix: async (id) => fixes.get(id) ?? null,
    readFixes: async (bindingId) => all().filter((fix) => fix.bindingId === bindingId),
  };
}
