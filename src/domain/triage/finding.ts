// What looking at a waiting problem's newest event found in the code, before anybody approves anything.
// It changes nothing and promises nothing; it is shown in the problem's fold.

import type { CrashEvent } from '../crash/crash-event.ts';
import type { Diagnosis } from '../crash/diagnosis.ts';
import type { Location } from '../crash/location.ts';
import type { Problem } from '../problem.ts';

export type LineAuthor = {
  commit: string;
  name: string;
  /** Milliseconds since 1970. */
  at: number;
};

export type Finding = {
  problemId: string;
  /** The event that was read; null when the source keeps none. */
  eventId: string | null;
  /** The commit the lines are of. */
  head: string;
  at: number;
  /** When the problem was last seen, as known then. */
  seenAt: number | null;
  place: { path: string; line: number; function: string | null; permalink: string | null } | null;
  /** Whether the event's source line equals the code; null when it sent none. */
  matches: boolean | null;
  /** Functions of the program's own frames, the crash first. */
  stack: string[];
  releases: { first: string | null; last: string | null } | null;
  author: LineAuthor | null;
  outlook: 'fixable' | 'person' | 'archive';
  /** Why not simply fixable, a finished sentence already safe to publish. */
  remark: string | null;
};

const hour = 60 * 60 * 1000;

/** A newer event is looked at after this long, so that a problem that never rests costs little. */
const renewAfterMs = 6 * hour;
/** The code moves, too. */
const staleAfterMs = 24 * hour;

/** True when the problem's newest event is worth a look. */
export function needsLook(problem: Problem, finding: Finding | undefined, now: number): boolean {
  if (!finding) return true;
  const age = now - finding.at;
  const newer = problem.lastSeen !== null && problem.lastSeen > (finding.seenAt ?? 0);
  return age > staleAfterMs || (newer && age > renewAfterMs);
}

export type Looked = {
  problem: Problem;
  event: CrashEvent;
  location: Location;
  diagnosis: Diagnosis;
  head: string;
  /** The repository's page on the host. */
  webUrl: string;
  author: LineAuthor | null;
  now: number;
};

export function findingOf(looked: Looked): Finding {
  const { problem, event, location, diagnosis, head } = looked;
  const { suspect } = location;
  const frame = location.frames.find(({ path, line }) => path === suspect?.path && line === suspect?.line);
  return {
    ...emptyFinding(looked, event.id),
    head,
    place: suspect && {
      path: suspect.path,
      line: suspect.line,
      function: suspect.function,
      permalink: permalink(looked.webUrl, head, suspect),
    },
    matches: frame?.contextMatches ?? null,
    stack: stackOf(location),
    releases: problem.releases ?? (event.release === null ? null : { first: null, last: event.release }),
    author: looked.author,
    ...outlookOf(location, diagnosis),
  };
}

/** What is kept when there is no event to read, so that it is not asked for again and again. */
export function emptyFinding(
  input: { problem: Problem; head: string; now: number },
  eventId: string | null,
): Finding {
  const { problem, head, now } = input;
  return {
    problemId: problem.id,
    eventId,
    head,
    at: now,
    seenAt: problem.lastSeen,
    place: null,
    matches: null,
    stack: [],
    releases: problem.releases,
    author: null,
    outlook: 'person',
    remark: null,
  };
}

function outlookOf(location: Location, diagnosis: Diagnosis): Pick<Finding, 'outlook' | 'remark'> {
  if (!diagnosis.actionable) return { outlook: 'archive', remark: diagnosis.reason };
  if (location.refusal !== null) return { outlook: 'person', remark: location.refusal };
  if (location.suspect === null) return { outlook: 'person', remark: null };
  return { outlook: 'fixable', remark: null };
}

const mostFrames = 4;

function stackOf(location: Location): string[] {
  const names = location.frames
    .filter((frame) => frame.inApp && frame.function !== null)
    .map((frame) => frame.function ?? '');
  return names.filter((name, index) => name !== names[index - 1]).slice(0, mostFrames);
}

/** Lines round the suspect at that commit; on a line of its own, the host shows the code. */
function permalink(webUrl: string, head: string, suspect: { path: string; line: number }): string {
  const path = suspect.path.split('/').map(encodeURIComponent).join('/');
  return `${webUrl}/blob/${head}/${path}#L${Math.max(1, suspect.line - 2)}-L${suspect.line + 2}`;
}
