// Which bindings a thing from outside belongs to. Only the operator's list counts (promise 8).

import { Bug } from '../domain/failure.ts';
import { sameRepo, type Binding, type RepoRef } from '../domain/problem.ts';
import type { BindingState, Ports, ProblemHint } from '../ports.ts';

/** The binding of this id. Throws Bug when the operator has removed it since the job was written. */
export function bindingOf(ports: Pick<Ports, 'bindings'>, bindingId: string): Binding {
  const binding = ports.bindings.find((known) => known.id === bindingId);
  if (!binding) throw new Bug(`The binding ${bindingId} is not in BINDINGS any more.`);
  return binding;
}

export function bindingsOf(ports: Pick<Ports, 'bindings'>, repo: RepoRef): Binding[] {
  return ports.bindings.filter((binding) => sameRepo(binding.repo, repo));
}

/** The binding whose triage issue this is; null for any other issue. */
export async function bindingOfTriage(
  ports: Pick<Ports, 'bindings' | 'store'>,
  repo: RepoRef,
  number: number,
): Promise<Binding | null> {
  for (const binding of bindingsOf(ports, repo))
    if ((await ports.store.readIssue(binding.id))?.number === number) return binding;
  return null;
}

/** Every binding the hint may mean; the fetch that follows asks the source and decides. */
export function bindingsOfHint(
  hint: ProblemHint,
  known: readonly { binding: Binding; state: BindingState | null }[],
): Binding[] {
  return known
    .filter(({ binding, state }) => {
      const { org, slug, id } = hint.project;
      if (org !== null && org !== binding.source.org) return false;
      return (
        slug === binding.source.project ||
        (id !== null && (id === state?.projectId || id === binding.source.project))
      );
    })
    .map(({ binding }) => binding);
}
