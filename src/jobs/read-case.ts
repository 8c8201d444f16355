// All that is known of a crash before anything is changed: the newest event, the repository at its base, the place.
// What does not wait for each other is asked together.

import type { CrashEvent } from '../domain/crash/crash-event.ts';
import { Refusal } from '../domain/failure.ts';
import type { Fix } from '../domain/fix.ts';
import { maskedEvent, maskedProblem } from '../domain/triage/masked.ts';
import type { Binding, Problem } from '../domain/problem.ts';
import type { Settings } from '../domain/settings.ts';
import { code } from '../domain/untrusted.ts';
import type { GitAccess, Ports, Repository } from '../ports.ts';
import { diagnoseCrash, type Found } from './diagnose-crash.ts';
import { together } from './together.ts';
import { readKnownSettings } from './view.ts';

export type Case = {
  problem: Problem;
  event: CrashEvent;
  settings: Settings;
  access: GitAccess;
  repository: Repository;
  base: { branch: string; commit: string };
  found: Found;
};

/** Takes the branch to work on; without one the settings decide. Throws Refusal where nothing can be read. */
export async function readCase(
  ports: Ports,
  { binding, fix, branch }: { binding: Binding; fix: Fix; branch?: string },
): Promise<Case> {
  const { settings } = await readKnownSettings(ports, binding);
  const [crash, { access, repository }, wanted, mappings] = await together([
    readCrash(ports, binding, fix),
    fetchRepository(ports, binding),
    branch ?? settings.baseBranch ?? readDefaultBranch(ports, binding),
    ports.source.readPathMappings(binding.source, binding.repo),
  ]);
  const event = maskedEvent(crash.event, settings.mask);
  const base = await readBase(repository, wanted);
  const found = await diagnoseCrash(ports, { event, repository, base: base.commit, mappings });
  const problem = maskedProblem(crash.problem, settings.mask);
  return { problem, event, settings, access, repository, base, found };
}

async function readCrash(
  ports: Ports,
  binding: Binding,
  fix: Fix,
): Promise<{ problem: Problem; event: CrashEvent }> {
  const [problem, event] = await together([
    ports.source.readProblem(binding.source, fix.problemId),
    ports.source.readLatestEvent(binding.source, fix.problemId),
  ]);
  if (!problem)
    throw new Refusal(
      'Sentry does not show this issue in the bound project any more; it was deleted, merged or moved.',
    );
  if (!event)
    throw new Refusal('Sentry keeps no event of this issue any more, so there is no stack trace to read.');
  return { problem, event };
}

async function fetchRepository(
  ports: Ports,
  binding: Binding,
): Promise<{ access: GitAccess; repository: Repository }> {
  const access = await ports.host.gitAccess(binding.repo);
  return { access, repository: await ports.git.fetchMirror(binding.repo, access) };
}

async function readDefaultBranch(ports: Ports, binding: Binding): Promise<string> {
  return (await ports.host.readRepository(binding.repo)).defaultBranch;
}

async function readBase(repository: Repository, branch: string): Promise<Case['base']> {
  const commit = await repository.resolveRevision(branch);
  if (commit === null) throw new Refusal(`There is no branch ${code(branch, 80)} with a commit.`);
  return { branch, commit };
}
