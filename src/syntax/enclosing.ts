// Walks a syntax tree to the function round a place. It must not know files or text.

import type { EnclosingFunction } from '../ports.ts';
import { functionAt, type Grammar } from './grammars.ts';
import { kindOf, type Tree, type TreeNode } from './tree.ts';

/** 0-based, as the parser counts. */
export type Place = { line: number; column: number };

/**
 * The named function that begins on the line, else the innermost named one round it, else one without a
 * name. Null at top level.
 */
export function enclosingNode(root: TreeNode, place: Place, grammar: Grammar): EnclosingFunction | null {
  const at = innermostAt(root, place);
  const round = nodesUp(at).filter((node) => isFunction(node, grammar));
  const found =
    startingOn(at, place.line, grammar) ?? round.find((node) => nameOf(node, grammar) !== null) ?? round[0];
  return found ? describe(found, grammar) : null;
}

/** Every function that bears exactly this name, in the order of the text. */
export function namedNodes(tree: Tree, name: string, grammar: Grammar): EnclosingFunction[] {
  return tree
    .ofKinds(grammar.functions)
    .filter((node) => nameOf(node, grammar) === name)
    .map((node) => describe(node, grammar));
}

function isFunction(node: TreeNode, grammar: Grammar): boolean {
  return functionAt(node, grammar) !== null;
}

/** The only one that begins on this line, as in `const total = (rows) => rows[0].sum;`. */
function startingOn(node: TreeNode, line: number, grammar: Grammar): TreeNode | null {
  const begins = nodesUp(node).findLast((one) => one.range().start.line === line) ?? node;
  const named = [begins, ...descendantsOn(begins, line)].filter(
    (one) => isFunction(one, grammar) && nameOf(one, grammar) !== null,
  );
  return named.length === 1 ? (named[0] ?? null) : null;
}

/** More nodes on one line mean a minified file, where the line says nothing. */
const mostOnLine = 2000;

function descendantsOn(node: TreeNode, line: number): TreeNode[] {
  const found: TreeNode[] = [];
  const waiting = [node];
  for (let next = waiting.pop(); next && found.length < mostOnLine; next = waiting.pop()) {
    const children = next.children().filter((child) => child.range().start.line === line);
    found.push(...children);
    waiting.push(...children);
  }
  return found;
}

function innermostAt(root: TreeNode, place: Place): TreeNode {
  let node = root;
  for (;;) {
    const child = node.children().find((one) => covers(one, place));
    if (!child) return node;
    node = child;
  }
}

function covers(node: TreeNode, { line, column }: Place): boolean {
  const { start, end } = node.range();
  const begins = start.line < line || (start.line === line && start.column <= column);
  return begins && (end.line > line || (end.line === line && end.column > column));
}

/** The node and what holds it, innermost first. */
function nodesUp(node: TreeNode): TreeNode[] {
  return [node, ...node.ancestors()];
}

function describe(node: TreeNode, grammar: Grammar): EnclosingFunction {
  const { head, body } = functionAt(node, grammar) ?? { head: node, body: node };
  const { start } = head.range();
  return { name: nameOf(node, grammar), startLine: start.line + 1, endLine: body.range().end.line + 1 };
}

/** What stands between a function and the name it is given, and says nothing of its own. */
const wrapping = new Set([
  'expression_list',
  'parenthesized_expression',
  'as_expression',
  'satisfies_expression',
  'await_expression',
]);

/** Calls that give back the function they are handed, under the name they are assigned to. */
const passing =
  /^(?:React\.)?(?:memo|forwardRef|useCallback|useEvent|useEffectEvent|observer|debounce|throttle|asyncHandler|catchAsync|wrap|promisify|action|computed|createAsyncThunk|defineStore|once)$/;

function holderOf(node: TreeNode): TreeNode | null {
  const [holder = null, above] = node.ancestors().filter((one) => !wrapping.has(kindOf(one)));
  const passed = above?.kind() === 'call_expression' && passing.test(above.field('function')?.text() ?? '');
  return holder?.kind() === 'arguments' && passed && above ? holderOf(above) : holder;
}

function nameOf(node: TreeNode, grammar: Grammar): string | null {
  const named = grammar.names?.[kindOf(node)] ?? ownName(node, grammar);
  if (named !== undefined) return named;
  const holder = holderOf(node);
  const fields = holder ? (grammar.holders[kindOf(holder)] ?? []) : [];
  const text = fields.map((field) => holder?.field(field)?.text()).find((name) => name !== undefined);
  return text === undefined ? null : plainName(text);
}

/** A head beside its body may itself be wrapped: Dart's `method_signature` holds a `function_signature`. */
function ownName(node: TreeNode, grammar: Grammar): string | undefined {
  const own = node.field('name');
  if (own || !grammar.heads) return own?.text();
  const head = functionAt(node, grammar)?.head ?? node;
  return [head, ...head.children()]
    .map((one) => one.field('name')?.text())
    .find((name) => name !== undefined);
}

/** `exports.total`, `Cart.prototype.total` and `'total'` are `total`; `module.exports` is no name at all. */
function plainName(text: string): string | null {
  if (/^(?:module\.)?exports(?:\.default)?$/.test(text)) return null;
  return /([\p{L}\p{N}_$#-]+)['"\])]*$/u.exec(text)?.[1] ?? null;
}
