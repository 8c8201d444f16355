// Uses what a frame is called, not where it lies: modules, namespaces, crates and classes name files in
// most languages. It must not read files; definitions are looked up elsewhere.

import type { FileIndex } from './file-index.ts';
import type { FrameQuestion, PathFinding } from './find-path.ts';
import type { Language } from './language.ts';
import { mostCandidates } from './match-path.ts';
import { spell } from './spelling.ts';
import { namedPlace, type NamedPlace } from './place-names.ts';

/** Endings of the files in question, and the names a file has when its folder is the module. */
const endings: Partial<Record<Language, readonly string[]>> = {
  rust: ['.rs', '/mod.rs'],
  python: ['.py', '/__init__.py'],
  jvm: ['.kt', '.java', '.scala', '.groovy'],
  dotnet: ['.cs', '.fs', '.vb'],
};

/**
 * Between files that fit a path alike, those that fit the names win; when exactly one does, the answer is
 * no longer a guess. Candidates that no name fits stay as they were.
 */
export function preferNamed(finding: PathFinding | null, question: FrameQuestion): PathFinding | null {
  if (finding === null || finding.candidates.length < 2) return finding;
  const place = namedPlace(question);
  if (!place) return finding;
  const scored = finding.candidates.map((path) => ({ path, score: fit(path, place) }));
  const best = scored.reduce((most, one) => Math.max(most, one.score), 0);
  const fitting = scored.filter((one) => one.score === best).map((one) => one.path);
  if (best === 0 || fitting.length === finding.candidates.length) return finding;
  const rest = finding.candidates.filter((path) => !fitting.includes(path));
  const sure = fitting.length === 1;
  return {
    ...finding,
    rule: sure ? 'module name' : finding.rule,
    candidates: [...fitting, ...rest],
    confidence: sure ? 0.88 : Math.max(finding.confidence, 0.5 / fitting.length),
  };
}

/** For frames without a path that leads anywhere; a file name that they do report must agree. */
export function byModule(question: FrameQuestion): PathFinding | null {
  const place = namedPlace(question);
  if (!place || place.stem.length === 0) return null;
  const { filename, absPath } = question.frame;
  const reported = spell(filename ?? absPath)?.segments.at(-1) ?? null;
  const candidates = filesOf(place, question)
    .filter((path) => reported === null || path.split('/').at(-1) === reported)
    .slice(0, mostCandidates);
  if (candidates.length === 0) return null;
  const confidence = (place.binding || place.dirs.length > 0 ? 0.88 : 0.55) / candidates.length;
  return { rule: 'module name', candidates, confidence, own: true, lineHolds: true };
}

/** The deepest module that has a file of its own; modules may also be written inside one. */
function filesOf(place: NamedPlace, { index, language }: FrameQuestion): string[] {
  const shortest = place.binding ? place.stem.length : Math.min(place.stem.length, 1);
  for (let length = place.stem.length; length >= shortest && length > 0; length -= 1) {
    const found = filesWithStem(place.stem.slice(0, length), index, endings[language] ?? []);
    const inside = found.filter((path) => isInside(path, place.dirs));
    if (inside.length > 0) return inside;
  }
  return [];
}

function filesWithStem(stem: readonly string[], index: FileIndex, names: readonly string[]): string[] {
  return names.flatMap((ending) => {
    const wanted = `${stem.join('/')}${ending}`;
    const basename = wanted.slice(wanted.lastIndexOf('/') + 1);
    return index.named(basename).filter((path) => path === wanted || path.endsWith(`/${wanted}`));
  });
}

/** How many segments of the name the path shows; 0 outside of the packages that the name speaks of. */
function fit(path: string, { stem, dirs }: NamedPlace): number {
  if (!isInside(path, dirs)) return 0;
  const bare = path.replace(/\.\w+$/, '').replace(/\/(?:mod|__init__)$/, '');
  const segments = bare.split('/');
  const shown = stem.findLastIndex((_, at) => endsWith(segments, stem.slice(0, at + 1))) + 1;
  return shown + (dirs.length > 0 ? 1 : 0);
}

function isInside(path: string, dirs: readonly string[]): boolean {
  return dirs.length === 0 || dirs.some((dir) => dir === '' || path.startsWith(`${dir}/`));
}

function endsWith(segments: readonly string[], end: readonly string[]): boolean {
  const from = segments.length - end.length;
  return from >= 0 && end.every((part, at) => segments[from + at] === part);
}
