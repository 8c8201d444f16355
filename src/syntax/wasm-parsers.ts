// Parses with tree-sitter in WebAssembly the languages whose ast-grep packages would weigh hundreds of megabytes.
// A grammar is loaded when the first file of its language comes up. It must not walk trees.

import { fileURLToPath } from 'node:url';
import { Language, Parser, type Node, type Tree as Parsed } from 'web-tree-sitter';
import type { Grammar } from './grammars.ts';
import type { Tree, TreeNode } from './tree.ts';

const parsers = new Map<string, Promise<Parser | null>>();
const ready = new Map<string, Parser>();
/** Once in a process: a second start would part the parsers from their grammars. */
let engine: Promise<void> | null = null;

/** Loads the grammar, once. One that cannot be loaded stays unloaded: then the look of the lines must do. */
export async function loadGrammar({ language }: Grammar): Promise<void> {
  const loading = parsers.get(language) ?? open(language).catch(() => null);
  parsers.set(language, loading);
  const parser = await loading;
  if (parser) ready.set(language, parser);
}

async function open(language: string): Promise<Parser> {
  engine ??= Parser.init();
  await engine;
  const file = import.meta.resolve(`@repomix/tree-sitter-wasms/out/tree-sitter-${language}.wasm`);
  const parser = new Parser();
  parser.setLanguage(await Language.load(fileURLToPath(file)));
  return parser;
}

/** Null while the grammar is not loaded, and when it gives up. Its memory is not collected: `free` must be called. */
export function parseInWasm(text: string, { language }: Grammar): (Tree & { free(): void }) | null {
  const tree = attempt(ready.get(language) ?? null, text);
  if (tree === null) return null;
  return {
    root: wrap(tree.rootNode),
    ofKinds: (kinds) => tree.rootNode.descendantsOfType([...kinds]).map(wrap),
    free: () => tree.delete(),
  };
}

/** A grammar's own scanner may run out of memory or trap on odd text. */
function attempt(parser: Parser | null, text: string): Parsed | null {
  try {
    return parser?.parse(text) ?? null;
  } catch {
    return null;
  }
}

function wrap(node: Node): TreeNode {
  return {
    kind: () => node.type,
    text: () => node.text,
    range: () => ({ start: placeOf(node.startPosition), end: placeOf(node.endPosition) }),
    children: () => node.children.map(wrap),
    ancestors: () => ancestorsOf(node),
    field: (name) => wrapped(node.childForFieldName(name)),
    next: () => wrapped(node.nextSibling),
    prev: () => wrapped(node.previousSibling),
  };
}

function wrapped(node: Node | null): TreeNode | null {
  return node === null ? null : wrap(node);
}

function ancestorsOf(node: Node): TreeNode[] {
  const found: TreeNode[] = [];
  for (let above = node.parent; above; above = above.parent) found.push(wrap(above));
  return found;
}

function placeOf({ row, column }: { row: number; column: number }): { line: number; column: number } {
  return { line: row, column };
}
