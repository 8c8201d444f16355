// Whether a failing test shows the crash of the event: the same exception, thrown in the same function.
// It must not run anything, and doubt means no.

import type { CrashEvent } from '../crash/crash-event.ts';
import type { Suspect } from '../crash/location.ts';
import { messageKind, sameKind } from '../crash/message-kind.ts';

/** One call of a stack, as far as it stands in the repository. */
export type ThrownFrame = {
  function: string | null;
  /** Repository-relative. */ path: string;
  line: number | null;
};

/** What a test failed with. */
export type Thrown = {
  /** `TypeError`; null when the runner did not say. */
  type: string | null;
  message: string;
  /** Innermost first; only those in files of the repository. */
  frames: readonly ThrownFrame[];
};

/** One test as its runner told it; `thrown` is null when it passed. */
export type TestOutcome = { name: string; thrown: Thrown | null };

/** The crash to be shown again. */
export type Crashed = { type: string | null; message: string; suspect: Suspect };

/** The exception of the event whose stack was located; null when it has none with a message. */
export function crashedOf(event: CrashEvent, suspect: Suspect, exception = 0): Crashed | null {
  const thrown = event.exceptions[exception] ?? event.exceptions[0];
  return thrown?.value == null ? null : { type: thrown.type, message: thrown.value, suspect };
}

/** Null when it is the same exception in the same function; else a clause that says what differs. */
export function differenceOf(crashed: Crashed, thrown: Thrown): string | null {
  if (crashed.type !== null && thrown.type !== null && lastName(thrown.type) !== lastName(crashed.type))
    return 'another class of exception was thrown';
  if (!sameKind(messageKind(crashed.message), messageKind(thrown.message)))
    return 'the exception has another message';
  return isSamePlace(crashed.suspect, thrown.frames) ? null : 'it was thrown in another function';
}

/** The innermost frame of the repository decides; a callback without a name belongs to the function round it. */
function isSamePlace(suspect: Suspect, frames: readonly ThrownFrame[]): boolean {
  const [innermost] = frames;
  if (innermost?.path !== suspect.path) return false;
  if (innermost.line === suspect.line) return true;
  const wanted = plainName(suspect.function);
  if (wanted === null) return false;
  const named = frames.find((frame) => plainName(frame.function) !== null);
  return named?.path === suspect.path && plainName(named.function) === wanted;
}

function lastName(type: string): string {
  return type.split(/::|\./).at(-1) ?? type;
}

/** `async Sessions.end [as close]` is `end`; null for what has no name. */
function plainName(name: string | null): string | null {
  const plain = (name ?? '')
    .replace(/\s*\[as [^\]]*\]$/, '')
    .replace(/^(?:async|new|get|set)\s+/, '')
    .replace(/::\{\{closure\}\}/g, '');
  const last = plain.split(/::|\.|#/).at(-1) ?? '';
  return last === '' || /[<>]/.test(last) ? null : last;
}
