// Which repository files a frame may mean, and how sure that is. Names only: contents are checked later.
// It must not guess between equals: several answers are several candidates.

import type { Frame } from '../crash/crash-event.ts';
import { byBuildOutput, sourceInstead } from './build-output.ts';
import { contradictsNames } from './contradiction.ts';
import type { FileIndex } from './file-index.ts';
import type { Language } from './language.ts';
import type { Manifests } from './manifests.ts';
import { byPackage } from './match-package.ts';
import { byPath, mostCandidates } from './match-path.ts';
import { doubtRelative } from './relative-path.ts';
import { byModule, preferNamed } from './named-place.ts';
import { ownerOf } from './ownership.ts';
import { spell, type Spelling } from './spelling.ts';

/** An operator's word: paths that start with `stackRoot` stand under `sourceRoot`. Plain text prefixes. */
export type PathMapping = { stackRoot: string; sourceRoot: string };

export type Rule =
  | 'code mapping'
  | 'exact path'
  | 'package manifest'
  | 'unique suffix'
  | 'module name'
  | 'build output'
  | 'ambiguous suffix'
  | 'partial suffix'
  | 'symbol'
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
  /** False when the line is of another file than the candidates, such as a compiled one. */
  lineHolds: boolean;
};

export type PathQuestion = {
  index: FileIndex;
  manifests: Manifests;
  mappings: readonly PathMapping[];
};

export type FrameQuestion = PathQuestion & { frame: Frame; language: Language };

const nothing: PathFinding = { rule: 'no file', candidates: [], confidence: 0, own: true, lineHolds: true };

/** Tries the rules in the order of certainty; the first that finds something decides. */
export function findPath(frame: Frame, language: Language, question: PathQuestion): PathFinding {
  const asked: FrameQuestion = { ...question, frame, language };
  const mapped = byMapping(asked);
  if (mapped) return mapped;
  const owner = ownerOf(frame, language);
  if (owner.whose === 'runtime') return { ...nothing, rule: 'runtime', own: false };
  if (owner.whose === 'package') return byPackage(owner, asked);
  const named = byReportedPaths(asked);
  const reported = named && sourceInstead(named, asked);
  const found = preferNamed(doubtRelative(reported, asked), asked) ?? byModule(asked);
  if (found === null) return nothing;
  return contradictsNames(found, asked) ? { ...nothing, rule: 'third party', own: false } : found;
}

/** Longest prefix first, as the source itself does it (reference sentry.md, 6.1). */
function byMapping({ frame, index, mappings }: FrameQuestion): PathFinding | null {
  const longestFirst = mappings.toSorted((left, right) => right.stackRoot.length - left.stackRoot.length);
  for (const { stackRoot, sourceRoot } of longestFirst) {
    for (const reported of [frame.filename, frame.absPath]) {
      if (!reported?.startsWith(stackRoot)) continue;
      const path = spell(`${sourceRoot}/${reported.slice(stackRoot.length)}`)?.segments.join('/');
      if (path && index.has(path))
        return { ...nothing, rule: 'code mapping', candidates: [path], confidence: 0.98 };
    }
  }
  return null;
}

function byReportedPaths(question: FrameQuestion): PathFinding | null {
  const { frame, index } = question;
  const spellings = [frame.absPath, frame.filename].flatMap((reported) => spell(reported) ?? []);
  const byName = spellings.flatMap((spelling) => byPath(spelling, index) ?? []);
  const sure = byName.find((one) => one.rule !== 'partial suffix');
  if (sure) return sure;
  const derived = spellings.flatMap(
    (spelling) => byAlias(spelling, question) ?? byBuildOutput(spelling.segments, question) ?? [],
  );
  return derived[0] ?? byName[0] ?? null;
}

/** Some bundlers keep the import's own words: `@/cart/total.ts`. */
function byAlias({ segments }: Spelling, { index, manifests }: PathQuestion): PathFinding | null {
  const path = segments.join('/');
  const places = manifests.aliases
    .filter((alias) => path.startsWith(alias.prefix))
    .map((alias) => `${alias.dir}/${path.slice(alias.prefix.length)}`.replace(/^\//, ''))
    .filter((place) => index.has(place));
  const candidates = [...new Set(places)].slice(0, mostCandidates);
  if (candidates.length === 0) return null;
  return { ...nothing, rule: 'package manifest', candidates, confidence: 0.93 / candidates.length };
}
