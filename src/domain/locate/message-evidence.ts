// What the source line of a crash must contain, by the crash's message: `unreachable!` for unreachable code,
// the words of an `expect` for its panic. It must not look at files.

import type { Language } from './language.ts';

export type Evidence = {
  /** The crash line, or one right beside it, contains this. */
  pattern: RegExp;
  /** False when the words may as well come from elsewhere, as those of an error that is only passed on. */
  binding: boolean;
  /** Where this stands instead, the name may have been put together while running. */
  unless?: RegExp;
};

const window = 3;

const panics: readonly { message: RegExp; pattern: RegExp }[] = [
  { message: /called `Option::unwrap\(\)`|called `Result::unwrap\(\)`/, pattern: /\.unwrap\(\)/ },
  { message: /called `Result::unwrap_err\(\)`/, pattern: /\.unwrap_err\(\)/ },
  { message: /^not yet implemented/, pattern: /\b(?:todo|unimplemented)!/ },
  { message: /^not implemented/, pattern: /\bunimplemented!/ },
  { message: /entered unreachable code/, pattern: /\bunreachable(?:_unchecked)?!?/ },
  { message: /^already (?:mutably )?borrowed|RefCell already/, pattern: /\bborrow(?:_mut)?\(/ },
  { message: /^assertion (?:`|failed)/, pattern: /\bassert(?:_eq|_ne)?!/ },
];

type Naming = { messages: readonly RegExp[]; unless?: RegExp };

/** Messages of engines that name what was read or called: the name stands on the line, unless it was computed. */
const namings: Partial<Record<Language, Naming>> = {
  javascript: {
    messages: [
      /(?:reading|setting) '([A-Za-z_$][\w$]*)'/,
      /(?:read|set) property '([A-Za-z_$][\w$]*)' of/,
      /can't access property "([A-Za-z_$][\w$]*)"/,
      /^(?:[\w$]+\.)*([A-Za-z_$][\w$]*) is not (?:a function|defined)$/m,
      /evaluating '(?:[\w$]+\.)*([A-Za-z_$][\w$]*)(?:\(.*)?'/,
    ],
    unless: /\[[^\]'"`\d]|\.\.\.|\$\{/,
  },
  python: {
    messages: [
      /has no attribute '(\w+)'/,
      /^name '(\w+)' is not defined/,
      /local variable '(\w+)' (?:referenced|where it is not)/,
    ],
    unless: /getattr|\*\*|\bdel\b|__/,
  },
  ruby: {
    messages: [/undefined (?:local variable or )?method [`']([A-Za-z_]\w*)[=?!]?'/],
    unless: /\bsend\b|public_send|&method|&:|\beach\b.*do\b|\bsuper\b/,
  },
  php: {
    messages: [
      /Call to (?:a member function|undefined (?:method|function)) (?:[\w\\]+::)?(\w+)\(\)/,
      /Undefined (?:property|variable|array key|index):? (?:[\w\\]+::)?["$]*(\w+)/,
      /Attempt to read property "(\w+)"/,
    ],
    unless: /->\$|->\{|\$\$|\[\$|::\$/,
  },
};

/** Null when the message asks for nothing in particular. Only messages whose words stand in the source count. */
export function evidenceOf(value: string | null, language: Language): Evidence | null {
  const message = (value ?? '').slice(0, 2000);
  if (language !== 'rust') return namedIn(message, namings[language]);
  const known = panics.find((one) => one.message.test(message));
  return known ? { pattern: known.pattern, binding: true } : ownWords(message);
}

function namedIn(message: string, naming: Naming | undefined): Evidence | null {
  const name = naming?.messages.map((one) => one.exec(message)?.[1]).find((found) => found !== undefined);
  if (!naming || name === undefined) return null;
  const pattern = new RegExp(`(?<!\\w)${escaped(name)}(?![\\w$])`);
  return { pattern, binding: true, ...(naming.unless ? { unless: naming.unless } : {}) };
}

/** A panic's own text up to where a value was put in; shorter ones stand anywhere. */
function ownWords(message: string): Evidence | null {
  const [words = ''] = message.split(/[`'"{}:\n\d\\]/);
  const text = words.trim();
  if (text.length < 12 || /^(?:index|range|slice|byte|attempt|mid|capacity|begin|end|called)\b/.test(text))
    return null;
  return { pattern: new RegExp(escaped(text)), binding: false };
}

/** True when the line (1-based) or one of its neighbours shows it. */
export function showsEvidence(
  lines: readonly string[],
  line: number,
  { pattern, unless }: Evidence,
): boolean {
  const near = lines.slice(Math.max(0, line - 1 - window), line + window);
  return near.some((text) => pattern.test(text) || unless?.test(text) === true);
}

/** Whether it begins at that column, 1-based. Calls are counted from their name, not from the dot before it. */
export function showsAt(text: string, column: number, { pattern }: Evidence): boolean {
  const matches = text.matchAll(new RegExp(pattern.source, 'g'));
  return [...matches].some(({ index, 0: found }) => index + (found.startsWith('.') ? 2 : 1) === column);
}

/** Lines that show it, 1-based, nearest to `line` first. */
export function linesWithEvidence(lines: readonly string[], line: number, { pattern }: Evidence): number[] {
  return lines
    .flatMap((text, index) => (pattern.test(text) ? [index + 1] : []))
    .toSorted((left, right) => Math.abs(left - line) - Math.abs(right - line));
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}
