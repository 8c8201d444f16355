// The port's answers about source text: parsers where there is one, the look of the lines elsewhere.
// It must not run on a text so large that parsing would hold up the process.

import type { EnclosingFunction, Syntax } from '../ports.ts';
import { enclosingNode, namedNodes } from './enclosing.ts';
import { outlineFunction } from './outline.ts';
import { grammarOf, parseText } from './parsers.ts';

/** Larger files are generated or bundled. */
const largestText = 1024 * 1024;

/** JavaScript, TypeScript, Rust, Python, Go and Java by their parsers; C-like and Ruby-like ones by their lines. */
export function createSyntax(): Syntax {
  return { enclosingFunction, functionsNamed };
}

function enclosingFunction(path: string, text: string, line: number): EnclosingFunction | null {
  if (text.length > largestText || line < 1) return null;
  const grammar = grammarOf(path);
  if (grammar === null) return outlineFunction(path, text, line);
  const column = text.split('\n')[line - 1]?.search(/\S/) ?? -1;
  // A blank line, or one beyond the end, is in no function that could have crashed there.
  if (column < 0) return null;
  return enclosingNode(parseText(text, grammar), { line: line - 1, column }, grammar);
}

function functionsNamed(path: string, text: string, name: string): EnclosingFunction[] {
  const grammar = text.length > largestText ? null : grammarOf(path);
  // Most files do not even contain the word: no need to parse those.
  return grammar === null || !text.includes(name) ? [] : namedNodes(parseText(text, grammar), name, grammar);
}
