// Compares one reported path with the file list: exactly, by its end, or by resemblance.
// It must not know languages; only segments count.

import { longestSuffix, type FileIndex, type SuffixMatch } from './file-index.ts';
import type { PathFinding } from './find-path.ts';
import type { Spelling } from './spelling.ts';

/** Beyond this many equals a list helps nobody. */
export const mostCandidates = 20;

/** Null when no file has the path's last segment. */
export function byPath(spelling: Spelling, index: FileIndex): PathFinding | null {
  const path = spelling.segments.join('/');
  const matches = longestSuffix(index, spelling.segments);
  if (!spelling.rooted && index.has(path)) return exact(path, matches);
  if (matches.length === 0) return null;
  const whole = matches.filter((match) => match.complete);
  return whole.length > 0 ? bySuffix(whole, matches) : byResemblance(matches);
}

const found = { own: true, lineHolds: true };

/** A relative path may still be relative to a folder of the repository: namesakes leave a doubt. */
function exact(path: string, matches: readonly SuffixMatch[]): PathFinding {
  const others = matches.map((match) => match.path).filter((other) => other !== path);
  return {
    ...found,
    rule: 'exact path',
    candidates: [path, ...others].slice(0, mostCandidates),
    confidence: others.length === 0 ? 0.97 : 0.8,
  };
}

/** A lone basename proves little even when it is the only one (reference sentry.md, 6.5). */
function bySuffix(whole: readonly SuffixMatch[], alike: readonly SuffixMatch[]): PathFinding {
  const paths = [...whole, ...alike].map((match) => match.path);
  const candidates = [...new Set(paths)].slice(0, mostCandidates);
  if (whole.length > 1)
    return { ...found, rule: 'ambiguous suffix', candidates, confidence: 0.5 / whole.length };
  const shared = whole[0]?.shared ?? 0;
  return { ...found, rule: 'unique suffix', candidates, confidence: shared >= 2 ? 0.93 : 0.62 };
}

/** Both paths go on beyond what they share: likely moved or built elsewhere, never sure by itself. */
function byResemblance(matches: readonly SuffixMatch[]): PathFinding {
  const candidates = matches.map((match) => match.path).slice(0, mostCandidates);
  const shared = matches[0]?.shared ?? 0;
  const confidence = shared >= 3 ? 0.55 : shared === 2 ? 0.4 : 0.15;
  return { ...found, rule: 'partial suffix', candidates, confidence: confidence / matches.length };
}
