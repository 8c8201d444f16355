// A Rust file as text and tree, with the arguments of well-known macros opened to the parser.
// It must not change the text: edits go by its offsets.

import type { SgNode } from '@ast-grep/napi';

/** Parses Rust; handed in, because all added languages are registered in one place of the process. */
export type ParseRust = (text: string) => SgNode;

export type Source = {
  /** Repository path. */
  path: string;
  text: string;
  root: SgNode;
};

/** Macros whose arguments are plain expressions. */
const openMacros =
  /\b(format|print|println|eprint|eprintln|write|writeln|panic|assert|assert_eq|assert_ne|debug_assert|format_args|trace|debug|info|warn|error|bail|anyhow|ensure|dbg)!(?=\s*\()/g;

/** To the parser a macro's arguments are tokens; `format_(` of the same length makes them expressions. */
export function readSource(parse: ParseRust, path: string, text: string): Source {
  return { path, text, root: parse(text.replace(openMacros, '$1_')) };
}

/** The node's own text, as it is in the file. */
export function textOf(source: Source, node: SgNode): string {
  const { start, end } = node.range();
  return source.text.slice(start.index, end.index);
}

/** The name of the macro when the node is a call of one. */
export function macroName(node: SgNode): string | null {
  if (node.kind() !== 'call_expression') return null;
  const name = /(\w+)_$/.exec(node.field('function')?.text() ?? '')?.[1];
  return name ?? null;
}

/** Macros that only make or show text. */
export function isTextMacro(node: SgNode): boolean {
  const name = macroName(node);
  return name !== null && !/^(?:panic|assert|ensure|dbg)/.test(name);
}

/** 1-based, columns in characters, as the compiler counts. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return { line, column: Array.from(before.slice(start)).length + 1 };
}

/** The node and what holds it, innermost first, up to and without `end`. */
export function upFrom(node: SgNode, isEnd: (up: SgNode) => boolean): SgNode[] {
  const all = [node, ...node.ancestors()];
  const end = all.findIndex(isEnd);
  return end === -1 ? all : all.slice(0, end);
}
