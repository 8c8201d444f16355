// Why a place must not be changed, as a finished sentence that says what to do next.
// It must not choose between frames.

import type { CrashEvent } from '../crash/crash-event.ts';
import type { LocatedFrame, Origin } from '../crash/location.ts';
import { code } from '../untrusted.ts';
import type { Finding } from './choose.ts';
import { isMinified } from './minified.ts';

/** Below this a place is worth showing, not worth changing. */
export const fixingThreshold = 0.6;

/** For the own frame nearest to the crash; null when it is good enough to act on. */
export function refusalFor(finding: Finding, origin: Origin | null): string | null {
  const { located, candidates, fate } = finding;
  const path = code(candidates[0] ?? '', 200);
  if (fate !== undefined) return gone(path, fate, origin);
  if (located.rule === 'message')
    return `No frame leads to a file; the words of the message stand in ${path}${others(candidates)}, but they name no line.`;
  if (located.contextMatches === false)
    return `The source line of the event is not in ${path} at this commit: the code is not the one that crashed, so I do not touch it.`;
  if (located.confidence < fixingThreshold) return doubtful(finding, path);
  if (located.line === null)
    return located.reported.line === null
      ? `The trace leads to ${path}, but it names no line.`
      : `The trace leads to ${path}, but to no line of it that stands at this commit.`;
  return null;
}

/** Languages whose in-app flag can be trusted: what it marks and nobody installed is the project's own code. */
const flagged = /\.(?:[cm]?[jt]sx?|vue|svelte|py|rb|php)(?:[?#].*)?$/s;

/** The crash was in own code deeper down that this repository does not have: a caller is not to blame. */
export function refusalBeneath(nearest: Finding, findings: readonly Finding[]): string | null {
  const missing = findings.slice(0, findings.indexOf(nearest)).find(({ located }) => {
    const { path } = located.reported;
    return (
      located.inApp && located.rule.endsWith('no file') && path !== null && flagged.test(path.slice(0, 2048))
    );
  });
  if (!missing) return null;
  const file = code(missing.located.reported.path ?? '', 200);
  return `It crashed in ${file}, which this repository does not have; ${code(nearest.candidates[0] ?? '', 200)} only called it. Is it of another repository, or moved since?`;
}

function gone(path: string, fate: 'deleted' | 'changed', origin: Origin | null): string {
  const since = origin === null ? '' : ` since ${code(origin.name, 60)}`;
  return `The line that crashed in ${path} was ${fate}${since}: it may be mended already, so I do not touch it.`;
}

function doubtful({ located, candidates }: Finding, path: string): string {
  if (located.rule.includes('message not there'))
    return `Line ${located.line} of ${path} does not show what the message speaks of: the code is not the one that crashed.`;
  if (located.rule.startsWith('build output'))
    return `The frame names a compiled file, most likely made from ${path}: upload source maps to learn the line.`;
  if (candidates.length > 1)
    return `The innermost frame may mean any of ${candidates.length} files, ${path} among them: give a code mapping to settle it.`;
  return `I am not sure that the innermost frame means ${path}: give a code mapping to settle it.`;
}

function others(candidates: readonly string[]): string {
  return candidates.length > 1 ? ` and ${candidates.length - 1} more` : '';
}

/** When no own frame leads to a file. */
export function refusalWithout(event: CrashEvent, findings: readonly Finding[]): string {
  if (findings.length === 0) return 'The event carries no stack trace, so no line can be named.';
  if (findings.every(({ located }) => isNameless(located)))
    return 'The frames carry addresses only, neither names nor lines: upload the debug files of each release with `sentry-cli debug-files upload`.';
  if (isMinified(event))
    return 'The frames are of obfuscated JavaScript and the event has no source map: upload one for each release with `sentry-cli sourcemaps inject` and `sentry-cli sourcemaps upload`.';
  if (findings.some(({ located }) => located.inApp))
    return 'No file of this repository fits the frames of the stack trace: check that the binding names the right repository, or give a code mapping.';
  return 'Every frame of the stack trace is third-party or runtime code: nothing in this repository crashed.';
}

function isNameless({ reported, function: name }: LocatedFrame): boolean {
  return reported.path === null && reported.line === null && (name === null || name === '<unknown>');
}
