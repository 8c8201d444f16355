// An alert source in memory, with what people and programs do to its problems.

import type { CrashEvent } from '../../../src/domain/crash/crash-event.ts';
import { Later, Refusal } from '../../../src/domain/failure.ts';
import { repoName, type Problem, type ProjectRef } from '../../../src/domain/problem.ts';
import type { AlertSource, Happening } from '../../../src/ports.ts';

export type AlertProblem = { problem: Problem; event: CrashEvent };

export type AlertProject = {
  ref: ProjectRef;
  id: string;
  releases: number;
  /** Commits that the source has heard of, as `owner/name@sha`. */
  commits: Set<string>;
  /** By problem id. */
  notes: Map<string, string[]>;
  problems: Map<string, AlertProblem>;
  /** When it last came back after it had been resolved or ignored. */
  cameBack: Map<string, number>;
};

/** Every change that Suture asked for, in order. */
export type AlertWrite = { project: ProjectRef; problemId: string; how: string; at: number };

export type Alerts = {
  now: () => number;
  emit: (happening: Happening) => void;
  projects: AlertProject[];
  writes: AlertWrite[];
};

export function newAlerts(now: () => number, emit: (happening: Happening) => void): Alerts {
  return { now, emit, projects: [], writes: [] };
}

export function addProject(alerts: Alerts, ref: ProjectRef): AlertProject {
  const project = {
    ref,
    id: `p-${ref.project}`,
    releases: 0,
    commits: new Set<string>(),
    notes: new Map(),
    problems: new Map(),
    cameBack: new Map(),
  };
  alerts.projects.push(project);
  return project;
}

/** Changes a problem and says so. */
export function changeProblem(
  alerts: Alerts,
  project: AlertProject,
  change: { id: string; fields: Partial<Problem> },
): void {
  const known = project.problems.get(change.id);
  if (!known) return;
  project.problems.set(change.id, { ...known, problem: { ...known.problem, ...change.fields } });
  sayMoved(alerts, project, change.id);
}

export function sayMoved(alerts: Alerts, project: AlertProject, problemId: string): void {
  const hint = { id: project.id, slug: project.ref.project, org: project.ref.org };
  alerts.emit({ kind: 'problem-moved', project: hint, problemId });
}

/** `trusted` false: every call but the smoke test is refused, as with a wrong token. */
export function memorySource(alerts: Alerts, trusted = true): AlertSource {
  const at = (ref: ProjectRef): AlertProject => {
    const project = alerts.projects.find(
      ({ ref: known }) => known.org === ref.org && known.project === ref.project,
    );
    if (!trusted) throw new Refusal('The alert source does not accept the token: set a valid one.');
    if (!project) throw new Refusal(`There is no project ${ref.org}/${ref.project}.`);
    return project;
  };
  return {
    checkAccess: async (ref) => {
      try {
        return { ok: true, projectId: at(ref).id };
      } catch (error) {
        if (error instanceof Refusal) return { ok: false, problem: error.message };
        throw error;
      }
    },
    readUnresolved: async (ref) =>
      [...at(ref).problems.values()]
        .map(({ problem }) => problem)
        .filter((problem) => problem.status === 'unresolved')
        .toSorted((left, right) => right.count - left.count),
    readProblem: async (ref, id) => at(ref).problems.get(id)?.problem ?? null,
    readLatestEvent: async (ref, id) => at(ref).problems.get(id)?.event ?? null,
    resolve: async (ref, id, how) => {
      const project = at(ref);
      const problem = project.problems.get(id)?.problem;
      if (!problem) throw new Refusal(`${ref.org}/${ref.project} has no such problem.`);
      if (problem.status === 'resolved') return { done: true };
      if (how === 'in-next-release' && project.releases === 0) return { done: false, why: 'no-release' };
      if (typeof how === 'object') {
        const known = [...project.commits].map((commit) => commit.split('@'));
        const inRepo = known.filter(([repo]) => repo === repoName(how.repo));
        if (inRepo.length === 0) return { done: false, why: 'unknown-repository' };
        if (!inRepo.some(([, sha]) => sha === how.commit)) return { done: false, why: 'unknown-commit' };
      }
      alerts.writes.push({
        project: ref,
        problemId: id,
        how: typeof how === 'string' ? how : 'in-commit',
        at: alerts.now(),
      });
      changeProblem(alerts, project, { id, fields: { status: 'resolved', substatus: null } });
      return { done: true };
    },
    note: async (ref, id, { text, key }) => {
      const project = at(ref);
      if (!project.problems.has(id)) return 'refused';
      const notes = project.notes.get(id) ?? [];
      if (notes.some((note) => note.includes(key))) return 'there';
      project.notes.set(id, [...notes, text]);
      return 'written';
    },
    hasNote: async (ref, id, key) =>
      at(ref)
        .notes.get(id)
        ?.some((note) => note.includes(key)) ?? false,
    readRelease: async (ref) => {
      const { releases } = at(ref);
      return releases === 0 ? null : `1.0.${releases}`;
    },
    readPathMappings: async (ref) => {
      at(ref);
      return [];
    },
    archive: async (ref, id) => {
      const project = at(ref);
      const problem = project.problems.get(id)?.problem;
      if (!problem) throw new Refusal(`${ref.org}/${ref.project} has no such problem.`);
      if (problem.status !== 'unresolved') return;
      alerts.writes.push({ project: ref, problemId: id, how: 'archive', at: alerts.now() });
      const fields = { status: 'ignored' as const, substatus: 'archived_until_escalating' };
      changeProblem(alerts, project, { id, fields });
    },
  };
}

/** Every call of the source is answered so. */
export function failingSource(later: () => Later): AlertSource {
  const fail = async (): Promise<never> => {
    throw later();
  };
  return {
    checkAccess: fail,
    readUnresolved: fail,
    readProblem: fail,
    readLatestEvent: fail,
    resolve: fail,
    archive: fail,
    note: fail,
    hasNote: fail,
    readRelease: fail,
    readPathMappings: fail,
  };
}
