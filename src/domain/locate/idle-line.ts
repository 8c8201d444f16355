// Tells lines on which nothing can crash: blank ones, comments, imports. It must not parse.

import type { Language } from './language.ts';

/** Comments as most languages write them; a `*` goes on with one that began above. */
const comment = /^(?:\/\/|\/\*|\*(?:\s|\/|$)|<!--)/;
const hashComment = /^#(?![[{!])/;
const hashLanguages = new Set<Language>(['python', 'ruby', 'php']);

/** Lines that name other files and run nothing. Scripts load what they import, and that can fail. */
const declaration: Partial<Record<Language, RegExp>> = {
  jvm: /^(?:package|import)\s/,
  go: /^(?:package|import)\b/,
  rust: /^(?:pub\s+)?(?:use|mod|extern crate)\s/,
  dotnet: /^(?:using\s+[\w.]+\s*(?:=.*)?;|namespace\s)/,
  php: /^(?:<\?php|namespace\s|use\s[\w\\]+)/,
  swift: /^(?:@\w+\s+)?import\s/,
  dart: /^(?:import|export|library|part)\s/,
};

/** Where scripts close a block; compiled languages end scopes there, and that may run code. */
const closing = /^(?:\}[;,]?|end|else:?|(?:\} )?else \{)$/;
const closingLanguages = new Set<Language>(['javascript', 'python', 'ruby']);

/** `innermost`: only what threw cannot stand on a closing bracket; callers may be counted at the end of a call. */
export function isIdle(text: string, language: Language, innermost: boolean): boolean {
  const line = text.trim().slice(0, 400);
  if (line === '' || comment.test(line)) return true;
  if (hashLanguages.has(language) && hashComment.test(line)) return true;
  if (declaration[language]?.test(line)) return true;
  return innermost && closingLanguages.has(language) && closing.test(line);
}
