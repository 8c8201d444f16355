// What the source line of a crash must contain, by the crash's message: `unreachable!` for unreachable code,
// the words of an `expect` for its panic. It must not look at files.

import type { Language } from './language.ts';

export type Evidence = {
  /** The crash line, or one right beside it, contains this. */
  pattern: RegExp;
  /** False when the words may as well come from elsewhere, as those of an error that is only passed on. */
  binding: boolean;
};

const window = 3;

const fixed: readonly { message: RegExp; pattern: RegExp }[] = [
  { message: /called `Option::unwrap\(\)`|called `Result::unwrap\(\)`/, pattern: /\.unwrap\(\)/ },
  { message: /called `Result::unwrap_err\(\)`/, pattern: /\.unwrap_err\(\)/ },
  { message: /^not yet implemented/, pattern: /\b(?:todo|unimplemented)!/ },
  { message: /^not implemented/, pattern: /\bunimplemented!/ },
  { message: /entered unreachable code/, pattern: /\bunreachable(?:_unchecked)?!?/ },
  { message: /^already (?:mutably )?borrowed|RefCell already/, pattern: /\bborrow(?:_mut)?\(/ },
  { message: /^assertion (?:`|failed)/, pattern: /\bassert(?:_eq|_ne)?!/ },
];

/** Null when the message asks for nothing in particular. Only messages whose words stand in the source count. */
export function evidenceOf(value: string | null, language: Language): Evidence | null {
  const message = (value ?? '').slice(0, 2000);
  const known = language === 'rust' ? fixed.find((one) => one.message.test(message)) : undefined;
  if (known) return { pattern: known.pattern, binding: true };
  const attribute = /object has no attribute '(\w+)'/.exec(message)?.[1];
  if (attribute) return { pattern: new RegExp(`\\b${attribute}\\b`), binding: false };
  return language === 'rust' ? ownWords(message) : null;
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
  { pattern }: Pick<Evidence, 'pattern'>,
): boolean {
  return lines.slice(Math.max(0, line - 1 - window), line + window).some((text) => pattern.test(text));
}

/** Lines that show it, 1-based, nearest to `line` first. */
export function linesWithEvidence(
  lines: readonly string[],
  line: number,
  { pattern }: Pick<Evidence, 'pattern'>,
): number[] {
  return lines
    .flatMap((text, index) => (pattern.test(text) ? [index + 1] : []))
    .toSorted((left, right) => Math.abs(left - line) - Math.abs(right - line));
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}
