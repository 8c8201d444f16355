// Understanding texts: syntax trees, settings files, source maps.
// Nothing here may name an SDK, a path of an API or a vendor's word.

import type { OriginalPlace } from '../domain/locate/source-map.ts';
import type { TextDocument } from '../domain/read-settings.ts';

/** The function that encloses a line. */
export type EnclosingFunction = { name: string | null; startLine: number; endLine: number };

export interface Syntax {
  /** Loads what reading such files needs. Without it some languages are read by the look of their lines only. */
  prepare(paths: readonly string[]): Promise<void>;
  /** Every function of that name in the text, in order; empty for languages we do not parse. */
  functionsNamed(path: string, text: string, name: string): EnclosingFunction[];
  /** Null at top level, for languages we do not parse, and for text that does not parse. */
  enclosingFunction(path: string, text: string, line: number): EnclosingFunction | null;
}

/** Settings files people write. */
export interface Documents {
  /** Never throws: what is no proper document is in its errors. */
  readYaml(text: string): TextDocument;
}

export interface SourceMaps {
  /** Where a 1-based place of a built file stands in the source; null when the map is none or does not say. */
  originalPlace(map: string, at: { line: number; column: number }): OriginalPlace | null;
}
