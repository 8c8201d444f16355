// A name for a value that had none, as its author would have chosen it.
// It must not clash with any name the function already uses.

import { Node, SymbolFlags, SyntaxKind } from 'ts-morph';
import type { CallExpression, Type } from 'ts-morph';
import { singular } from './words.ts';

/** A free name for `expression`, or null when every good one is taken. */
export function nameFor(expression: Node, within: Node): string | null {
  const taken = takenNames(expression, within);
  return proposals(expression).find((name) => isUsable(name) && !taken.has(name)) ?? null;
}

/** Names of this file that are visible there, and names that the function itself uses. */
function takenNames(expression: Node, within: Node): Set<string> {
  const file = expression.getSourceFile();
  const visible = expression
    .getSymbolsInScope(SymbolFlags.Value)
    .filter((symbol) => symbol.getDeclarations().some((declared) => declared.getSourceFile() === file))
    .map((symbol) => symbol.getName());
  const used = within
    .getDescendantsOfKind(SyntaxKind.Identifier)
    .filter((node) => !isPropertyName(node) && !isOwnOfCallback(node, expression))
    .map((node) => node.getText());
  return new Set([...visible, ...used]);
}

function isPropertyName(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isPropertyAccessExpression(parent) || Node.isPropertyAssignment(parent))
    return parent.getNameNode() === node;
  return Node.isPropertySignature(parent);
}

/** The `row` of `(row) => row.id === id` is that callback's own; a `row` beside the callback does not touch it. */
function isOwnOfCallback(node: Node, expression: Node): boolean {
  const owner = node.getFirstAncestor(
    (up) =>
      (Node.isArrowFunction(up) || Node.isFunctionExpression(up)) &&
      up.getParameters().some((parameter) => parameter.getName() === node.getText()),
  );
  return owner !== undefined && expression.getFirstAncestor((up) => up === owner) === undefined;
}

function proposals(expression: Node): string[] {
  const fromType = typeName(expression.getType().getNonNullableType());
  return [...fromShape(expression), ...(fromType === null ? [] : [fromType])];
}

const lookups = new Set(['find', 'findLast', 'at', 'pop', 'shift', 'get']);
/** Methods that are named after what they give. */
const nouns = new Set([
  'parent',
  'owner',
  'root',
  'first',
  'last',
  'head',
  'tail',
  'current',
  'next',
  'previous',
]);
const verbs = /^(?:get|find|fetch|load|read|lookup|query|select|pick|resolve|use|take)(?=[A-Z])/;

function fromShape(expression: Node): string[] {
  if (Node.isAwaitExpression(expression) || Node.isParenthesizedExpression(expression))
    return fromShape(expression.getExpression());
  if (Node.isPropertyAccessExpression(expression)) return [expression.getName()];
  if (Node.isElementAccessExpression(expression)) return fromHolder(expression.getExpression());
  if (!Node.isCallExpression(expression)) return [];
  const callee = expression.getExpression();
  const method = Node.isPropertyAccessExpression(callee) ? callee.getName() : callee.getText();
  if (/^(?:querySelector|getElementById|closest)$/.test(method)) return ['element'];
  if (/^(?:match|exec)$/.test(method)) return ['match'];
  const asked = literalName(expression);
  if (asked !== null) return [asked];
  if (nouns.has(method)) return [method];
  if (Node.isPropertyAccessExpression(callee) && lookups.has(method))
    return fromHolder(callee.getExpression());
  const noun = method.replace(verbs, '').replace(/By[A-Z]\w*$/, '');
  return noun !== method && noun !== '' ? [lowerFirst(noun)] : [];
}

/** `params.get('page')` -> `page`. */
function literalName(call: CallExpression): string | null {
  const [only, ...more] = call.getArguments();
  if (more.length > 0 || !Node.isStringLiteral(only)) return null;
  return /^[a-z][A-Za-z\d]*$/.test(only.getLiteralText()) ? only.getLiteralText() : null;
}

/** `this.sessions` -> `session`; `userById` -> `user`. */
function fromHolder(holder: Node): string[] {
  if (Node.isNonNullExpression(holder)) return fromHolder(holder.getExpression());
  const name = Node.isPropertyAccessExpression(holder)
    ? holder.getName()
    : Node.isIdentifier(holder)
      ? holder.getText()
      : null;
  if (name === null) return [];
  const bare = name.replace(/^#/, '').replace(/(?:By[A-Z]\w*|Map|List|Cache|Index)$/, '');
  const one = singular(bare);
  return one !== null ? [one] : bare === name ? [] : [bare];
}

function typeName(type: Type): string | null {
  const name = type.getAliasSymbol()?.getName() ?? type.getSymbol()?.getName() ?? '';
  if (/^HTML|Element$/.test(name)) return 'element';
  return /^[A-Z][A-Za-z\d]*$/.test(name) &&
    !/^(?:Object|Array|Map|Set|Function|Promise|String|Number)$/.test(name)
    ? lowerFirst(name)
    : null;
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

const reserved = new Set(
  'case class default delete export function import in new return switch this typeof var void with yield await static package interface private protected public enum'.split(
    ' ',
  ),
);

function isUsable(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name) && !reserved.has(name);
}
