// Whether code of this repository can mend a crash at all. A "no" leads to the archive proposal, so every
// rule here names a cause that lies elsewhere. It must not guess: what fits no rule is actionable.

import type { CrashEvent, Frame } from '../crash/crash-event.ts';
import type { Location } from '../crash/location.ts';

export type Judgement = { actionable: true } | { actionable: false; reason: string };

type Question = { event: CrashEvent; location: Location; suspectLine: string | null };

type Rule = { applies: (question: Question) => boolean; reason: string };

/** First match wins (classes of reference fixing.md, 2.4, "classify only, never fix"). */
const rules: readonly Rule[] = [
  {
    applies: ({ event }) =>
      says(event, /^(?:[\w.]*: )?ResizeObserver loop (?:limit exceeded|completed with)/),
    reason: 'The browser reports that a ResizeObserver put off its work to the next frame: nothing broke.',
  },
  {
    applies: ({ event, location }) => says(event, /^(?:[\w.]*: )?Script error\.?$/) && !hasOwnFrame(location),
    reason: 'The browser hides errors of scripts from another origin: the event says neither what nor where.',
  },
  {
    applies: ({ event, location }) => !hasOwnFrame(location) && framesOf(event).some(isExtension),
    reason: 'The error comes from a browser extension on the machine of the user, not from this project.',
  },
  {
    applies: ({ event }) =>
      says(
        event,
        /^ChunkLoadError\b|Loading (?:CSS )?chunk \S+ failed|(?:Failed to fetch|error loading) dynamically imported module|Importing a module script failed/,
      ),
    reason:
      'A page from before a deployment asked for a file that the deployment replaced: a reload mends it.',
  },
  {
    applies: ({ event }) =>
      says(
        event,
        /^TypeError: (?:Failed to fetch|NetworkError when attempting to fetch resource\.?|Load failed|Network request failed|cancelled|The network connection was lost\.?|The Internet connection appears to be offline\.?)(?: \([^)]*\))?$/,
      ),
    reason: 'The network of the user failed during a request: no change of the code makes it succeed.',
  },
  {
    applies: ({ event }) =>
      says(event, /^AbortError\b|The user aborted a request|signal is aborted without reason/),
    reason: 'A request was cancelled on purpose, by the user leaving or by the code itself.',
  },
  {
    applies: ({ event }) =>
      says(
        event,
        /QuotaExceededError|\bENOSPC\b|No space left on device|\bEIO\b|not enough space on the disk|Could not start video source|WebGL context (?:was )?lost|LoadLibraryExW failed|JavaScript heap out of memory|memory allocation of \d+ bytes failed/,
      ),
    reason: 'The machine of the user ran out of a resource or lacks a part: no code here can give it one.',
  },
  {
    applies: ({ event }) => isDevelopment(event),
    reason: 'The event comes from a development build on the machine of a developer, not from a user.',
  },
  {
    applies: ({ suspectLine, event }) => thrownOnPurpose(suspectLine) && wasHandled(event),
    reason: 'The code throws this error on purpose, catches it and reports it: it works as written.',
  },
  {
    applies: ({ suspectLine, event }) => thrownOnPurpose(suspectLine) && lastRequestFailed(event),
    reason:
      'Another service answered this code with an error of its own, and the code says so on purpose: the mistake is not in this repository.',
  },
  {
    applies: ({ location }) => location.frames.length > 0 && !hasOwnFrame(location),
    reason:
      'Every frame of the stack trace is third-party or runtime code: nothing of this repository is on it.',
  },
];

/** The event, where it was located, and the text of the suspect's line when there is one. */
export function judge(question: Question): Judgement {
  const rule = rules.find((one) => one.applies(question));
  return rule ? { actionable: false, reason: rule.reason } : { actionable: true };
}

function says(event: CrashEvent, pattern: RegExp): boolean {
  const thrown = event.exceptions.map((one) => `${one.type ?? ''}: ${one.value ?? ''}`);
  const texts = thrown.length > 0 ? thrown : [event.message ?? event.title];
  return texts.some((text) => pattern.test(text.slice(0, 1000).trim()));
}

/** A frame that may be ours, found or not, keeps a problem out of the archive. */
function hasOwnFrame(location: Location): boolean {
  return location.frames.some((frame) => frame.inApp);
}

function framesOf(event: CrashEvent): Frame[] {
  return [...event.exceptions, ...event.threads].flatMap((one) => one.frames);
}

function isExtension(frame: Frame): boolean {
  return /^(?:chrome|moz|safari(?:-web)?|edge)-extension:\/\//.test(frame.absPath ?? frame.filename ?? '');
}

/** Bundlers' development servers leave names no shipped build has. */
function isDevelopment(event: CrashEvent): boolean {
  const named = /^(?:dev|development|local|localhost)$/i.test(event.environment ?? '');
  const served = framesOf(event).some((frame) =>
    /^webpack-internal:|^https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?\/(?:@vite|@fs|@id|src)\//.test(
      frame.absPath ?? '',
    ),
  );
  return named && served;
}

function thrownOnPurpose(line: string | null): boolean {
  return line !== null && /^(?:\}?\s*else\s+)?(?:throw|raise)\b/.test(line.trim());
}

/** The last thing recorded before the crash is a request that the other side could not serve. */
function lastRequestFailed(event: CrashEvent): boolean {
  const status = event.breadcrumbs.findLast(({ category }) => requestCategories.has(category ?? ''))?.data?.[
    'status_code'
  ];
  return typeof status === 'number' && status >= 500 && status < 600;
}

const requestCategories = new Set(['http', 'httplib', 'fetch', 'xhr']);

function wasHandled(event: CrashEvent): boolean {
  const last = event.exceptions.at(-1);
  return last?.mechanism?.handled === true;
}
