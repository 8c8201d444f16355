// Says what a crash means in four to six sentences a reader can check, and whether code should change.
// It must not add what the event and the location do not show: no guess is written down as a fact.

import { judge } from '../triage/actionable.ts';
import { kindOfCrash, type CrashKind } from './crash-kinds.ts';
import type { Breadcrumb, CrashEvent, Exception } from './crash-event.ts';
import type { Diagnosis, DiagnosisInput } from './diagnosis.ts';
import { callerOf } from '../locate/value-origin.ts';
import type { LocatedFrame, Location } from './location.ts';
import { code, inline } from '../untrusted.ts';

/** Takes the event and where it was located; every text of the event comes out inert. */
export function diagnose(input: DiagnosisInput): Diagnosis {
  const { event, location } = input;
  const judgement = judge(input);
  const thrown = exceptionOf(event, location);
  const kind = kindOfCrash(thrown?.type ?? null, thrown?.value ?? event.message ?? event.title);
  const rootCause = rootCauseOf(kind, location, thrown, event);
  const sentences = [
    activityOf(event),
    rootCause,
    placeOf(location, input.suspectLine),
    judgement.actionable ? natureOf(kind) : `Not actionable: ${judgement.reason}`,
    judgement.actionable ? scopeOf(kind, input) : 'I propose to archive it, and leave the code alone.',
    alsoKnown(input),
  ].filter((sentence) => sentence !== null);
  return {
    sentences,
    actionable: judgement.actionable,
    reason: judgement.actionable ? null : judgement.reason,
    rootCause,
  };
}

/** The exception whose stack names the suspect; else the one people see, the outermost. */
function exceptionOf(event: CrashEvent, location: Location): Exception | null {
  const frame = suspectFrame(location);
  const index = frame?.exception ?? event.exceptions.length - 1;
  return event.exceptions[index] ?? null;
}

function suspectFrame(location: Location): LocatedFrame | null {
  const { suspect } = location;
  const same = location.frames.find((frame) => frame.path === suspect?.path && frame.line === suspect?.line);
  return same ?? null;
}

// ---------------------------------------------------------------- what the user was doing

function activityOf(event: CrashEvent): string {
  const parts = [requestOf(event), stepsOf(event.breadcrumbs)].filter((part) => part !== null);
  const release = event.release === null ? '' : ` in release ${code(versionOf(event.release), 60)}`;
  if (parts.length > 0) return `It happened ${parts.join(', ')}${release}.`;
  return `The event${release} records neither a request nor a step of the user before the crash.`;
}

/** `shop@1.4.2` is the project and its version. */
function versionOf(release: string): string {
  return release.slice(release.lastIndexOf('@') + 1);
}

function requestOf({ request, tags }: CrashEvent): string | null {
  const url = request?.url ?? tags['url'] ?? null;
  const place = url === null ? null : pathOf(url);
  if (place === null) return tags['transaction'] ? `in ${code(tags['transaction'], 80)}` : null;
  return `at ${code(`${request?.method ?? ''} ${place}`.trim(), 120)}`;
}

/** Without host and query: they carry names and tokens and say nothing of the code. */
function pathOf(url: string): string {
  return url.replace(/^[a-z][\w+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/s, '') || '/';
}

/** The last two things the user did, oldest first. */
function stepsOf(breadcrumbs: readonly Breadcrumb[]): string | null {
  const steps = breadcrumbs.flatMap((crumb) => stepOf(crumb) ?? []).slice(-2);
  return steps.length === 0 ? null : `after ${steps.join(' and ')}`;
}

function stepOf(crumb: Breadcrumb): string | null {
  const category = crumb.category ?? '';
  const data = crumb.data ?? {};
  if (category === 'ui.click' && crumb.message) return `a click on ${code(crumb.message, 60)}`;
  if (category === 'ui.input' && crumb.message) return `typing into ${code(crumb.message, 60)}`;
  if (category === 'navigation' && typeof data['to'] === 'string')
    return `going to ${code(pathOf(data['to']), 80)}`;
  if (/^(?:fetch|xhr|http|httplib)$/.test(category) && typeof data['url'] === 'string')
    return `a request to ${code(pathOf(data['url']), 80)}${statusOf(data['status_code'])}`;
  return null;
}

function statusOf(status: unknown): string {
  return typeof status === 'number' ? ` (status ${status})` : '';
}

// ---------------------------------------------------------------- why, where, what it is

function rootCauseOf(
  kind: CrashKind,
  location: Location,
  thrown: Exception | null,
  event: CrashEvent,
): string {
  const what = subjectOf(thrown, event);
  const { suspect } = location;
  const where = suspect
    ? ` ${suspect.function === null ? '' : `in ${code(suspect.function, 80)} `}at ${code(`${suspect.path}:${suspect.line}`, 200)}`
    : '';
  if (kind.why !== null) return `${what}${where} because ${kind.why}.`;
  const message = (thrown?.value ?? event.message ?? '').trim();
  return message === ''
    ? `${what}${where}, without a message.`
    : `${what}${where} with the message ${code(message, 140)}.`;
}

function subjectOf(thrown: Exception | null, event: CrashEvent): string {
  if (thrown?.type) return `${code(thrown.type, 60)} is thrown`;
  return event.title.trim() === '' ? 'An error is reported' : `${code(event.title, 80)} is reported`;
}

function placeOf(location: Location, line: string | null): string {
  const frame = suspectFrame(location);
  if (!location.suspect || !frame) return location.refusal ?? 'The trace names no line of this repository.';
  const how = `The place is known by ${inline(frame.rule, 60)} (${Math.round(frame.confidence * 100)} % sure)`;
  const fit = fitOf(frame);
  return line === null || line.trim() === ''
    ? `${how}; ${fit}.`
    : `${how}; ${fit}: ${code(line.trim(), 140)}.`;
}

function fitOf(frame: LocatedFrame): string {
  if (frame.contextMatches !== true) return 'the event carries no source line to compare with the code there';
  if (frame.line !== frame.reported.line)
    return 'the source line of the event has moved there since the release';
  return 'the source line of the event equals the code there';
}

function natureOf({ nature }: CrashKind): string {
  if (nature === 'bug') return 'This is a mistake in the code, not a failure to be expected.';
  if (nature === 'expected failure')
    return 'This failure is to be expected now and then; the code lacks the handling of it.';
  return 'The message does not show whether the code is wrong or the failure was to be expected.';
}

function scopeOf({ scope }: CrashKind, input: DiagnosisInput): string {
  const source = sourceOf(input);
  if (scope === 'one line') return `A check on that line may be enough${source}.`;
  if (scope === 'structural') return `One line will hardly mend it${source}.`;
  return `How large a repair is needed cannot be told from the event${source}.`;
}

/** One step back: where the value was made, else who called. */
function sourceOf({ location, surroundings }: DiagnosisInput): string {
  const origin = surroundings?.valueOrigin;
  if (origin && !origin.argument)
    return `; the value of ${code(origin.expression, 80)} is made at line ${origin.line}: ${code(origin.text, 120)}`;
  const frame = suspectFrame(location);
  const caller = frame === null ? null : callerOf(location.frames, frame.index);
  return caller === null
    ? ''
    : `; the value may come from its caller ${code(`${caller.path}:${caller.line}`, 200)}`;
}

/** What else a reader would look up; null when there is nothing. */
function alsoKnown({ location, surroundings }: DiagnosisInput): string | null {
  const foreign = location.frames.filter((frame) => !frame.inApp).length;
  const mixed = foreign > 0 && foreign < location.frames.length;
  const commit = surroundings?.suspectCommit;
  const same = surroundings?.samePattern.count ?? 0;
  const parts = [
    mixed
      ? `ruled out: ${foreign} of ${location.frames.length} frames, as third-party or runtime code`
      : null,
    commit
      ? `the line was last touched by ${code(commit.commit.slice(0, 10), 10)} (${code(commit.summary, 80)})`
      : null,
    same > 0 ? `the same pattern stands in ${same} more ${same === 1 ? 'place' : 'places'}` : null,
  ].filter((part) => part !== null);
  const text = parts.join('; ');
  return text === '' ? null : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
