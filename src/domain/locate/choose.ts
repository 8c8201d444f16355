// Picks the place to look at first among located frames, or says in a sentence why there is none.
// It must not read code: everything it needs is in the frames.

import type { CrashEvent } from '../crash/crash-event.ts';
import type { LocatedFrame, Location, Origin, Suspect } from '../crash/location.ts';
import { refusalBeneath, refusalFor, refusalWithout } from './refusal.ts';
import { isTestPath } from './test-path.ts';

/** What locating knows of one frame beyond what it publishes. */
export type Finding = {
  located: LocatedFrame;
  /** Every path the frame may mean, best first. */
  candidates: string[];
  /** The enclosing function by syntax; only the finding that decides has it. */
  enclosing: string | null;
  /** Where on the line it crashed, 1-based; null when the line is not the one the column was counted on. */
  column: number | null;
  /** What became of the line between the release and today's head, when it is no longer there. */
  fate?: 'deleted' | 'changed';
};

/** Frames innermost first. Gives the finished answer. */
export function chooseSuspect(
  event: CrashEvent,
  findings: readonly Finding[],
  origin: Origin | null,
): Location {
  const nearest = nearestOwn(findings);
  const refusal = nearest
    ? (refusalFor(nearest, origin) ?? refusalBeneath(nearest, findings))
    : refusalWithout(event, findings);
  return {
    frames: findings.flatMap(({ located }) => (located.rule === 'message' ? [] : [located])),
    suspect: nearest && refusal === null ? suspectOf(nearest) : null,
    candidates: rankedCandidates(findings),
    refusal,
    ...(origin === null ? {} : { origin }),
  };
}

/** The finding that decides: of our code, not of its tests, nearest to the crash. */
export function nearestOwn(findings: readonly Finding[]): Finding | undefined {
  return findings.find(
    ({ located, candidates }) => located.inApp && candidates.length > 0 && !isTestPath(candidates[0] ?? ''),
  );
}

/** Own frames innermost first, each with its best path; then what else those frames may have meant. */
function rankedCandidates(findings: readonly Finding[]): string[] {
  const own = findings.filter(({ located }) => located.inApp);
  const best = own.flatMap(({ candidates }) => candidates.slice(0, 1));
  const rest = own.flatMap(({ candidates }) => candidates.slice(1));
  const ranked = [...best.filter((path) => !isTestPath(path)), ...best.filter(isTestPath), ...rest];
  return [...new Set(ranked)].slice(0, 20);
}

function suspectOf({ located, enclosing, column }: Finding): Suspect | null {
  const { path, line } = located;
  return path === null || line === null ? null : { path, line, column, function: enclosing };
}
