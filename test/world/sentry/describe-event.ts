// The texts Sentry makes from an event: type, title, culprit, location, metadata (reference sentry.md, 2.2),
// and the hash by which events are one problem.
// Must not store or send anything.

import { createHash } from 'node:crypto';
import type { Described, StoredEvent, StoredException, StoredFrame } from './stored-event.ts';

type Subject = Pick<
  StoredEvent,
  'exception' | 'logentry' | 'transaction' | 'platform' | 'sdk' | 'fingerprint' | 'level' | 'message'
>;

export function describe(event: Subject): Described {
  const exception = event.exception?.values.at(-1);
  const frame = exception ? crashFrame(exception) : undefined;
  return {
    type: exception ? 'error' : 'default',
    title: exception ? errorTitle(exception, frame) : messageTitle(event),
    culprit: event.transaction ?? culpritOf(frame, event.platform),
    location: frame?.filename ?? null,
    metadata: metadataOf(event, exception, frame),
    hashes: [hashOf(event)],
  };
}

/** The last own frame, or the last frame when none is the program's own. */
function crashFrame(exception: StoredException): StoredFrame | undefined {
  const frames = exception.stacktrace?.frames ?? [];
  return frames.findLast((frame) => frame.in_app) ?? frames.at(-1);
}

function errorTitle(exception: StoredException, frame: StoredFrame | undefined): string {
  if (exception.mechanism?.['synthetic'] === true) return frame?.function ?? '<unknown>';
  const type = exception.type ?? 'Error';
  const value = firstLine(exception.value ?? '');
  return value === '' ? type : `${type}: ${value}`;
}

function messageTitle(event: Subject): string {
  return firstLine(event.logentry?.formatted ?? '') || '<unlabeled event>';
}

function firstLine(text: string): string {
  const line = text.split('\n')[0]?.trim() ?? '';
  return line.length > 100 ? `${line.slice(0, 97)}...` : line;
}

function culpritOf(frame: StoredFrame | undefined, platform: string): string | null {
  const place = frame?.module ?? frame?.filename;
  if (!frame || !place) return null;
  const name = frame.function ?? '?';
  return platform === 'javascript' || platform === 'node' ? `${name}(${place})` : `${place} in ${name}`;
}

function metadataOf(
  event: Subject,
  exception: StoredException | undefined,
  frame: StoredFrame | undefined,
): Record<string, unknown> {
  const sdk = event.sdk ? { name: event.sdk.name, name_normalized: event.sdk.name } : null;
  const shared = { sdk, severity: event.level === 'fatal' ? 1 : 0, initial_priority: 75 };
  if (!exception) return { title: messageTitle(event), ...shared };
  return {
    type: exception.type,
    value: exception.value,
    ...(frame ? { filename: frame.filename, function: frame.function } : {}),
    in_app_frame_mix: frameMix(exception.stacktrace?.frames ?? []),
    title: errorTitle(exception, frame),
    ...shared,
  };
}

function frameMix(frames: readonly StoredFrame[]): string {
  const own = frames.filter((frame) => frame.in_app).length;
  if (own === frames.length) return 'in-app-only';
  return own === 0 ? 'system-only' : 'mixed';
}

const defaultMark = '{{ default }}';

/** A fingerprint wins; `{{ default }}` in it stands for what would have been used. */
function hashOf(event: Subject): string {
  const parts = event.fingerprint.flatMap((part) => (part === defaultMark ? defaultParts(event) : [part]));
  return createHash('md5').update(parts.join('\u0000')).digest('hex');
}

function defaultParts(event: Subject): string[] {
  const exceptions = event.exception?.values ?? [];
  if (exceptions.length === 0) return [event.logentry?.message ?? event.message];
  return exceptions.flatMap((exception) => [exception.type ?? '', ...frameParts(exception)]);
}

function frameParts(exception: StoredException): string[] {
  const frames = exception.stacktrace?.frames ?? [];
  const own = frames.filter((frame) => frame.in_app);
  const used = own.length > 0 ? own : frames;
  if (used.length === 0) return [exception.value ?? ''];
  return used.map((frame) => `${frame.filename ?? ''}#${frame.function ?? ''}`);
}
