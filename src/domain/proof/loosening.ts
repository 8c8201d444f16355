// Constructs that hide an error instead of mending it (reference fixing.md, 2.3), on added lines only.
// It must not judge lines that go, or lines that were there.

import { languageOf, splitCode } from './code-text.ts';
import type { CodeLine, Language } from './code-text.ts';
import { lineRules, scripts } from './loosening-rules.ts';
import type { DiffLine, FileDiff } from './unified-diff.ts';

/** `what` reads after "adds": `an empty catch`. */
export type Loosening = { line: number; what: string };

/** Every forbidden construct on the file's added lines. `byTemplate` adds what only templates must not write. */
export function findLoosenings(file: FileDiff, byTemplate: boolean): Loosening[] {
  const language = languageOf(file.path);
  return file.hunks.flatMap((hunk) => {
    const side = hunk.filter((line) => line.kind !== 'removed');
    const split = splitCode(
      side.map((line) => line.text),
      language,
    );
    return [
      ...lineFindings(side, split, { language, byTemplate }),
      ...emptyCatches(side, split),
      ...wideCatches(hunk),
      ...wideTypes(hunk, language),
      ...newPanics(hunk, language),
    ];
  });
}

type Reading = { language: Language; byTemplate: boolean };

function lineFindings(
  side: readonly DiffLine[],
  split: readonly CodeLine[],
  { language, byTemplate }: Reading,
): Loosening[] {
  return side.flatMap((line, index) => {
    const text = split[index];
    if (line.kind !== 'added' || !text) return [];
    const found = lineRules.filter(
      (rule) =>
        (rule.languages === 'all' || rule.languages.includes(language)) && rule.found(text[rule.where]),
    );
    const whats = found.map((rule) => rule.what);
    if (byTemplate && scripts.includes(language) && /\?\.(?!\d)/.test(text.code))
      whats.push('an optional chain (`?.`)');
    return whats.map((what) => ({ line: line.line, what }));
  });
}

/** `catch (e) {}` over any number of lines; a comment in it does not handle anything. */
function emptyCatches(side: readonly DiffLine[], split: readonly CodeLine[]): Loosening[] {
  const text = split.map((line) => line.code).join('\n');
  const empty =
    /\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}|\bexcept\b[^\n:]*:\s*(?:\n\s*)?pass\b|\bErr\(\w+\)\s*=>\s*(?:\{\s*\}|\(\s*\))|\bif\s+let\s+Err\(\w+\)\s*=[^{;]*\{\s*\}/g;
  return [...text.matchAll(empty)].flatMap((match) => {
    const first = lineIndex(text, match.index);
    const last = lineIndex(text, match.index + match[0].length);
    const added = side.slice(first, last + 1).find((line) => line.kind === 'added');
    return added ? [{ line: added.line, what: 'an empty catch' }] : [];
  });
}

function lineIndex(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length - 1;
}

function rethrow(line: DiffLine): boolean {
  return /^\s*(?:if\s*\(.*\)\s*)?(?:throw\s+\w+\s*;?|raise)\s*$/.test(line.text);
}

/** A `try` or `catch` that moved takes in more; a rethrow that went takes all. */
function wideCatches(hunk: readonly DiffLine[]): Loosening[] {
  const added = hunk.filter((line) => line.kind === 'added');
  const removed = hunk.filter((line) => line.kind === 'removed');
  const heads = removed
    .filter((line) => /^\s*(?:try\s*[:{]|\}?\s*catch\b)/.test(line.text))
    .map((line) => line.text.trim());
  const moved = added.find((line) => heads.includes(line.text.trim()));
  const nearCatch = hunk.some((line) => /\b(?:catch|except)\b/.test(line.text));
  const dropped = nearCatch && !added.some(rethrow) ? removed.find(rethrow) : undefined;
  return [moved, dropped].flatMap((line) => (line ? [{ line: line.line, what: 'a wider catch' }] : []));
}

/** `name: string` that became `name: unknown`: what is said of a value, taken back. */
function wideTypes(hunk: readonly DiffLine[], language: Language): Loosening[] {
  if (language !== 'ts' && language !== 'tsx') return [];
  const before = new Map(
    hunk.filter((line) => line.kind === 'removed').flatMap((line) => annotations(line.text)),
  );
  const added = hunk.filter((line) => line.kind === 'added');
  return added.flatMap((line) =>
    annotations(line.text)
      .filter(([name, type]) => before.has(name) && before.get(name) !== type && widest.test(type))
      .map(() => ({ line: line.line, what: 'a wider type' })),
  );
}

const widest = /^(?:unknown|object|Object|Function|\{\}|Record<string, unknown>)(?:\[\])*$/;

/** Names with the type that is written beside them. */
function annotations(text: string): [string, string][] {
  const found = text.matchAll(/\b([\w$]+)\??:\s*([\w$.]+(?:<[^<>;]*>)?(?:\[\])*|\{\})\s*(?=[,;)=]|$)/g);
  return [...found].map(([, name = '', type = '']) => [name, type]);
}

function panicsIn(line: DiffLine): number {
  return (line.text.match(/\.(?:unwrap|expect)\(/g) ?? []).length;
}

/** Another `unwrap` is another place to panic; tests stand in the same file and may. */
function newPanics(hunk: readonly DiffLine[], language: Language): Loosening[] {
  if (language !== 'rust' || hunk.some((line) => /#\[(?:\w+::)?test\]|\bassert(?:_\w+)?!/.test(line.text)))
    return [];
  const sum = (kind: DiffLine['kind']): number =>
    hunk.filter((line) => line.kind === kind).reduce((total, line) => total + panicsIn(line), 0);
  const added = hunk.findLast((line) => line.kind === 'added' && panicsIn(line) > 0);
  return added && sum('added') > sum('removed')
    ? [{ line: added.line, what: 'another `unwrap` or `expect`' }]
    : [];
}
