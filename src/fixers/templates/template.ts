// What a template is: it says whether it applies to a crash, and plans the edits if it does.
// A template must not write files, and must answer every doubt with a finished sentence.

import type { FixDescription, FixerResult } from '../../ports.ts';
import type { LocatedFrame, Suspect } from '../../domain/location.ts';
import type { Crash, CrashKind } from './crash.ts';
import type { Dereference } from './dereference.ts';
import type { Edit } from './edits.ts';
import type { OpenProject } from './project.ts';

/** Why not, as a finished sentence for people. */
export type Declined = { why: string };

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

/** A refusal with one thing tried. */
export function refused(what: string, { why }: Declined): FixerResult {
  return { outcome: 'refused', tried: [{ what, why }] };
}
