// Lays an event's stacks out as one list, the crash first, so that locating reads them in one way.
// It must not judge paths; src/domain/locate/find-path.ts does.

import type { CrashEvent, Frame } from '../crash/crash-event.ts';

export type TraceFrame = {
  frame: Frame;
  /** Which exception of the event the frame belongs to; null for threads and log origins. */
  exception: number | null;
  /** A log call's own place (Rust's tracing and log) says where it was reported, not a call stack. */
  origin: 'exception' | 'thread' | 'log';
  /** The frame as the event has it, when a source map has replaced it. */
  reported?: Frame;
  /** No surer than this, however well the place fits: the map may be of another build. */
  limit?: number;
};

/** More frames than this are recursion; the innermost ones tell the story. */
const mostFrames = 300;

/**
 * Every frame, innermost first, causes before the exceptions that wrap them: the cause was thrown
 * first (reference sentry.md, 2.5: values run cause first, frames oldest first). Threads count only
 * when no exception has a stack, and a log call's place only when there is no stack at all.
 */
export function traceOf(event: CrashEvent): TraceFrame[] {
  const thrown = event.exceptions.flatMap((exception, index) =>
    innermostFirst(exception.frames).map((frame) => ({
      frame,
      exception: index,
      origin: 'exception' as const,
    })),
  );
  if (thrown.length > 0) return thrown.slice(0, mostFrames);
  const thread = threadFrames(event);
  if (thread.length > 0) return thread.slice(0, mostFrames);
  return logOrigins(event);
}

function innermostFirst(frames: readonly Frame[]): Frame[] {
  return frames.toReversed();
}

/** The crashed thread, else the current one, else the only one that has frames. */
function threadFrames(event: CrashEvent): TraceFrame[] {
  const filled = event.threads.filter((thread) => thread.frames.length > 0);
  const thread =
    filled.find((one) => one.crashed) ??
    filled.find((one) => one.current) ??
    (filled.length === 1 ? filled[0] : undefined);
  return innermostFirst(thread?.frames ?? []).map((frame) => ({
    frame,
    exception: null,
    origin: 'thread' as const,
  }));
}

/** Contexts that carry the place of a log call (reference sentry.md, 7.3), with the names of their fields. */
const logContexts = [
  { context: 'Rust Tracing Location', file: 'file', line: 'line', module: 'module_path' },
  {
    context: 'Rust Log Metadata',
    file: 'logger.file',
    line: 'logger.line',
    module: 'logger.module_path',
  },
] as const;

function logOrigins(event: CrashEvent): TraceFrame[] {
  const places = logPlaces(event);
  return places.length > 0 ? places : loggerModule(event);
}

function logPlaces(event: CrashEvent): TraceFrame[] {
  return logContexts.flatMap((names) => {
    const fields = event.contexts[names.context];
    const file = textOf(fields?.[names.file]);
    if (file === null) return [];
    const frame = {
      ...emptyFrame,
      filename: file,
      line: lineOf(fields?.[names.line]),
      module: textOf(fields?.[names.module]),
      inApp: true,
      platform: 'rust',
    };
    return [{ frame, exception: null, origin: 'log' as const }];
  });
}

/** Loggers are called after the module or class that logs: `app_lib::engine`, `shop.cart`, `com.shop.Cart`. */
function loggerModule({ tags, platform }: CrashEvent): TraceFrame[] {
  const module = tags['logger'] ?? '';
  if (module.length > 200) return [];
  const rust = /^\w+(?:::\w+)+$/.test(module);
  const dotted = /^[a-z_]\w*(?:\.\w+)+$/.test(module) && (platform === 'python' || platform === 'java');
  if (!rust && !dotted) return [];
  const frame = { ...emptyFrame, module, platform: rust ? 'rust' : platform, inApp: true };
  return [{ frame, exception: null, origin: 'log' }];
}

const emptyFrame: Frame = {
  function: null,
  rawFunction: null,
  module: null,
  package: null,
  filename: null,
  absPath: null,
  line: null,
  column: null,
  inApp: null,
  context: [],
  platform: null,
};

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Contexts hold numbers as numbers or as text. */
function lineOf(value: unknown): number | null {
  const line = typeof value === 'string' ? Number(value) : value;
  return typeof line === 'number' && Number.isInteger(line) && line > 0 ? line : null;
}

/** The first frame that is ours: the message was made there, or in foreign code that it called. */
export function isThrowing(trace: TraceFrame, own: boolean): boolean {
  return own && trace.origin === 'exception' && trace.frame.inApp !== false;
}
