// Parses with ast-grep, whose parsers are part of the process and ready at once.
// It must not walk trees; src/syntax/enclosing.ts does.

import { createRequire } from 'node:module';
import { parse, registerDynamicLanguage, type SgNode } from '@ast-grep/napi';
import type { Grammar } from './grammars.ts';
import type { Tree } from './tree.ts';

/** The text's tree. */
export function parseNatively(text: string, { language }: Grammar): Tree {
  const root = rootOf(text, language);
  return {
    root,
    ofKinds: (kinds) => root.findAll({ rule: { any: [...kinds].map((kind) => ({ kind })) } }),
  };
}

const loaded = ['rust', 'python', 'go', 'java'] as const;
let registered = false;

/** ast-grep takes all added languages in one call, once in a process. Their packages are CommonJS. */
function registerOnce(): void {
  if (registered) return;
  registered = true;
  const load = createRequire(import.meta.url);
  registerDynamicLanguage(Object.fromEntries(loaded.map((name) => [name, load(`@ast-grep/lang-${name}`)])));
}

/** The root of a Rust text's tree, for those who look for more than functions in it. */
export function parseRust(text: string): SgNode {
  return rootOf(text, 'rust');
}

function rootOf(text: string, language: string): SgNode {
  registerOnce();
  return parse(language, text).root();
}
