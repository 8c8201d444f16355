// What every command that changes something asks first: may this person.

import type { Problem } from '../../domain/problem.ts';
import type { TriageView } from '../../domain/triage/triage-view.ts';
import type { Ports } from '../../ports.ts';
import { mayApprove, refusePerson } from '../approve.ts';
import type { Place, Scene } from '../scene.ts';

/** Says no once per person and place, and gives false. */
export async function allowed(
  ports: Pick<Ports, 'host' | 'store' | 'clock' | 'signer'>,
  scene: Scene,
  place: Place,
  what: string,
): Promise<boolean> {
  const { author: person, issue } = scene.data;
  const { ok, role } = await mayApprove(ports, place.binding, person);
  if (!ok) await refusePerson(ports, { binding: place.binding, issue, person, role, what });
  return ok;
}

/** What a command may name: also what is hidden. */
export function allProblems(view: TriageView): Problem[] {
  return [...view.active, ...view.hidden.map(({ problem }) => problem)];
}
