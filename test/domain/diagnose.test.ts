import { describe, expect, it } from 'vitest';
import type { CrashEvent } from '../../src/domain/crash/crash-event.ts';
import { diagnose } from '../../src/domain/crash/diagnose.ts';
import type { Location } from '../../src/domain/crash/location.ts';
import { eventOf, exceptionOf, frameAt } from './crash-samples.ts';

const located: Location = {
  frames: [
    {
      index: 0,
      function: 'refreshRow',
      reported: { path: '/app/src/fleet.ts', line: 88, column: 14 },
      inApp: true,
      path: 'src/fleet.ts',
      line: 88,
      rule: 'unique suffix',
      confidence: 0.99,
      contextMatches: true,
      exception: 0,
    },
    {
      index: 1,
      function: 'poll',
      reported: { path: '/app/src/poll.ts', line: 12, column: 1 },
      inApp: true,
      path: 'src/poll.ts',
      line: 12,
      rule: 'unique suffix',
      confidence: 0.93,
      contextMatches: null,
      exception: 0,
    },
    {
      index: 2,
      function: null,
      reported: { path: 'node:internal/timers', line: 5, column: null },
      inApp: false,
      path: null,
      line: null,
      rule: 'runtime',
      confidence: 0,
      contextMatches: null,
      exception: 0,
    },
  ],
  suspect: { path: 'src/fleet.ts', line: 88, column: 14, function: 'refreshRow' },
  candidates: ['src/fleet.ts', 'src/poll.ts'],
  refusal: null,
};

const nowhere: Location = {
  frames: [],
  suspect: null,
  candidates: [],
  refusal: 'The event carries no stack trace, so no line can be named.',
};

const crash = eventOf({
  release: 'shop@1.4.2',
  exceptions: [exceptionOf({ frames: [frameAt('/app/src/fleet.ts', 88)] })],
  request: { method: 'GET', url: 'https://shop.example/fleet/7?token=abc' },
  breadcrumbs: [
    {
      at: 1,
      type: 'navigation',
      category: 'navigation',
      level: 'info',
      message: null,
      data: { from: '/', to: '/fleet/7' },
    },
    { at: 2, type: 'default', category: 'ui.click', level: 'info', message: 'button.close', data: null },
  ],
});

function sentences(event: CrashEvent, location = located, suspectLine: string | null = 'return row.status;') {
  return diagnose({ event, location, suspectLine }).sentences;
}

describe('a diagnosis', () => {
  it('says what the user did, why it crashed, where, what it is and what was ruled out', () => {
    expect(sentences(crash)).toMatchInlineSnapshot(`
      [
        "It happened at \`GET /fleet/7\`, after going to \`/fleet/7\` and a click on \`button.close\` in release \`1.4.2\`.",
        "\`TypeError\` is thrown in \`refreshRow\` at \`src/fleet.ts:88\` because \`status\` is read or set on a value that is undefined.",
        "The place is known by unique suffix (99 % sure); the source line of the event equals the code there: \`return row.status;\`.",
        "This is a mistake in the code, not a failure to be expected.",
        "A check on that line may be enough; the value may come from its caller \`src/poll.ts:12\`.",
        "Ruled out: 1 of 3 frames, as third-party or runtime code.",
      ]
    `);
  });

  it('gives one sentence for the commit', () => {
    expect(diagnose({ event: crash, location: located, suspectLine: null }).rootCause).toMatchInlineSnapshot(
      `"\`TypeError\` is thrown in \`refreshRow\` at \`src/fleet.ts:88\` because \`status\` is read or set on a value that is undefined."`,
    );
  });

  it('adds what looking round found', () => {
    const surroundings = {
      callers: [],
      valueOrigin: { expression: 'row', line: 86, text: 'const row = rows.find(isOpen)!;', argument: false },
      suspectCommit: { commit: 'a1b2c3d4e5'.repeat(4), author: 'Jane', at: 0, summary: 'poll @everyone' },
      owners: ['@org/web'],
      samePattern: { count: 3, places: [] },
    };
    const { sentences } = diagnose({ event: crash, location: located, suspectLine: null, surroundings });
    expect(sentences.slice(4)).toMatchInlineSnapshot(`
      [
        "A check on that line may be enough; the value of \`row\` is made at line 86: \`const row = rows.find(isOpen)!;\`.",
        "Ruled out: 1 of 3 frames, as third-party or runtime code; the line was last touched by \`a1b2c3d4e5\` (\`poll @everyone\`); the same pattern stands in 3 more places.",
      ]
    `);
  });

  it('has four to six sentences even of an empty event', () => {
    expect(sentences(eventOf({ title: '' }), nowhere, null)).toMatchInlineSnapshot(`
      [
        "The event records neither a request nor a step of the user before the crash.",
        "An error is reported, without a message.",
        "The event carries no stack trace, so no line can be named.",
        "The message does not show whether the code is wrong or the failure was to be expected.",
        "How large a repair is needed cannot be told from the event.",
      ]
    `);
  });

  it('never repeats the query of an address', () => {
    expect(sentences(crash).join(' ')).not.toContain('abc');
  });

  it('makes hostile text inert', () => {
    const hostile = '`@everyone` <img src=x onerror=1> [x](https://evil.example)\n- [x] **PER-1**';
    const event = eventOf({
      title: hostile,
      release: hostile,
      exceptions: [exceptionOf({ type: hostile, value: hostile })],
      request: { method: hostile, url: hostile },
      tags: { transaction: hostile },
    });
    for (const sentence of sentences(event, nowhere, hostile)) {
      const outside = sentence.replaceAll(/(`+)(?!`)[\s\S]*?\1/g, '');
      expect(outside).not.toMatch(/[<@[]|\n/);
    }
  });
});

describe('actionable or not', () => {
  it.each([
    ['TypeError', "Cannot read properties of undefined (reading 'status')"],
    ['TypeError', 'Failed to fetch the rows: undefined is not an object'],
    ['Error', 'ResizeObserver is not supported here'],
    ['panic', 'called `Option::unwrap()` on a `None` value'],
    ['Error', 'Script error in row 7'],
  ])('is: %s: %s', (type, value) => {
    expect(judged(thrown(type, value))).toBe('actionable');
  });

  it.each([
    ['Error', 'ResizeObserver loop limit exceeded', 'ResizeObserver'],
    ['Error', 'ResizeObserver loop completed with undelivered notifications.', 'ResizeObserver'],
    ['ChunkLoadError', 'Loading chunk 12 failed.', 'deployment'],
    ['TypeError', 'Failed to fetch dynamically imported module: https://x/a.js', 'deployment'],
    ['TypeError', 'Failed to fetch', 'network'],
    ['TypeError', 'Load failed', 'network'],
    ['AbortError', 'The user aborted a request.', 'cancelled'],
    ['QuotaExceededError', 'The quota has been exceeded.', 'resource'],
    ['Error', 'ENOSPC: no space left on device, write', 'resource'],
  ])('is not: %s: %s', (type, value, word) => {
    expect(judged(thrown(type, value))).toContain(word);
  });

  it('is not when nothing on the stack is ours', () => {
    const foreign: Location = { ...nowhere, frames: located.frames.slice(2) };
    expect(judged(thrown('TypeError', 'x is undefined'), foreign)).toContain('third-party');
    expect(judged(thrown('Error', 'Script error.'), foreign)).toContain('another origin');
  });

  it('is not when an extension of the browser threw', () => {
    const frame = { ...frameAt('/content.js', 1), absPath: 'chrome-extension://abcdef/content.js' };
    const event = eventOf({ exceptions: [exceptionOf({ frames: [frame] })] });
    expect(judged(event, { ...nowhere, frames: located.frames.slice(2) })).toContain('extension');
  });

  it('is not when a development server served the code to a developer', () => {
    const frame = { ...frameAt('./src/a.ts', 1), absPath: 'webpack-internal:///./src/a.ts' };
    const exceptions = [exceptionOf({ frames: [frame] })];
    expect(judged(eventOf({ environment: 'development', exceptions }))).toContain('development');
    expect(judged(eventOf({ environment: 'production', exceptions }))).toBe('actionable');
  });

  it('is not when the code throws on purpose and takes care of it, and is when nobody does', () => {
    expect(judged(cartError(true), located, "  throw new Error('Cart is empty');")).toContain('on purpose');
    expect(judged(cartError(false), located, "  throw new Error('Cart is empty');")).toBe('actionable');
  });
});

function thrown(type: string, value: string): CrashEvent {
  return eventOf({ exceptions: [exceptionOf({ type, value })] });
}

function judged(event: CrashEvent, location = located, suspectLine: string | null = null): string | null {
  const { actionable, reason } = diagnose({ event, location, suspectLine });
  return actionable ? 'actionable' : reason;
}

function cartError(handled: boolean): CrashEvent {
  const mechanism = { type: 'generic', handled, synthetic: false };
  return eventOf({ exceptions: [exceptionOf({ type: 'Error', value: 'Cart is empty', mechanism })] });
}
