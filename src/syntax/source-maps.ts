// Reads source maps with a well-kept library. It must not fetch them; the job hands over their text.

import { originalPositionFor, sourceContentFor, TraceMap } from '@jridgewell/trace-mapping';
import type { OriginalPlace, SourceMaps } from '../ports.ts';

export function createSourceMaps(): SourceMaps {
  return { originalPlace };
}

function originalPlace(map: string, at: { line: number; column: number }): OriginalPlace | null {
  const traced = open(map);
  if (traced === null || at.line < 1 || at.column < 1) return null;
  // Reports count columns from 1, maps from 0.
  const found = originalPositionFor(traced, { line: at.line, column: at.column - 1 });
  // A map with broken parts gives places without a source.
  if (!found.source) return null;
  const text = sourceContentFor(traced, found.source)?.split('\n')[found.line - 1] ?? null;
  return { source: found.source, line: found.line, column: found.column + 1, name: found.name, text };
}

/** Null for what is no source map; the library throws whatever its parts throw. */
function open(map: string): TraceMap | null {
  try {
    return new TraceMap(map);
  } catch {
    return null;
  }
}
