// Picks the place to look at first among located frames, or says in a sentence why there is none.
// It must not read code: everything it needs is in the frames.

import type { LocatedFrame, Location, Suspect } from '../location.ts';
import { code } from '../untrusted.ts';

/** Below this a place is worth showing, not worth changing. */
export const fixingThreshold = 0.6;

/** What locating knows of one frame beyond what it publishes. */
export type Finding = {
  located: LocatedFrame;
  /** Every path the frame may mean, best first. */
  candidates: string[];
  /** The enclosing function by syntax, when the file was read. */
  enclosing: string | null;
};

const testPath =
  /(?:^|\/)(?:__tests__|__mocks__|tests?|specs?|e2e|testdata|fixtures)\/|[._-](?:test|spec|e2e|cy)\.[^/]+$|_test\.\w+$|(?:^|\/)(?:test_[^/]*|conftest)\.py$/i;

/** Test code crashes when the code under test does; it is never the suspect. */
export function isTestPath(path: string): boolean {
  return testPath.test(path);
}

/** Frames innermost first. Gives the finished answer. */
export function chooseSuspect(findings: readonly Finding[]): Location {
  const frames = findings.map((finding) => finding.located);
  const candidates = rankedCandidates(findings);
  const own = findings.filter(
    ({ located, candidates: paths }) => located.inApp && paths.length > 0 && !isTestPath(paths[0] ?? ''),
  );
  const nearest = own[0];
  const refusal = nearest ? refusalFor(nearest) : refusalWithout(findings);
  const suspect = nearest && refusal === null ? suspectOf(nearest) : null;
  return { frames, suspect, candidates, refusal };
}

/** Own frames innermost first, each with its best path; then what else those frames may have meant. */
function rankedCandidates(findings: readonly Finding[]): string[] {
  const own = findings.filter(({ located }) => located.inApp);
  const best = own.flatMap(({ candidates }) => candidates.slice(0, 1));
  const rest = own.flatMap(({ candidates }) => candidates.slice(1));
  const code = [...best.filter((path) => !isTestPath(path)), ...best.filter(isTestPath), ...rest];
  return [...new Set(code)].slice(0, 20);
}

function refusalFor({ located, candidates }: Finding): string | null {
  const path = code(candidates[0] ?? '', 200);
  if (located.contextMatches === false)
    return `The event's source line is not in ${path} at this commit: the code has changed since that release, so I do not touch it.`;
  if (located.confidence < fixingThreshold && candidates.length > 1)
    return `The innermost frame may mean any of ${candidates.length} files, ${path} among them: give a code mapping to settle it.`;
  if (located.confidence < fixingThreshold)
    return `I am not sure that the innermost frame means ${path}: give a code mapping to settle it.`;
  if (located.line === null) return `The event names ${path} but no line of it that exists at this commit.`;
  return null;
}

function refusalWithout(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'The event carries no stack trace, so no line can be named.';
  if (findings.some(({ located }) => located.inApp))
    return 'No file of this repository fits the frames of the stack trace: check that the binding names the right repository, or give a code mapping.';
  return 'Every frame of the stack trace is third-party or runtime code: nothing in this repository crashed.';
}

function suspectOf({ located, enclosing }: Finding): Suspect | null {
  if (located.path === null || located.line === null) return null;
  const moved = located.line !== located.reported.line;
  return {
    path: located.path,
    line: located.line,
    column: moved ? null : located.reported.column,
    function: enclosing,
  };
}
