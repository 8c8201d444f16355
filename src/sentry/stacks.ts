// The stacks of an event: exceptions cause first, threads, frames oldest call first.
// It must keep every frame and its order; which frame matters is decided elsewhere.

import { isDeepStrictEqual } from 'node:util';
import type { Exception, Frame, Thread } from '../domain/crash/crash-event.ts';
import { entry } from './entries.ts';
import type { EventShape, ExceptionShape, FrameShape, StackShape, ThreadShape } from './event-shapes.ts';
import { text } from './shapes.ts';

/** Sentry usually sends `values`, rarely a single `value`. */
export function exceptionsOf(read: EventShape): Exception[] {
  const data = entry(read, 'exception');
  if (!data) return [];
  const values = data.values.length > 0 ? data.values : [data.value].flat();
  return values.map(exceptionOf);
}

function exceptionOf(shape: ExceptionShape): Exception {
  const frames = framesOf(shape.stacktrace);
  const rawFrames = framesOf(shape.rawStacktrace);
  const { mechanism } = shape;
  return {
    type: shape.type,
    value: shape.value,
    module: shape.module,
    mechanism: mechanism && { ...mechanism, synthetic: mechanism.synthetic === true },
    frames,
    rawFrames: isDeepStrictEqual(frames, rawFrames) ? [] : rawFrames,
    threadId: shape.threadId,
  };
}

function framesOf(stack: StackShape): Frame[] {
  return stack?.frames.map(frameOf) ?? [];
}

function frameOf({ lineNo, colNo, context, ...rest }: FrameShape): Frame {
  return {
    ...rest,
    line: lineNo,
    column: colNo,
    context: context.map(([line, code]) => ({ line, text: text.parse(code) ?? '' })),
  };
}

/** A message can carry a bare stack of its own: the stack of the thread that sent it. */
export function threadsOf(read: EventShape): Thread[] {
  const threads = entry(read, 'threads')?.values.map(threadOf) ?? [];
  const bare = framesOf(entry(read, 'stacktrace'));
  if (bare.length === 0) return threads;
  return [...threads, { id: null, name: null, current: true, crashed: false, frames: bare }];
}

function threadOf(shape: ThreadShape): Thread {
  return {
    id: shape.id,
    name: shape.name,
    current: shape.current === true,
    crashed: shape.crashed === true,
    frames: framesOf(shape.stacktrace ?? shape.rawStacktrace),
  };
}
