// Judges a line that no source line of the event can confirm: is it in the function the frame names, and
// does it show what the message speaks of? It must not be used where the event carries the line.

import type { LocatedFrame } from '../crash/location.ts';
import { isIdle } from './idle-line.ts';
import type { Language } from './language.ts';
import { linesWithEvidence, showsAt, showsEvidence, type Evidence } from './message-evidence.ts';

type Range = { startLine: number; endLine: number };

export type BlindLine = {
  located: LocatedFrame;
  lines: readonly string[];
  language: Language;
  /** Whether it is the frame that threw, not one that called. */
  innermost: boolean;
  /** Where on the line the event saw it, 1-based; null when it does not say. */
  column: number | null;
  /** Where functions of the frame's name stand in that file; empty when unknown. */
  namesakes: readonly Range[];
  /** Only for the frame that threw. */
  evidence: Evidence | null;
};

/** A line that is further off than this was not moved by a few edits. */
const farthest = 60;

/**
 * Keeps the line when nothing speaks against it, moves it to the one place nearby that names and message
 * agree on, or gives it up: then `line` is null.
 */
export function judgeBlindLine(blind: BlindLine): LocatedFrame {
  const { located, lines, namesakes, evidence } = blind;
  const { line } = located;
  if (line === null) return located;
  const idle = isIdle(lines[line - 1] ?? '', blind.language, blind.innermost);
  const inside = namesakes.length === 0 || namesakes.some((range) => holds(range, line));
  const shown = evidence === null || showsEvidence(lines, line, evidence);
  if (inside && shown && !idle) return surer(located, namesakes.length > 0 || evidence !== null);
  const moved = evidence === null ? null : movedTo(blind, line, evidence);
  if (moved !== null)
    return {
      ...located,
      line: moved,
      rule: `${located.rule}, message`,
      confidence: Math.min(located.confidence, 0.75),
    };
  if (!inside) return { ...located, line: null, rule: `${located.rule}, function elsewhere` };
  if (idle) return { ...located, line: null, rule: `${located.rule}, nothing runs there` };
  if (evidence?.binding !== true) return located;
  return { ...located, rule: `${located.rule}, message not there`, confidence: located.confidence * 0.6 };
}

function surer(located: LocatedFrame, agreed: boolean): LocatedFrame {
  return agreed ? { ...located, confidence: 1 - (1 - located.confidence) * 0.6 } : located;
}

/**
 * The nearest line that shows it, when no other is about as near. Lines move, columns hardly do: what stands at
 * another column is another place.
 */
function movedTo(blind: BlindLine, line: number, evidence: Evidence): number | null {
  const { lines, namesakes, column } = blind;
  const places = linesWithEvidence(lines, line, evidence)
    .filter((place) => namesakes.length === 0 || namesakes.some((range) => holds(range, place)))
    .filter((place) => column === null || showsAt(lines[place - 1] ?? '', column, evidence));
  const [nearest, second] = places;
  if (nearest === undefined || Math.abs(nearest - line) > farthest) return null;
  const rival = second !== undefined && Math.abs(second - line) < 2 * Math.abs(nearest - line);
  return rival ? null : nearest;
}

function holds(range: Range, line: number): boolean {
  return line >= range.startLine && line <= range.endLine;
}
