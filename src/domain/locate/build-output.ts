// Leads from a compiled JavaScript file to the source it was made from, where no source map did.
// It must not claim a line: compilers move lines.

import type { FileIndex } from './file-index.ts';
import type { PathFinding } from './find-path.ts';
import type { BuildFolder, Manifests } from './manifests.ts';
import { mostCandidates } from './match-path.ts';

/** Folders that compilers write into, and those they usually read from. */
const outputFolders = new Set([
  'dist',
  'build',
  'out',
  'lib',
  'esm',
  'cjs',
  'es',
  '.output',
  'output',
  'compiled',
]);
const sourceFolders = ['src', 'source', 'app', ''];

/** The sources that a compiled file of that ending may have. */
const sourceEndings: Record<string, readonly string[]> = {
  js: ['ts', 'tsx', 'js', 'jsx', 'coffee'],
  mjs: ['mts', 'ts', 'mjs', 'js'],
  cjs: ['cts', 'ts', 'cjs', 'js'],
  jsx: ['tsx', 'jsx'],
};

/** `segments` of a reported path that names no file of the repository by itself. */
export function byBuildOutput(
  segments: readonly string[],
  { index, manifests }: { index: FileIndex; manifests: Manifests },
): PathFinding | null {
  const name = segments.at(-1) ?? '';
  const dot = name.lastIndexOf('.');
  const endings = sourceEndings[name.slice(dot + 1)];
  if (dot <= 0 || !endings || segments.length < 2) return null;
  const named = endings.flatMap((ending) => index.named(`${name.slice(0, dot)}.${ending}`));
  const stem = [...segments.slice(0, -1), name.slice(0, dot)];
  const candidates = named.filter((path) => mayBeSource(path, stem, manifests.builds));
  if (candidates.length === 0) return null;
  return {
    rule: 'build output',
    candidates: candidates.slice(0, mostCandidates),
    confidence: 0.55 / candidates.length,
    own: true,
    lineHolds: false,
  };
}

/**
 * A compiled file that was committed, too: its source is what people change. Only `dist` says that a file of the
 * same ending was made by a program.
 */
export function sourceInstead(
  finding: PathFinding,
  question: { index: FileIndex; manifests: Manifests },
): PathFinding {
  const [path, second] = finding.candidates;
  if (path === undefined || second !== undefined) return finding;
  const sources = byBuildOutput(path.split('/'), question);
  const made = sources?.candidates.filter(
    (source) => source !== path && (endingOf(source) !== endingOf(path) || /(?:^|\/)dist\//.test(path)),
  );
  if (!sources || !made || made.length === 0) return finding;
  return { ...sources, candidates: made, confidence: 0.55 / made.length };
}

function endingOf(path: string): string {
  return path.slice(path.lastIndexOf('.'));
}

/** The source's path, with its folder put back to the compiler's, is the end of the compiled path. */
function mayBeSource(path: string, stem: readonly string[], builds: readonly BuildFolder[]): boolean {
  const source = path.slice(0, path.lastIndexOf('.'));
  return outputsOf(source, stem, builds).some((output) => endsWith(stem, output.split('/')));
}

function outputsOf(source: string, stem: readonly string[], builds: readonly BuildFolder[]): string[] {
  const configured = builds
    .filter((build) => build.output !== '' && (build.source === '' || source.startsWith(`${build.source}/`)))
    .map((build) => `${build.output}/${source.slice(build.source === '' ? 0 : build.source.length + 1)}`);
  const folder = stem.findLast((part) => outputFolders.has(part));
  if (folder === undefined) return configured;
  const usual = sourceFolders.flatMap((root) => {
    const at = root === '' ? 0 : source.lastIndexOf(`${root}/`, source.lastIndexOf('/'));
    const whole = at === 0 || source[at - 1] === '/';
    return at < 0 || !whole ? [] : [`${folder}/${source.slice(root === '' ? 0 : at + root.length + 1)}`];
  });
  return [...configured, ...usual];
}

function endsWith(segments: readonly string[], end: readonly string[]): boolean {
  const from = segments.length - end.length;
  return from >= 0 && end.every((part, at) => segments[from + at] === part);
}
