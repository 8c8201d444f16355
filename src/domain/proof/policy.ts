// Judges a finished diff, whoever wrote it: protected paths, size, constructs that hide errors, loosened tests.
// It reads text only; the target's own compiler and tests judge the rest.

import { findLoosenings } from './loosening.ts';
import { findPatience } from './patience.ts';
import { protection } from './path-rules.ts';
import { findLoosenedTests } from './test-rules.ts';
import { parseDiff } from './unified-diff.ts';
import type { FileDiff } from './unified-diff.ts';

export type PolicyInput = {
  /** Unified, as git prints it, against the base. */
  diff: string;
  /** What differs from the base, by the working tree's own account. */
  changes: readonly { path: string; kind: 'added' | 'modified' | 'deleted' | 'other' }[];
  /** Files, and added plus removed lines, at most. */
  limits: { files: number; lines: number };
  /** Globs of the settings, on top of what is always protected (path-rules.ts). */
  protectedPaths: readonly string[];
  /** The fixer that wrote it; `templates` are held to more. */
  fixer?: string;
};

export type PolicyAnswer = {
  ok: boolean;
  /** Finished sentences, each with the file and, where there is one, the line. */
  violations: string[];
  /** For the proof table: `no protected file, nothing loosened, 5 lines`. */
  summary: string;
};

/** Judges the diff (reference fixing.md, 2.3 and 2.6, step 8). Doubt is a violation. */
export function checkPolicy(input: PolicyInput): PolicyAnswer {
  const files = parseDiff(input.diff);
  const lines = files.flatMap((file) => file.hunks.flat()).filter((line) => line.kind !== 'context').length;
  const violations = [
    ...sizeViolations(input, files, lines),
    ...accountViolations(input, files),
    ...pathViolations(input, files),
    ...files.flatMap((file) => formViolations(file)),
    ...files.flatMap((file) => textViolations(file, input.fixer === 'templates')),
  ];
  return { ok: violations.length === 0, violations, summary: summaryOf(violations, lines) };
}

function summaryOf(violations: readonly string[], lines: number): string {
  if (violations.length === 0)
    return `no protected file, nothing loosened, ${lines} ${lines === 1 ? 'line' : 'lines'}`;
  return violations.length === 1 ? '1 rule broken' : `${violations.length} rules broken`;
}

function sizeViolations(
  { changes, limits }: PolicyInput,
  files: readonly FileDiff[],
  lines: number,
): string[] {
  const count = new Set([...changes.map((change) => change.path), ...files.map((file) => file.path)]).size;
  if (count === 0) return ['The diff is empty, so there is nothing to propose.'];
  const violations: string[] = [];
  if (count > limits.files)
    violations.push(`The change touches ${count} files, and the limit is ${limits.files}.`);
  if (lines > limits.lines)
    violations.push(`The change has ${lines} added and removed lines, and the limit is ${limits.lines}.`);
  return violations;
}

/** What the working tree says changed, and what the diff shows, must be the same files. */
function accountViolations({ changes }: PolicyInput, files: readonly FileDiff[]): string[] {
  const shown = new Set(files.flatMap((file) => [file.path, ...(file.from === null ? [] : [file.from])]));
  const known = new Set(changes.map((change) => change.path));
  return [
    ...changes
      .filter((change) => !shown.has(change.path))
      .map(({ path }) => `${quote(path)} changed, but the diff does not show how.`),
    ...files
      .filter((file) => !known.has(file.path))
      .map(({ path }) => `The diff changes ${quote(path)}, which is not among the files that changed.`),
  ];
}

function pathViolations({ changes, protectedPaths }: PolicyInput, files: readonly FileDiff[]): string[] {
  const paths = new Set([
    ...changes.map((change) => change.path),
    ...files.flatMap((file) => [file.path, file.from ?? file.path]),
  ]);
  return [...paths].flatMap((path) => {
    const why = protection(path, protectedPaths);
    return why === null ? [] : [`${quote(path)} ${why}, so only a person may change it.`];
  });
}

const kinds: Record<string, string> = { '120000': 'a symbolic link', '160000': 'a submodule' };

/** What a change of text cannot be: binary, a link, another mode. */
function formViolations(file: FileDiff): string[] {
  const violations: string[] = [];
  const kind = kinds[file.newMode ?? ''] ?? kinds[file.oldMode ?? ''];
  if (file.isBinary) violations.push(`${quote(file.path)} is binary, so nobody can read the change.`);
  if (kind !== undefined) violations.push(`${quote(file.path)} is ${kind}, which no fix needs.`);
  else if (file.isNew && file.newMode === '100755')
    violations.push(`${quote(file.path)} is new and executable.`);
  else if (file.oldMode !== null && file.newMode !== null && file.oldMode !== file.newMode)
    violations.push(`${quote(file.path)} changes its mode from ${file.oldMode} to ${file.newMode}.`);
  return violations;
}

/** Longer lines are not written by hand, and scanning them has no bound worth having. */
const longestLine = 2_000;

function textViolations(file: FileDiff, byTemplate: boolean): string[] {
  const long = file.hunks.flat().find((line) => line.kind === 'added' && line.text.length > longestLine);
  if (long)
    return [
      `${quote(`${file.path}:${long.line}`)} has a line of ${long.text.length} characters, which nobody can read.`,
    ];
  const found = [...findLoosenings(file, byTemplate), ...findPatience(file), ...findLoosenedTests(file)];
  const sentences = found.map(({ line, what }) => `${quote(`${file.path}:${line}`)} has ${what}.`);
  return [...new Set(sentences)];
}

function quote(text: string): string {
  return `\`${text.replace(/[`\n]/g, ' ')}\``;
}
