// Looks round a located crash: callers, the value's origin, the commit, the owners, the same pattern elsewhere.
// It must not change the location: all it finds is for people and fixers to weigh.

import type { CrashEvent } from '../domain/crash/crash-event.ts';
import type { LocatedFrame, Location, Suspect } from '../domain/crash/location.ts';
import { codeOwnersPaths, ownersOf } from '../domain/locate/code-owners.ts';
import { isTestPath } from '../domain/locate/test-path.ts';
import { brokenExpression, valueOrigin, type ValueOrigin } from '../domain/locate/value-origin.ts';
import type { Surroundings } from '../domain/crash/surroundings.ts';
import type { History, Repository, Syntax } from '../ports.ts';

export type LookAround = {
  event: CrashEvent;
  location: Location;
  repository: Repository;
  history: History;
  syntax: Syntax;
  /** The commit that the location's lines are of. */
  base: string;
};

/** Shorter expressions stand everywhere. */
const shortestExpression = 8;
const mostPlaces = 20;
const mostHits = 500;

/** Null when there is no suspect to look round. */
export async function lookAround(input: LookAround): Promise<Surroundings | null> {
  const { suspect } = input.location;
  if (suspect === null) return null;
  const text = await input.repository.readText(input.base, suspect.path);
  const lines = (text ?? '').split('\n');
  const [suspectCommit, owners, samePattern] = await Promise.all([
    findSuspectCommit(input, suspect, lines.length),
    findOwners(input, suspect),
    findSamePattern(input, suspect, lines[suspect.line - 1] ?? ''),
  ]);
  return {
    callers: callersOf(input.location, suspect),
    valueOrigin: originOf(input, suspect, text ?? ''),
    suspectCommit,
    owners,
    samePattern,
  };
}

function suspectFrame(location: Location, suspect: Suspect): LocatedFrame | undefined {
  return location.frames.find((frame) => frame.path === suspect.path && frame.line === suspect.line);
}

function callersOf(location: Location, suspect: Suspect): Surroundings['callers'] {
  const from = suspectFrame(location, suspect)?.index ?? 0;
  return location.frames
    .filter((frame) => frame.index > from && frame.inApp)
    .flatMap(({ function: name, path, line }) =>
      path === null || line === null ? [] : [{ function: name, path, line }],
    )
    .slice(0, 5);
}

function messageOf({ event, location }: LookAround, suspect: Suspect): string {
  const index = suspectFrame(location, suspect)?.exception ?? event.exceptions.length - 1;
  return event.exceptions[index]?.value ?? event.message ?? '';
}

function originOf(input: LookAround, suspect: Suspect, text: string): ValueOrigin | null {
  const enclosing = input.syntax.enclosingFunction(suspect.path, text, suspect.line);
  return valueOrigin({
    message: messageOf(input, suspect),
    lines: text.split('\n'),
    line: suspect.line,
    functionStart: enclosing?.startLine ?? null,
  });
}

/** The youngest of the crash line and those beside it: what was touched last broke it more often than not. */
async function findSuspectCommit(
  { history, base }: LookAround,
  { path, line }: Suspect,
  lineCount: number,
): Promise<Surroundings['suspectCommit']> {
  const blamed = await history.blame(base, path, {
    from: Math.max(1, line - 1),
    to: Math.min(lineCount, line + 1),
  });
  const youngest = blamed.toSorted((left, right) => right.at - left.at)[0];
  if (!youngest) return null;
  const { commit, author, at, summary } = youngest;
  return { commit, author, at, summary };
}

async function findOwners({ repository, base }: LookAround, { path }: Suspect): Promise<string[]> {
  for (const file of codeOwnersPaths) {
    const text = await repository.readText(base, file);
    if (text !== null) return ownersOf(text, path);
  }
  return [];
}

async function findSamePattern(
  input: LookAround,
  suspect: Suspect,
  line: string,
): Promise<Surroundings['samePattern']> {
  const expression = brokenExpression(messageOf(input, suspect), line);
  const at = expression === null ? -1 : line.indexOf(expression);
  const written = at < 0 ? '' : (/^[\w$.?!]+/.exec(line.slice(at + (expression ?? '').length))?.[0] ?? '');
  const pattern = `${expression ?? ''}${written}`;
  if (pattern.length < shortestExpression) return { count: 0, places: [] };
  const hits = await input.repository.searchText(input.base, pattern, mostHits);
  const places = hits.filter(
    (hit) => !isTestPath(hit.path) && (hit.path !== suspect.path || hit.line !== suspect.line),
  );
  return { count: places.length, places: places.slice(0, mostPlaces) };
}
