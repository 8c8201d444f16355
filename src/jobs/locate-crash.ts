// From an event's stack to the place in the repository: the steps, in order.
// It must not decide: which path, which line and how sure is src/domain/locate/'s.

import type { CrashEvent } from '../domain/crash/crash-event.ts';
import { chooseSuspect } from '../domain/locate/choose.ts';
import type { PathMapping } from '../domain/locate/find-path.ts';
import { betterFindings } from '../domain/locate/origin.ts';
import type { Location } from '../domain/crash/location.ts';
import type { History, Repository, SourceMaps, Syntax } from '../ports.ts';
import { carryFindings } from './locate/carry-findings.ts';
import { findOrigin } from './locate/find-origin.ts';
import { locateFrames } from './locate/locate-frames.ts';

export type LocateInput = {
  event: CrashEvent;
  repository: Repository;
  syntax: Syntax;
  /** The commit to name lines at: today's head. */
  base: string;
  mappings: readonly PathMapping[];
  /** Without it every line is taken to be of `base`. */
  history?: History;
  /** Without it frames of built JavaScript stay as they are. */
  sourceMaps?: SourceMaps;
};

/**
 * Locates every frame of the event at `base`, and the suspect among them. Frames are read at the commit that
 * the event's release was built from, when that can be found, and carried to `base` from there. Throws only
 * what the repository throws; whatever the event holds, the answer is a Location.
 */
export async function locateCrash(input: LocateInput): Promise<Location> {
  const origin = await findOrigin(input);
  if (origin === null || origin.commit === input.base)
    return chooseSuspect(input.event, await locateFrames(input, input.base), origin);
  const released = await locateFrames(input, origin.commit);
  const today = await locateFrames(input, input.base);
  if (betterFindings({ origin, released, today }) === 'today') return chooseSuspect(input.event, today, null);
  return chooseSuspect(input.event, await carryFindings(input, origin, released), origin);
}
