// Small events for tests: every field filled, the telling ones given.
// It must not hold expectations.

import type { CrashEvent, Exception, Frame } from '../../src/domain/crash/crash-event.ts';

export function frameOf(given: Partial<Frame>): Frame {
  return {
    function: null,
    rawFunction: null,
    module: null,
    package: null,
    filename: null,
    absPath: null,
    line: null,
    column: null,
    inApp: true,
    context: [],
    platform: null,
    ...given,
  };
}

/** A frame with the one source line that crashed. */
export function frameAt(filename: string, line: number, text?: string): Frame {
  return frameOf({ filename, line, context: text === undefined ? [] : [{ line, text }] });
}

export function exceptionOf(given: Partial<Exception>): Exception {
  return {
    type: 'TypeError',
    value: "Cannot read properties of undefined (reading 'status')",
    module: null,
    mechanism: null,
    frames: [],
    rawFrames: [],
    threadId: null,
    ...given,
  };
}

export function eventOf(given: Partial<CrashEvent>): CrashEvent {
  return {
    id: '1'.repeat(32),
    platform: 'node',
    type: 'error',
    title: 'TypeError',
    message: null,
    culprit: null,
    at: null,
    release: null,
    releaseCommit: null,
    environment: null,
    exceptions: [],
    threads: [],
    breadcrumbs: [],
    request: null,
    contexts: {},
    tags: {},
    processingErrors: [],
    debugImages: [],
    ...given,
  };
}
