// The port's answers about source text: parsers where there is one, the look of the lines elsewhere.
// It must not run on a text so large that parsing would hold up the process.

import type { EnclosingFunction, Syntax } from '../ports.ts';
import { enclosingNode, namedNodes } from './enclosing.ts';
import { outlineFunction } from './outline.ts';
import { grammarOf } from './grammars.ts';
import { treeOf } from './kept-trees.ts';
import { loadGrammar } from './wasm-parsers.ts';

/** Larger files are generated or bundled. */
const largestText = 1024 * 1024;

/** By a parser where there is one and it is loaded; Kotlin, Scala and others by their lines. */
export function createSyntax(): Syntax {
  return { prepare, enclosingFunction, functionsNamed };
}

async function prepare(paths: readonly string[]): Promise<void> {
  const grammars = new Set(paths.flatMap((path) => grammarOf(path) ?? []));
  await Promise.all([...grammars].filter(({ engine }) => engine === 'wasm').map(loadGrammar));
}

function enclosingFunction(path: string, text: string, line: number): EnclosingFunction | null {
  if (text.length > largestText || line < 1) return null;
  const grammar = grammarOf(path);
  const tree = grammar === null ? null : treeOf(text, grammar);
  if (grammar === null || tree === null) return outlineFunction(path, text, line);
  const column = text.split('\n')[line - 1]?.search(/\S/) ?? -1;
  // A blank line, or one beyond the end, is in no function that could have crashed there.
  if (column < 0) return null;
  return enclosingNode(tree.root, { line: line - 1, column }, grammar);
}

function functionsNamed(path: string, text: string, name: string): EnclosingFunction[] {
  const grammar = text.length > largestText ? null : grammarOf(path);
  // Most files do not even contain the word: no need to parse those.
  const tree = grammar === null || !text.includes(name) ? null : treeOf(text, grammar);
  return grammar === null || tree === null ? [] : namedNodes(tree, name, grammar);
}
