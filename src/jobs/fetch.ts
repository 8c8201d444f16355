// Brings the list of problems up to date from the source. A source that is down changes nothing here.

import { Refusal } from '../domain/failure.ts';
import { stageOf, type Stage } from '../domain/stage.ts';
import type { Binding } from '../domain/problem.ts';
import type { Job, JobData, Ports, Rows } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { rebuildFixes } from './rebuild.ts';
import { readRepositorySettings } from './read-repository-settings.ts';
import { refreshJob, settleJob } from './receive-delivery.ts';
import { readKnownSettings } from './view.ts';
import { watchJob } from './watch.ts';

type Needs = Pick<Ports, 'source' | 'host' | 'store' | 'clock' | 'bindings' | 'signer' | 'log' | 'documents'>;

/**
 * 1. smoke-test  2. read the repository's settings  3. read every page  4. save what is there, drop what is gone
 * 5. refresh the triage issue.
 */
export async function fetchProblems(ports: Needs, data: JobData['fetch']): Promise<void> {
  const binding = bindingOf(ports, data.bindingId);
  if (await isEarly(ports, binding)) return;
  if (!(await checkBinding(ports, binding))) return;
  const { days, query } = await readRepositorySettings(ports, binding);
  const problems = await ports.source.readUnresolved(binding.source, { days, narrow: query });
  const listed = new Set(problems.map((problem) => problem.id));
  const at = ports.clock.now();
  await ports.store.transaction(async (rows) => {
    const gone = (await rows.readProblems(binding.id)).filter(({ problem }) => !listed.has(problem.id));
    await rows.removeProblems(
      binding.id,
      gone.map(({ problem }) => problem.id),
    );
    await rows.saveProblems(binding.id, problems, at);
    await noteVanished(
      rows,
      binding,
      gone.map(({ problem }) => problem.id),
    );
    const state = await rows.readBindingState(binding.id);
    if (state) await rows.saveBindingState({ ...state, listedAt: at });
    await rows.send([refreshJob(binding.id), ...(await backJobs(rows, binding, listed))]);
  });
}

/** Also of one that is still at work: its pull request, once open, is one that perhaps nobody needs. */
const beforeMerge: readonly Stage[] = ['approved', 'working', 'proposed'];

/** A fix whose problem is not listed any more is looked at: its pull request asks the source why. */
async function noteVanished(rows: Rows, binding: Binding, problemIds: readonly string[]): Promise<void> {
  if (problemIds.length === 0) return;
  const open = (await rows.readFixes(binding.id)).filter(
    ({ problemId, facts }) => problemIds.includes(problemId) && beforeMerge.includes(stageOf(facts)),
  );
  for (const { id } of open)
    await rows.updateFix(id, (fix) => {
      const { facts } = fix;
      return { ...fix, facts: { ...facts, life: { ...facts.life, vanished: true } } };
    });
  await rows.send(open.map(({ id }) => settleJob(id)));
}

/** What was resolved by us, is watched and is listed as unresolved is looked at now. */
async function backJobs(rows: Rows, binding: Binding, listed: ReadonlySet<string>): Promise<Job[]> {
  const fixes = await rows.readFixes(binding.id);
  const watched = fixes.filter(({ facts }) => facts.watch !== null && facts.watch.end === null);
  return watched.filter((fix) => listed.has(fix.problemId)).map((fix) => watchJob(fix.id));
}

/** A repository may ask to be fetched less often than the operator's timer turns. */
async function isEarly(ports: Needs, binding: Binding): Promise<boolean> {
  const { fetchMinutes } = (await readKnownSettings(ports, binding)).settings;
  const state = await ports.store.readBindingState(binding.id);
  if (fetchMinutes === null || !state || state.paused !== null || state.listedAt === null) return false;
  // A timer that turns a little early must not lose a whole turn.
  return ports.clock.now() - state.checkedAt < fetchMinutes * 60_000 * 0.95;
}

/** 1. read that problem as it is now  2. save or drop it  3. refresh the triage issue. */
export async function fetchProblem(ports: Needs, data: JobData['fetch-problem']): Promise<void> {
  const binding = bindingOf(ports, data.bindingId);
  const problem = await ports.source.readProblem(binding.source, data.problemId);
  await ports.store.transaction(async (rows) => {
    if (problem?.status === 'unresolved') await rows.saveProblems(binding.id, [problem], ports.clock.now());
    else {
      await rows.removeProblems(binding.id, [data.problemId]);
      await noteVanished(rows, binding, [data.problemId]);
    }
    const listed = new Set(problem?.status === 'unresolved' ? [problem.id] : []);
    await rows.send([refreshJob(binding.id), ...(await backJobs(rows, binding, listed))]);
  });
}

/**
 * Asks the source and the host whether the binding works. A mistake pauses this binding only: it is said in the
 * log, on /readyz and, where it can be, on the triage issue. Gives true when the binding may go on.
 */
export async function checkBinding(ports: Needs, binding: Binding): Promise<boolean> {
  const report = await ports.source.checkAccess(binding.source);
  const paused = report.ok ? await hostProblem(ports, binding) : report.problem;
  const before = await ports.store.readBindingState(binding.id);
  if (paused === null && (before?.listedAt ?? null) === null) await rebuildFixes(ports, binding);
  await ports.store.saveBindingState({
    ...before,
    bindingId: binding.id,
    paused,
    projectId: report.ok ? report.projectId : (before?.projectId ?? null),
    checkedAt: ports.clock.now(),
    listedAt: before?.listedAt ?? null,
  });
  if (paused === null) return true;
  ports.log.warn({ binding: binding.id, problem: paused }, 'binding paused');
  if (before?.paused !== paused) await ports.store.send([refreshJob(binding.id)]);
  return false;
}

async function hostProblem(ports: Needs, binding: Binding): Promise<string | null> {
  try {
    const repository = await ports.host.readRepository(binding.repo);
    return repository.archived
      ? `${binding.repo.owner}/${binding.repo.name} is archived on GitHub; remove the binding or unarchive it.`
      : null;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}
