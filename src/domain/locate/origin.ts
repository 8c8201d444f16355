// Weighs what was found at the commit of the release against what is found at today's head.
// It must not read history; the job hands over what became of each file.

import type { LocatedFrame, Origin } from '../crash/location.ts';
import type { Finding } from './choose.ts';
import type { Hunk } from './hunk.ts';
import { carryLine } from './line-map.ts';

type FileChange = { path: string | null; hunks: readonly Hunk[] };

/** The finding at today's head. What was changed or deleted since has no line there. */
export function carryLocated(finding: Finding, origin: Origin, change: FileChange): Finding {
  const { located } = finding;
  if (change.path === null) return gone(finding, 'deleted');
  const rest = finding.candidates.filter((path) => path !== located.path);
  const candidates = [change.path, ...rest];
  const rule = `${located.rule}, carried from ${origin.name}`;
  const kept = { ...located, path: change.path, rule };
  if (located.line === null) return { ...finding, located: kept, candidates };
  const carried = carryLine(located.line, change.hunks);
  if (carried.line !== null) return { ...finding, located: { ...kept, line: carried.line }, candidates };
  return {
    ...gone(finding, carried.how),
    located: { ...kept, line: null, contextMatches: false },
    candidates,
  };
}

function gone(finding: Finding, fate: 'deleted' | 'changed'): Finding {
  const located: LocatedFrame = { ...finding.located, path: null, line: null, contextMatches: false };
  return { ...finding, located, fate };
}

export type Weighing = {
  origin: Origin;
  /** At the origin, before they were carried. */
  released: readonly Finding[];
  /** At today's head, as if there were no origin. */
  today: readonly Finding[];
};

/**
 * The release's own commit is believed unless its code refutes the trace and today's does not: tags are
 * moved and releases misnamed. A commit by time is a guess, and is believed only when the trace fits it
 * and does not fit today's code.
 */
export function betterFindings({ origin, released, today }: Weighing): 'released' | 'today' {
  const before = fitOf(released);
  const after = fitOf(today);
  if (origin.how === 'time') return before > 0 && after <= 0 ? 'released' : 'today';
  return after > before && before <= 0 ? 'today' : 'released';
}

/** Confirmed source lines less refuted ones; found files break the tie. */
function fitOf(findings: readonly Finding[]): number {
  const own = findings.filter(({ located }) => located.inApp);
  const confirmed = own.filter(({ located }) => located.contextMatches === true).length;
  const refuted = own.filter(({ located }) => located.contextMatches === false).length;
  const found = own.filter(({ located }) => located.path !== null).length;
  return confirmed - refuted + found / 1000;
}
