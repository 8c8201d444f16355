// Names in code as words of a sentence. It knows no syntax tree.
// It must not judge names; domain/proof/delicate.ts does.

import { wordsOf } from '../../domain/proof/delicate.ts';

export function spoken(name: string): string {
  return wordsOf(name).join(' ') || 'value';
}

export function withArticle(words: string): string {
  return `${/^[aeio]|^u(?!s|ni)/.test(words) ? 'an' : 'a'} ${words}`;
}

/** `sessions` -> `session`; null when the word is not a plural. */
export function singular(name: string): string | null {
  if (/(?:ss|us|is|ways|news|series|lens)$/.test(name) || !/.s$/.test(name)) return null;
  if (name.endsWith('ies')) return `${name.slice(0, -3)}y`;
  return /(?:ch|sh|x|ss)es$/.test(name) ? name.slice(0, -2) : name.slice(0, -1);
}
