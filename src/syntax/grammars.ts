// What each language calls its functions. It must not parse.

import { kindOf, type TreeNode } from './tree.ts';

export type Grammar = {
  language: string;
  /** Which engine reads it: ast-grep's own parsers, or a WebAssembly grammar that must be loaded first. */
  engine: 'native' | 'wasm';
  /** Kinds of node that are functions. */
  functions: ReadonlySet<string>;
  /** What may hold a function without a name of its own, and the fields of it that name it. */
  holders: Readonly<Record<string, readonly string[]>>;
  /** Functions that are called after their kind. */
  names?: Readonly<Record<string, string>>;
  /** Where a function's head and body stand side by side: the heads' kinds, and the body's. */
  heads?: { kinds: ReadonlySet<string>; body: string };
};

const script: Omit<Grammar, 'language'> = {
  engine: 'native',
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

const typescript: Grammar = { language: 'TypeScript', ...script };
/** Also reads plain JavaScript, with or without markup. */
const tsx: Grammar = { language: 'Tsx', ...script };

const rust: Grammar = {
  language: 'rust',
  engine: 'native',
  functions: new Set(['function_item', 'closure_expression']),
  holders: { let_declaration: ['pattern'] },
};
const python: Grammar = {
  language: 'python',
  engine: 'native',
  functions: new Set(['function_definition', 'lambda']),
  holders: { assignment: ['left'] },
};
const go: Grammar = {
  language: 'go',
  engine: 'native',
  functions: new Set(['function_declaration', 'method_declaration', 'func_literal']),
  holders: { var_spec: ['name'] },
};
const java: Grammar = {
  language: 'java',
  engine: 'native',
  functions: new Set(['method_declaration', 'constructor_declaration', 'lambda_expression']),
  holders: { variable_declarator: ['name'] },
};
const csharp: Grammar = {
  language: 'c_sharp',
  engine: 'wasm',
  functions: new Set([
    'method_declaration',
    'constructor_declaration',
    'destructor_declaration',
    'local_function_statement',
    'property_declaration',
    'lambda_expression',
    'anonymous_method_expression',
  ]),
  holders: { variable_declarator: ['name'] },
};
const php: Grammar = {
  language: 'php',
  engine: 'wasm',
  functions: new Set(['function_definition', 'method_declaration', 'anonymous_function', 'arrow_function']),
  holders: { assignment_expression: ['left'] },
};
const ruby: Grammar = {
  language: 'ruby',
  engine: 'wasm',
  functions: new Set(['method', 'singleton_method', 'lambda', 'block', 'do_block']),
  holders: {},
};
const swift: Grammar = {
  language: 'swift',
  engine: 'wasm',
  functions: new Set([
    'function_declaration',
    'init_declaration',
    'deinit_declaration',
    'computed_property',
    'lambda_literal',
  ]),
  holders: { property_declaration: ['name'] },
  names: { init_declaration: 'init', deinit_declaration: 'deinit' },
};
const dart: Grammar = {
  language: 'dart',
  engine: 'wasm',
  functions: new Set(['function_body', 'function_expression']),
  holders: { initialized_variable_definition: ['name'] },
  heads: {
    kinds: new Set(['method_signature', 'function_signature', 'getter_signature', 'setter_signature']),
    body: 'function_body',
  },
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
  cs: csharp,
  php,
  rb: ruby,
  rake: ruby,
  swift,
  dart,
};

/** Null for languages without a parser. */
export function grammarOf(path: string): Grammar | null {
  return byEnding[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? null;
}

/** The function that a node is, with its head where that stands beside its body; null when it is none. */
export function functionAt(node: TreeNode, grammar: Grammar): { head: TreeNode; body: TreeNode } | null {
  const { heads } = grammar;
  if (heads?.kinds.has(kindOf(node))) {
    const outer = node.ancestors().find((one) => heads.kinds.has(kindOf(one))) ?? node;
    const body = outer.next();
    return body?.kind() === heads.body ? { head: outer, body } : null;
  }
  if (!grammar.functions.has(kindOf(node))) return null;
  const before = heads?.body === kindOf(node) ? node.prev() : null;
  return { head: before ?? node, body: node };
}
