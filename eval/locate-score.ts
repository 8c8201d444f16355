// Compares a Location with what is known to be true of a case.
// It must not soften a miss: what cannot be measured is null, everything else counts.

import type { Location } from '../src/domain/crash/location.ts';
import type { LocateCase } from './locate-case.ts';

/** Null: the case does not say. */
export type Score = {
  top1: boolean | null;
  top3: boolean | null;
  function: boolean | null;
  line: boolean | null;
  frames: boolean | null;
  refused: boolean;
  wrongAndConfident: boolean;
};

export function scoreOf(one: LocateCase, location: Location): Score {
  const primary = one.truth.primary;
  const ranked = [...new Set([...(location.suspect ? [location.suspect.path] : []), ...location.candidates])];
  const truePaths = new Set([...one.truth.frames.map((frame) => frame.path), ...one.truth.files]);
  return {
    top1: primary ? ranked[0] === primary.path : null,
    top3: primary ? ranked.slice(0, 3).includes(primary.path) : null,
    function: functionScore(one, location),
    line: lineScore(one, location),
    frames: framesScore(one, location),
    refused: location.suspect === null,
    wrongAndConfident: location.suspect !== null && !truePaths.has(location.suspect.path),
  };
}

/** The enclosing function is the one the frame reports, or one that the real fix changed in that file. */
function functionScore({ event, truth }: LocateCase, location: Location): boolean | null {
  const { primary } = truth;
  if (!primary || primary.line === null) return null;
  const reported = lastName(event.frames[primary.frame]?.function ?? null);
  const changed = truth.functions[primary.path] ?? [];
  if (reported === null && changed.length === 0) return null;
  const found = lastName(location.suspect?.function ?? null);
  if (location.suspect?.path !== primary.path || found === null) return false;
  return found === reported || changed.some((header) => header.split(/\W+/).includes(found));
}

/** `(*Gui).Switch.func1`, `Class.method`, `a::b::{{closure}}` without what the compiler added. */
function lastName(name: string | null): string | null {
  const parts = (name ?? '')
    .replace(/\s*\[as [^\]]*\]/, '')
    .split(/\.|::|\$/)
    .filter((part) => !/^(?:func\d+|\d+|\{.*\}|<anonymous>|)$/.test(part));
  return parts.at(-1)?.split(' ').at(-1) ?? null;
}

/** Only where the case knows the line at the base commit: a line of another release is not the answer. */
function lineScore({ truth }: LocateCase, location: Location): boolean | null {
  const line = truth.primary?.baseLine ?? null;
  if (!truth.primary || line === null) return null;
  const { suspect } = location;
  return suspect !== null && suspect.path === truth.primary.path && Math.abs(suspect.line - line) <= 3;
}

/** Every frame whose place is known got that file. */
function framesScore({ event, truth }: LocateCase, location: Location): boolean | null {
  if (truth.frames.length === 0) return null;
  const last = event.frames.length - 1;
  return truth.frames.every((frame) => location.frames[last - frame.frame]?.path === frame.path);
}
