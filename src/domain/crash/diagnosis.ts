// What a crash means, in four to six sentences, and whether code should change at all.

import type { CrashEvent } from './crash-event.ts';
import type { Location } from './location.ts';
import type { Surroundings } from './surroundings.ts';

export type Diagnosis = {
  /** Four to six finished sentences, already safe to publish (through untrusted.ts). */
  sentences: string[];
  /** False leads to the archive proposal, never to code. */
  actionable: boolean;
  /** Why not actionable, a finished sentence; null when actionable. */
  reason: string | null;
  /** One sentence: the root cause, for the commit message. */
  rootCause: string;
};

export type DiagnosisInput = {
  event: CrashEvent;
  location: Location;
  /** Text of the suspect's line at the base commit. */
  suspectLine: string | null;
  /** What looking round found; without it the diagnosis says less. */
  surroundings?: Surroundings | null;
};
