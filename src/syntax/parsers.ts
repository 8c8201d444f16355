// Which parser reads a file, and what its language calls functions.
// It must not walk trees; src/syntax/enclosing.ts does.

import { createRequire } from 'node:module';
import { Lang, parse, registerDynamicLanguage, type SgNode } from '@ast-grep/napi';

export type Grammar = {
  language: string;
  /** Kinds of node that are functions. */
  functions: ReadonlySet<string>;
  /** What may hold a function without a name of its own, and the fields of it that name it. */
  holders: Readonly<Record<string, readonly string[]>>;
};

const script: Omit<Grammar, 'language'> = {
  functions: new Set([
    'function_declaration',
    'function_expression',
    'generator_function_declaration',
    'generator_function',
    'arrow_function',
    'method_definition',
  ]),
  holders: {
    variable_declarator: ['name'],
    public_field_definition: ['name', 'property'],
    field_definition: ['name', 'property'],
    pair: ['key'],
    assignment_expression: ['left'],
  },
};

const typescript: Grammar = { language: Lang.TypeScript, ...script };
/** Also reads plain JavaScript, with or without markup. */
const tsx: Grammar = { language: Lang.Tsx, ...script };

const rust: Grammar = {
  language: 'rust',
  functions: new Set(['function_item', 'closure_expression']),
  holders: { let_declaration: ['pattern'] },
};
const python: Grammar = {
  language: 'python',
  functions: new Set(['function_definition', 'lambda']),
  holders: { assignment: ['left'] },
};
const go: Grammar = {
  language: 'go',
  functions: new Set(['function_declaration', 'method_declaration', 'func_literal']),
  holders: { var_spec: ['name'] },
};
const java: Grammar = {
  language: 'java',
  functions: new Set(['method_declaration', 'constructor_declaration', 'lambda_expression']),
  holders: { variable_declarator: ['name'] },
};

const byEnding: Readonly<Record<string, Grammar>> = {
  js: tsx,
  jsx: tsx,
  mjs: tsx,
  cjs: tsx,
  tsx,
  ts: typescript,
  mts: typescript,
  cts: typescript,
  rs: rust,
  py: python,
  pyi: python,
  go,
  java,
};

/** Null for languages without a parser. */
export function grammarOf(path: string): Grammar | null {
  return byEnding[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? null;
}

/** Frames of one crash ask about the same few files again and again. */
const keptTrees = 8;
const trees = new Map<string, SgNode>();

/** The root of the text's tree; the last few are kept. */
export function parseText(text: string, grammar: Grammar): SgNode {
  registerOnce();
  const key = `${grammar.language}\0${text}`;
  const root = trees.get(key) ?? parse(grammar.language, text).root();
  trees.delete(key);
  trees.set(key, root);
  for (const oldest of [...trees.keys()].slice(0, -keptTrees)) trees.delete(oldest);
  return root;
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
  return parseText(text, rust);
}
