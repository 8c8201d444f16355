// Which repository files a frame may mean, and how sure that is. Names only: contents are checked later.
// It must not guess between equals: several answers are several candidates.

import type { Frame } from '../crash-event.ts';
import { longestSuffix, type FileIndex, type SuffixMatch } from './file-index.ts';
import type { Manifests } from './manifests.ts';
import { ownerOf } from './ownership.ts';
import { spell, type Spelling } from './spelling.ts';

/** An operator's word: paths that start with `stackRoot` stand under `sourceRoot`. Plain text prefixes. */
export type PathMapping = { stackRoot: string; sourceRoot: string };

export type Rule =
  | 'code mapping'
  | 'exact path'
  | 'package manifest'
  | 'unique suffix'
  | 'ambiguous suffix'
  | 'partial suffix'
  | 'third party'
  | 'runtime'
  | 'no file';

/** Candidates share the rule; more than one means the rule could not decide. */
export type PathFinding = {
  rule: Rule;
  candidates: string[];
  /** That the first candidate is meant, 0 to 1, before contents are looked at. */
  confidence: number;
  /** Whether the frame may be this repository's code at all. */
  own: boolean;
};

export type PathQuestion = {
  index: FileIndex;
  manifests: Manifests;
  mappings: readonly PathMapping[];
};

/** Beyond this many equals a list helps nobody. */
const mostCandidates = 20;

const nothing: PathFinding = { rule: 'no file', candidates: [], confidence: 0, own: true };

/** Tries the rules in the order of certainty; the first that finds something decides. */
export function findPath(frame: Frame, question: PathQuestion): PathFinding {
  const mapped = byMapping(frame, question);
  if (mapped) return mapped;
  const owner = ownerOf(frame);
  if (owner.whose === 'runtime') return { ...nothing, rule: 'runtime', own: false };
  if (owner.whose === 'package') return byPackage(owner, question);
  for (const reported of [frame.absPath, frame.filename]) {
    const spelling = spell(reported);
    const found = spelling ? byPath(spelling, question.index) : null;
    if (found) return found;
  }
  return nothing;
}

/** Longest prefix first, as the source itself does it (reference sentry.md, 6.1). */
function byMapping(frame: Frame, { index, mappings }: PathQuestion): PathFinding | null {
  const longestFirst = mappings.toSorted((left, right) => right.stackRoot.length - left.stackRoot.length);
  for (const { stackRoot, sourceRoot } of longestFirst) {
    for (const reported of [frame.filename, frame.absPath]) {
      if (!reported?.startsWith(stackRoot)) continue;
      const path = spell(`${sourceRoot}/${reported.slice(stackRoot.length)}`)?.segments.join('/');
      if (path && index.has(path))
        return { rule: 'code mapping', candidates: [path], confidence: 0.98, own: true };
    }
  }
  return null;
}

/** A frame inside an installed package is ours only when this repository is that package. */
function byPackage(
  owner: { ecosystem: string; name: string; rest: string[] },
  question: PathQuestion,
): PathFinding {
  const foreign: PathFinding = { ...nothing, rule: 'third party', own: false };
  const own = question.manifests.packages.filter(
    (one) => one.ecosystem === owner.ecosystem && one.name === owner.name,
  );
  if (own.length === 0) return foreign;
  const paths = own.map((one) => [one.dir, ...owner.rest].filter((part) => part !== '').join('/'));
  const present = paths.filter((path) => question.index.has(path));
  if (present.length > 0)
    return { rule: 'package manifest', candidates: present, confidence: 0.95 / present.length, own: true };
  return byPath({ segments: owner.rest, rooted: true, served: false }, question.index) ?? nothing;
}

function byPath(spelling: Spelling, index: FileIndex): PathFinding | null {
  const path = spelling.segments.join('/');
  const matches = longestSuffix(index, spelling.segments);
  if (!spelling.rooted && index.has(path)) return exact(path, matches);
  if (matches.length === 0) return null;
  const whole = matches.filter((match) => match.complete);
  return whole.length > 0 ? bySuffix(whole) : byResemblance(matches);
}

/** A relative path may still be relative to a folder of the repository: namesakes leave a doubt. */
function exact(path: string, matches: readonly SuffixMatch[]): PathFinding {
  const others = matches.map((match) => match.path).filter((other) => other !== path);
  return {
    rule: 'exact path',
    candidates: [path, ...others].slice(0, mostCandidates),
    confidence: others.length === 0 ? 0.97 : 0.75,
    own: true,
  };
}

/** A lone basename proves little even when it is the only one (reference sentry.md, 6.5). */
function bySuffix(matches: readonly SuffixMatch[]): PathFinding {
  const candidates = matches.map((match) => match.path).slice(0, mostCandidates);
  const shared = matches[0]?.shared ?? 0;
  if (matches.length > 1)
    return { rule: 'ambiguous suffix', candidates, confidence: 0.5 / matches.length, own: true };
  return { rule: 'unique suffix', candidates, confidence: shared >= 2 ? 0.93 : 0.62, own: true };
}

/** Both paths go on beyond what they share: likely moved or built elsewhere, never sure by itself. */
function byResemblance(matches: readonly SuffixMatch[]): PathFinding {
  const candidates = matches.map((match) => match.path).slice(0, mostCandidates);
  const shared = matches[0]?.shared ?? 0;
  const confidence = shared >= 3 ? 0.55 : shared === 2 ? 0.4 : 0.15;
  return { rule: 'partial suffix', candidates, confidence: confidence / matches.length, own: true };
}
