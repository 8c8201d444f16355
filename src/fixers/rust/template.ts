// What a Rust template is: it plans changes in order of preference, and the compiler chooses.
// A template must not write files, and must answer every doubt with a finished sentence.

import type { LocatedFrame, Suspect } from '../../domain/crash/location.ts';
import type { Declined, Plan } from '../templates/template.ts';
import type { Crate } from './crate.ts';
import type { Panic, PanicKind } from './panic.ts';
import type { ParseRust, Source } from './source.ts';

export type RustScene = {
  panic: Panic;
  suspect: Suspect;
  /** Frames of the event, the crash first. */
  frames: readonly LocatedFrame[];
  source: Source;
  parse: ParseRust;
  crate: Crate;
};

/** Tried in order. Of the plans in one group exactly one may compile, else the choice is not ours. */
export type PlanGroups = readonly (readonly Plan[])[];

export type RustTemplate = {
  /** Shown to people: `R3 unwrap`. */
  name: string;
  /** The panics it is asked about. */
  kinds: readonly PanicKind[];
  plan(scene: RustScene): PlanGroups | Declined;
};
