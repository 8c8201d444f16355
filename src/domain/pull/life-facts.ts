// What is remembered of a pull request's life. Facts only: what follows from them is pull-life.ts's.

/** Why a pull request is left to people. */
export type StepBackReason = 'pushed' | 'reopened' | 'retargeted';

/** What is remembered of a pull request beside what the host shows of it. */
export type LifeFacts = {
  /** Why work has not begun, for people; null when nothing holds it up. */
  waits: string | null;
  /** When its turn came, so that it counts as one of those that are open; null before, and once it is given back. */
  turn: number | null;
  /** The commit that touched the crash line last: its author may be asked to review. */
  suspect: string | null;
  /** The branch it was opened against; null when not known. */
  base: string | null;
  /** Our last description, as a digest (description-digest.ts); null when not known. */
  written: string | null;
  /** Heads of ours that a later attempt replaced. */
  earlier: string[];
  /** Somebody opened it again after it was closed. */
  reopened: boolean;
  /** When it was offered for review. */
  readyAt: number | null;
  /** Who was asked for a review; null while nobody was thought of. */
  asked: string[] | null;
  /** Further attempts that red checks led to. */
  retries: number;
  /** How often it was built anew because the base had moved. */
  rebuilds: number;
  /** The head for which nothing more is tried, and why. */
  stuck: { head: string; reason: string } | null;
  /** Checks that fail on the base as well, as compared for this head. */
  baseRed: { head: string; names: string[] } | null;
  /** The source's list does not show the problem any more: it must be asked why. */
  vanished: boolean;
  /** Nobody needs it any more, and why. */
  superseded: { reason: string; at: number } | null;
  /** Said once; from then on nothing happens by itself. */
  steppedBack: StepBackReason | null;
};

export const newLife: LifeFacts = {
  waits: null,
  turn: null,
  suspect: null,
  base: null,
  written: null,
  earlier: [],
  reopened: false,
  readyAt: null,
  asked: null,
  retries: 0,
  rebuilds: 0,
  stuck: null,
  baseRed: null,
  vanished: false,
  superseded: null,
  steppedBack: null,
};
