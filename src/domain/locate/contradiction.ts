// Tells when the names of a frame speak against a file that merely ends like its path.
// It must not find files, only doubt them.

import type { FrameQuestion, PathFinding } from './find-path.ts';
import type { Language } from './language.ts';
import type { OwnPackage } from './manifests.ts';
import { namedPlace } from './place-names.ts';
import { rustSymbol } from './rust-symbol.ts';

type Doubt = { path: string; own: readonly OwnPackage[]; question: FrameQuestion };

const rules: Partial<Record<Language, (doubt: Doubt) => boolean>> = {
  rust: anotherCrate,
  go: anotherModule,
  jvm: anotherPackage,
};

/**
 * Whether the names speak of another package: a vendored crate's `src/de.rs` is not our `src/de.rs`. A
 * relative path needs no such proof: the compiler wrote it from our own folder.
 */
export function contradictsNames(finding: PathFinding, question: FrameQuestion): boolean {
  if (finding.rule === 'exact path' || finding.rule === 'module name') return false;
  const own = question.manifests.packages.filter((one) => one.language === question.language);
  return rules[question.language]?.({ path: finding.candidates[0] ?? '', own, question }) ?? false;
}

function anotherCrate({ path, own, question }: Doubt): boolean {
  const crate = rustSymbol(question.frame.function ?? '')?.crate;
  if (crate === undefined || own.length === 0) return false;
  return !own.some((one) => one.name === crate) && !isTarget(path, crate);
}

/** Examples, tests and extra binaries are crates of their own, named after their file or folder. */
function isTarget(path: string, crate: string): boolean {
  return /(?:^|\/)(?:examples|tests|benches|bin)\//.test(path) && path.replaceAll('-', '_').includes(crate);
}

function anotherModule({ own, question }: Doubt): boolean {
  const module = question.frame.module ?? '';
  return module.includes('.') && own.length > 0 && namedPlace(question) === null;
}

/** Kotlin may leave out the folders that all packages share, never the last one. */
function anotherPackage({ path, question }: Doubt): boolean {
  const folder = namedPlace(question)?.stem.at(-2);
  return folder !== undefined && path.split('/').at(-2) !== folder;
}
