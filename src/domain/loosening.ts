// Constructs that hide an error instead of mending it (reference fixing.md, 2.3), on added lines only.
// Works on text, not on syntax: `{ pick: any }` with a variable called any, an assertion inside `${}`, or a
// `catch` that only looks empty because a macro fills it, cannot be told apart and are reported.

import { languageOf, splitCode } from './code-text.ts';
import type { CodeLine, Language } from './code-text.ts';
import { delicacyOf, wordsOf } from './delicate.ts';
import type { DiffLine, FileDiff } from './unified-diff.ts';

/** `what` reads after "adds": `an empty catch`. */
export type Loosening = { line: number; what: string };

type LineRule = {
  what: string;
  where: 'code' | 'comment';
  languages: readonly Language[] | 'all';
  found: (text: string) => boolean;
};

const typed: readonly Language[] = ['ts', 'tsx'];
const scripts: readonly Language[] = ['js', 'ts', 'tsx'];

const has = (pattern: RegExp) => (text: string) => pattern.test(text);

const rules: readonly LineRule[] = [
  {
    what: 'the type `any`',
    where: 'code',
    languages: typed,
    found: has(
      /(?:[:<|&]|[^=!<>]=|=>|\bas|\bextends|\bis|,(?=\s*any\b(?:\[\])*\s*[>,]))\s*any\b(?!\s*[(:.]|\s*\?\.)/,
    ),
  },
  {
    what: 'a type assertion with `as`',
    where: 'code',
    languages: ['ts'],
    found: (text) => !isModuleLine(text) && /[\w$)\]}"]\s+as\s+(?!const\b)[A-Za-z_$({["]/.test(text),
  },
  {
    what: 'a type assertion with `as`',
    where: 'code',
    languages: ['tsx'],
    found: (text) => !isModuleLine(text) && assertionInMarkup.test(text.replace(/>[^<>{}=;()]*<\//g, '></')),
  },
  {
    what: 'a type assertion with `<>`',
    where: 'code',
    languages: ['ts'],
    found: has(/(?:[=(,?:]|\breturn)\s*<(?!const>)[A-Za-z][\w.]*(?:\[\])*>\s*[\w$"[{]/),
  },
  {
    what: 'a non-null assertion (`!`)',
    where: 'code',
    languages: ['ts'],
    found: has(/(?<!\b(?:return|typeof|case|in|of|void|await|yield|delete|new|else|do))[\w$)\]"]!(?!=)/),
  },
  {
    what: 'a non-null assertion (`!`)',
    where: 'code',
    languages: ['tsx'],
    found: has(/[\w$)\]]!(?:[.;,)\]}[(]|\s+(?:as|[&|?=+\-*]+)\s)/),
  },
  {
    what: 'a comment that switches off the type checker',
    where: 'comment',
    languages: 'all',
    found: has(
      /@ts-(?:ignore|expect-error|nocheck)\b|\btype:\s*ignore\b|\bpyright:\s*(?:ignore|basic)\b|\bmypy:\s*ignore/,
    ),
  },
  {
    what: 'a comment that switches off a lint rule',
    where: 'comment',
    languages: 'all',
    found: has(
      /\b(?:eslint|oxlint|tslint|stylelint|pylint)[-:]\s?disable|\bbiome-ignore\b|\bdeno-lint-ignore\b|\bnoqa\b|\bnolint\b/,
    ),
  },
  {
    what: 'a comment that hides code from the coverage',
    where: 'comment',
    languages: 'all',
    found: has(/\b(?:istanbul|c8|v8) ignore\b|\bpragma: no cover\b/),
  },
  {
    what: 'an attribute that switches off a lint',
    where: 'code',
    languages: ['rust'],
    found: has(/#!?\[\s*(?:allow|expect)\s*\(/),
  },
  {
    what: 'a default for something that must not have one',
    where: 'code',
    languages: ['rust'],
    found: isDelicateDefault,
  },
  {
    what: 'a filter of reported errors',
    where: 'code',
    languages: 'all',
    found: has(
      /\b(?:beforeSend(?:Transaction|Span)?|before_send|ignoreErrors|ignore_errors|denyUrls|ignoreTransactions)\b/,
    ),
  },
  {
    what: 'a catch that takes every error',
    where: 'code',
    languages: ['python'],
    found: has(/^\s*except\s*(?:(?:Base)?Exception\b.*)?:/),
  },
  {
    what: 'a discarded rejection',
    where: 'code',
    languages: scripts,
    found: has(
      /\.catch\(\s*(?:\(\s*\w*\s*\)|\w+)\s*=>\s*(?:\{\s*\}|undefined|null|void 0)\s*\)|\.catch\(\s*(?:noop|\(\s*\))\s*\)/,
    ),
  },
  {
    what: 'a discarded result',
    where: 'code',
    languages: ['rust'],
    found: has(/\blet\s+_\s*=(?!=)|\.ok\(\)\s*;/),
  },
];

/** Text of elements is prose, where "as" is a word: only what looks like a type counts after it. */
const assertionInMarkup =
  /[\w$)\]}"]\s+as\s+(?:[A-Z_$({["]|(?:any|unknown|never|string|number|boolean|object|symbol|bigint|keyof|typeof|readonly)\b)/;

/** `import { a as b }`, `export * as c`, and a line of such a list on its own. */
function isModuleLine(text: string): boolean {
  return (
    /^\s*(?:import|export)\b.*(?:\{|\*|\bfrom\b)/.test(text) ||
    /^\s*(?:type\s+)?[\w$]+\s+as\s+[\w$]+\s*,?\s*(?:\}.*)?$/.test(text)
  );
}

/** `unwrap_or_default()` on identifiers, money, access or an index. */
function isDelicateDefault(text: string): boolean {
  if (!/\.unwrap_or_default\(\)/.test(text)) return false;
  const names = text.match(/[A-Za-z_]\w*/g) ?? [];
  return names.some(
    (name) =>
      delicacyOf(name) !== null ||
      wordsOf(name).some((word) => word === 'index' || word === 'idx' || word === 'len'),
  );
}

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
    const found = rules.filter(
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
    /\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}|\bexcept\b[^\n:]*:\s*(?:\n\s*)?pass\b|\bErr\(_\)\s*=>\s*(?:\{\s*\}|\(\s*\))/g;
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
