// What a template is: it says whether it applies to a crash, and plans the edits if it does.
// A template must not write files, and must answer every doubt with a finished sentence.

import type { FixDescription, Refused } from '../../ports.ts';
import type { LocatedFrame, Suspect } from '../../domain/crash/location.ts';
import type { Crash, CrashKind } from './crash.ts';
import type { Dereference } from './dereference.ts';
import type { Edit } from './edits.ts';
import type { OpenProject } from './project.ts';

/** Why not, as a finished sentence for people; `far` when the crash is not even of the template's kind. */
export type Declined = { why: string; far?: true };

export type Scene = {
  crash: Crash;
  suspect: Suspect;
  /** Frames of the event, the crash first. */
  frames: readonly LocatedFrame[];
  project: OpenProject;
  /** Accesses on the suspect's line that fit the crash's wording and column, at least one. */
  accesses: readonly Dereference[];
};

export type Plan = { edits: Edit[]; description: FixDescription };

export type Template = {
  /** Shown to people: `T1 non-null assertion`. */
  name: string;
  /** The crashes it is asked about. */
  kinds: readonly CrashKind[];
  plan(scene: Scene): Plan | Declined;
};

/** Tells a refusal from a result. */
export function isDeclined(answer: object | string): answer is Declined {
  return typeof answer === 'object' && 'why' in answer;
}

/** Refusals, those first that tell most: where the crash was the template's own and a condition failed. */
export function nearestFirst(
  tried: readonly { what: string; declined: Declined }[],
): { what: string; why: string }[] {
  const far = ({ declined }: { declined: Declined }) => (declined.far === true ? 1 : 0);
  return tried
    .toSorted((left, right) => far(left) - far(right))
    .map(({ what, declined }) => ({ what, why: declined.why }));
}

/** A refusal with one thing tried. */
export function refused(what: string, { why }: Declined): Refused {
  return { outcome: 'refused', tried: [{ what, why }] };
}
