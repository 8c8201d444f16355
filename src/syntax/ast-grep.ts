// Finds the function round a line with ast-grep's parsers.
// It must not run on a text so large that parsing would hold up the process.

import { Lang, parse, type SgNode } from '@ast-grep/napi';
import type { EnclosingFunction, Syntax } from '../ports.ts';

/** Larger files are generated or bundled. */
const largestText = 2 * 1024 * 1024;

const languages: Record<string, Lang> = {
  js: Lang.Tsx,
  jsx: Lang.Tsx,
  mjs: Lang.Tsx,
  cjs: Lang.Tsx,
  tsx: Lang.Tsx,
  ts: Lang.TypeScript,
  mts: Lang.TypeScript,
  cts: Lang.TypeScript,
};

const functionKinds = new Set([
  'function_declaration',
  'function_expression',
  'generator_function_declaration',
  'generator_function',
  'arrow_function',
  'method_definition',
]);

/** The parsers for the languages that Suture reads (JavaScript and TypeScript in all their endings). */
export function createSyntax(): Syntax {
  return { enclosingFunction };
}

function enclosingFunction(path: string, text: string, line: number): EnclosingFunction | null {
  const language = languages[path.slice(path.lastIndexOf('.') + 1).toLowerCase()];
  if (language === undefined || text.length > largestText || line < 1) return null;
  const place = placeOf(text, line);
  if (place === null) return null;
  const at = innermostAt(parse(language, text).root(), place);
  const round = [...nodesUp(at)].filter(isFunction);
  const found = startingOn(at, place.line) ?? round.find((node) => nameOf(node) !== null) ?? round[0];
  return found ? describe(found) : null;
}

function isFunction(node: SgNode): boolean {
  return functionKinds.has(String(node.kind()));
}

/** The one named function that begins on this line, as in `const total = (rows) => rows[0].sum;`. */
function startingOn(node: SgNode, line: number): SgNode | null {
  const begins = [...nodesUp(node)].findLast((one) => one.range().start.line === line) ?? node;
  const named = [begins, ...descendants(begins, line)].filter(
    (one) => isFunction(one) && nameOf(one) !== null,
  );
  return named.length === 1 ? (named[0] ?? null) : null;
}

function descendants(node: SgNode, line: number): SgNode[] {
  const children = node.children().filter((child) => child.range().start.line === line);
  return children.flatMap((child) => [child, ...descendants(child, line)]);
}

type Place = { line: number; column: number };

/** The first letter of the line, 0-based; null for a blank line or one beyond the end. */
function placeOf(text: string, line: number): Place | null {
  const column = text.split('\n')[line - 1]?.search(/\S/) ?? -1;
  return column < 0 ? null : { line: line - 1, column };
}

function innermostAt(root: SgNode, place: Place): SgNode {
  let node = root;
  for (;;) {
    const child = node.children().find((one) => covers(one, place));
    if (!child) return node;
    node = child;
  }
}

function covers(node: SgNode, { line, column }: Place): boolean {
  const { start, end } = node.range();
  const begins = start.line < line || (start.line === line && start.column <= column);
  return begins && (end.line > line || (end.line === line && end.column > column));
}

function* nodesUp(node: SgNode): Generator<SgNode> {
  for (let at: SgNode | null = node; at; at = at.parent()) yield at;
}

function describe(node: SgNode): EnclosingFunction {
  const { start, end } = node.range();
  return { name: nameOf(node), startLine: start.line + 1, endLine: end.line + 1 };
}

/** What may hold a function that has no name of its own, and the fields of it that name it. */
const holders: Record<string, readonly string[]> = {
  variable_declarator: ['name'],
  public_field_definition: ['name', 'property'],
  field_definition: ['name', 'property'],
  pair: ['key'],
  assignment_expression: ['left'],
};

function nameOf(node: SgNode): string | null {
  const own = node.field('name');
  if (own) return own.text();
  const holder = node.parent();
  const fields = holder ? (holders[String(holder.kind())] ?? []) : [];
  return fields.map((field) => holder?.field(field)?.text()).find((text) => text !== undefined) ?? null;
}
