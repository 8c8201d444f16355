// Keeps the trees of the last few texts: frames of one crash ask about the same files again and again.
// It must not load grammars.

import type { Grammar } from './grammars.ts';
import { parseNatively } from './parsers.ts';
import type { Tree } from './tree.ts';
import { parseInWasm } from './wasm-parsers.ts';

const keptTrees = 8;
const trees = new Map<string, Tree & { free?(): void }>();

/** Null when the grammar is not loaded. */
export function treeOf(text: string, grammar: Grammar): Tree | null {
  const key = `${grammar.language}\0${text}`;
  const tree = trees.get(key) ?? parse(text, grammar);
  if (tree === null) return null;
  trees.delete(key);
  trees.set(key, tree);
  for (const oldest of [...trees.keys()].slice(0, -keptTrees)) {
    trees.get(oldest)?.free?.();
    trees.delete(oldest);
  }
  return tree;
}

function parse(text: string, grammar: Grammar): (Tree & { free?(): void }) | null {
  return grammar.engine === 'native' ? parseNatively(text, grammar) : parseInWasm(text, grammar);
}
