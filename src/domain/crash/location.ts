// Where in the repository an event's frames stand. Made by locating, read by fixers and texts.

export type LocatedFrame = {
  /** Position in the event's innermost-first list, 0 is the crash. */
  index: number;
  function: string | null;
  reported: { path: string | null; line: number | null; column: number | null };
  inApp: boolean;
  /** Repository path at the base commit, or null. */
  path: string | null;
  /** Line at the base commit (1-based), or null. */
  line: number | null;
  /** How we know: the name of the rule that decided. */
  rule: string;
  /** 0 to 1. */
  confidence: number;
  /** Whether the event's context line equals the code; null when the event carries none. */
  contextMatches: boolean | null;
  /** Position in the event's `exceptions` of the one whose stack this is; absent for threads and log origins. */
  exception?: number;
};

export type Suspect = {
  path: string;
  /** 1-based, at the base commit. */
  line: number;
  /** 1-based column of the crash on that line, when the event says and the line still matches. */
  column: number | null;
  /** The enclosing function's name, or null at top level or when unknown. */
  function: string | null;
};

/** The commit that the event's code was built from, and how that is known. */
export type Origin = {
  commit: string;
  how: 'release commit' | 'tag' | 'time';
  /** The tag, or the beginning of the commit's id. */
  name: string;
};

export type Location = {
  frames: LocatedFrame[];
  /** The line to look at first; null means: do not touch code. */
  suspect: Suspect | null;
  /** Repository paths that may be meant, best first. */
  candidates: string[];
  /** A finished sentence: why no suspect, or why the suspect must not be changed. */
  refusal: string | null;
  /** Where lines were read before they were carried to the base commit; absent when read there. */
  origin?: Origin;
};
