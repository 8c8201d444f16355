// The table of constructs that hide an error instead of mending it, one line of text at a time.
// Works on text, not on syntax: `{ pick: any }` with a variable called any, or an assertion inside `${}`,
// cannot be told apart: the first is reported, the second is not seen.

import type { Language } from './code-text.ts';
import { delicacyOf, wordsOf } from './delicate.ts';

export type LineRule = {
  what: string;
  where: 'code' | 'comment';
  languages: readonly Language[] | 'all';
  found: (text: string) => boolean;
};

const typed: readonly Language[] = ['ts', 'tsx'];
/** Where JavaScript's syntax applies. */
export const scripts: readonly Language[] = ['js', 'ts', 'tsx'];

const has = (pattern: RegExp) => (text: string) => pattern.test(text);

export const lineRules: readonly LineRule[] = [
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
    what: 'the type `Any`',
    where: 'code',
    languages: ['python'],
    found: has(/(?::|->|[[,|])\s*(?:typing\.|t\.)?Any\b/),
  },
  {
    what: 'a type assertion with `cast`',
    where: 'code',
    languages: ['python'],
    found: has(/\b(?:typing|t)\.cast\(|(?<![.\w])cast\(\s*["'A-Z]/),
  },
  {
    what: 'a discarded error',
    where: 'code',
    languages: ['python'],
    found: has(/\bsuppress\(\s*(?:Base)?Exception\b|\bwarnings\.(?:simplefilter|filterwarnings)\(/),
  },
  {
    what: 'a panic that is caught',
    where: 'code',
    languages: ['rust'],
    found: has(/\bcatch_unwind\s*\(|\bpanic::set_hook\s*\(/),
  },
  {
    what: 'unchecked memory access',
    where: 'code',
    languages: ['rust'],
    found: has(/\bunsafe\b|\bget_unchecked(?:_mut)?\s*\(|\bunwrap_unchecked\s*\(/),
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
    found: has(/^\s*except\s*(?:\(?[^:]*\b(?:Base)?Exception\b.*)?:/),
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
    found: has(/\blet\s+_\s*=(?!=)|\.ok\(\)\s*;|\.map_err\(\s*\|_\|\s*\(\)\s*\)/),
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
