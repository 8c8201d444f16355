// What a test must crash with to show the crash of the event. It must not run anything.

import { crashedOf, type Crashed } from '../../domain/proof/reproduction.ts';
import type { FixTask } from '../../ports.ts';

/** Null when the event has no exception with a message, or no place. */
export function crashOf(task: FixTask): Crashed | null {
  const { suspect, frames } = task.location;
  if (suspect === null) return null;
  const frame = frames.find((one) => one.path === suspect.path && one.line === suspect.line);
  return crashedOf(task.event, suspect, frame?.exception);
}
