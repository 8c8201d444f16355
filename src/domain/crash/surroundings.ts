// What stands round a located crash: who called, where the value was made, who wrote the line, whose code it
// is, where else the same is written. Made by looking round, read by texts and fixers.

import type { ValueOrigin } from '../locate/value-origin.ts';

export type Surroundings = {
  /** Own frames outwards from the suspect, nearest first. */
  callers: { function: string | null; path: string; line: number }[];
  /** One step back to where the bad value was made; null when the line does not show it. */
  valueOrigin: ValueOrigin | null;
  /** The youngest commit on the crash line and its neighbours. Author and summary are hostile text. */
  suspectCommit: { commit: string; author: string; at: number; summary: string } | null;
  /** As CODEOWNERS writes them, hostile text. */
  owners: string[];
  /** Other lines with the same broken expression: counted and listed, never changed. */
  samePattern: { count: number; places: { path: string; line: number; text: string }[] };
};
