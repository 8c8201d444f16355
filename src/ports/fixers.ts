// What writes a change.
// Nothing here may name an SDK, a path of an API or a vendor's word.

import type { CrashEvent } from '../domain/crash-event.ts';
import type { EarlierAttempt } from '../domain/earlier.ts';
import type { Diagnosis } from '../domain/diagnosis.ts';
import type { FixDescription } from '../domain/fix-description.ts';
import type { Location } from '../domain/location.ts';

export type FixTask = {
  problem: { shortId: string; title: string };
  event: CrashEvent;
  location: Location;
  diagnosis: Diagnosis;
  /** What a person added with `/sentry retry`; hostile text. */
  hint: string | null;
  /** What was tried at this problem before and did not hold, oldest first; absent when nothing was. */
  earlier?: readonly EarlierAttempt[];
  /** The failed step's output, when this is another try; null on the first. */
  previousFailure: string | null;
};

export type FixerResult =
  | { outcome: 'changed'; description: FixDescription }
  | { outcome: 'refused'; tried: { what: string; why: string }[] };

/** Writes a change into a worktree. It gets a folder and a task, never a token, and never commits. */
export interface Fixer {
  readonly name: string;
  fix(task: FixTask, dir: string): Promise<FixerResult>;
}
