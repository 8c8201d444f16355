// Compares the source lines an event carries with a file's text: does the trace fit this code, and where?
// It must not know where the text comes from.

import type { Frame } from '../crash/crash-event.ts';

/** `line` is where the crash line stands in this text (1-based); null when it is not there. */
export type ContextCheck = {
  matches: boolean | null;
  line: number | null;
  how: 'same line' | 'moved' | 'not there' | 'several places' | 'no context';
};

/** Minified context is cut round the column (reference sentry.md, 2.5). */
const cut = '{snip}';
const longLine = 100;

/**
 * Looks for the frame's crash line: first where the frame says, then anywhere in the file with the
 * neighbours it had. Null means that the event carries no line to compare, or only one that could
 * stand anywhere, such as a closing brace.
 */
export function checkContext(frame: Frame, lines: readonly string[]): ContextCheck {
  const crash = frame.context.find((entry) => entry.line === frame.line);
  const wanted = crash ? plain(crash.text) : '';
  if (frame.line === null || wanted === '') return { matches: null, line: frame.line, how: 'no context' };
  if (sameLine(lines[frame.line - 1], wanted) && neighboursAgree(frame, lines, 0))
    return { matches: true, line: frame.line, how: 'same line' };
  return findMoved(frame, lines, wanted);
}

function findMoved(frame: Frame, lines: readonly string[], wanted: string): ContextCheck {
  const reported = frame.line ?? 0;
  const places = lines.flatMap((text, index) =>
    sameLine(text, wanted)
      ? [{ line: index + 1, agreeing: agreeing(frame, lines, index + 1 - reported) }]
      : [],
  );
  const most = places.reduce((best, place) => Math.max(best, place.agreeing), 0);
  const best = places.filter((place) => place.agreeing === most);
  if (!distinctive(wanted) && most === 0) return { matches: null, line: frame.line, how: 'no context' };
  if (best.length === 1) return { matches: true, line: best[0]?.line ?? null, how: 'moved' };
  return { matches: false, line: null, how: best.length === 0 ? 'not there' : 'several places' };
}

/** A line that says little must have company; one that says much stands for itself. */
function neighboursAgree(frame: Frame, lines: readonly string[], offset: number): boolean {
  const crash = frame.context.find((entry) => entry.line === frame.line);
  return distinctive(plain(crash?.text ?? '')) || agreeing(frame, lines, offset) > 0;
}

/** How many of the context's other telling lines stand at the same distance. */
function agreeing(frame: Frame, lines: readonly string[], offset: number): number {
  return frame.context.filter(
    (entry) =>
      entry.line !== frame.line &&
      letters(entry.text) > 0 &&
      sameLine(lines[entry.line + offset - 1], plain(entry.text)),
  ).length;
}

function sameLine(text: string | undefined, wanted: string): boolean {
  if (text === undefined) return false;
  const own = plain(text);
  return isCut(wanted) ? holdsPieces(own, wanted) : own === wanted;
}

/** Sources mark what they cut out of a long line, or only that it went on. */
function isCut(wanted: string): boolean {
  return wanted.includes(cut) || (wanted.endsWith('...') && wanted.length >= longLine);
}

function holdsPieces(own: string, wanted: string): boolean {
  let from = 0;
  for (const piece of wanted.replace(/\.\.\.$/, '').split(cut)) {
    const at = own.indexOf(piece.trim(), from);
    if (at < 0) return false;
    from = at + piece.trim().length;
  }
  return true;
}

/** Indentation and line ends differ between machines; words do not. */
function plain(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

function distinctive(text: string): boolean {
  return letters(text) >= 4;
}

function letters(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}
