// A name for a value that had none, as its author would have chosen it.
// It must not clash with any name the function already uses.

import { Node, SyntaxKind } from 'ts-morph';
import type { Type } from 'ts-morph';
import { singular } from './words.ts';

/** A free name for `expression`, or null when every good one is taken. */
export function nameFor(expression: Node, within: Node): string | null {
  const taken = new Set(
    within
      .getSourceFile()
      .getDescendantsOfKind(SyntaxKind.Identifier)
      .filter((node) => isBinding(node, within))
      .map((node) => node.getText()),
  );
  return proposals(expression).find((name) => isUsable(name) && !taken.has(name)) ?? null;
}

/** Property names and names of other functions' locals do not clash. */
function isBinding(node: Node, within: Node): boolean {
  const parent = node.getParent();
  if (Node.isPropertyAccessExpression(parent) && parent.getNameNode() === node) return false;
  if (
    Node.isPropertySignature(parent) ||
    Node.isPropertyAssignment(parent) ||
    Node.isPropertyDeclaration(parent)
  )
    return parent.getNameNode() !== node;
  const isLocal = node.getFirstAncestor((up) => up === within) !== undefined;
  return isLocal ? !isInner(node, within) : isTopLevel(node);
}

/** Locals of a function nested in the expression, such as the `row` of `(row) => row.id === id`, may be shadowing. */
function isInner(node: Node, within: Node): boolean {
  const owner = node.getFirstAncestor(
    (up) => Node.isArrowFunction(up) || Node.isFunctionExpression(up) || Node.isFunctionDeclaration(up),
  );
  if (owner === undefined || owner === within) return false;
  const inside = owner.getFirstAncestor((up) => up === within) !== undefined;
  return inside && owner.getParameters().some((parameter) => parameter.getName() === node.getText());
}

function isTopLevel(node: Node): boolean {
  const holder = node.getFirstAncestor((up) => Node.isStatement(up) || Node.isImportDeclaration(up));
  return holder !== undefined && Node.isSourceFile(holder.getParent());
}

function proposals(expression: Node): string[] {
  const fromType = typeName(expression.getType().getNonNullableType());
  return [...fromShape(expression), ...(fromType === null ? [] : [fromType])];
}

const lookups = new Set(['find', 'findLast', 'at', 'pop', 'shift', 'get']);
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
  if (Node.isPropertyAccessExpression(callee) && lookups.has(method))
    return fromHolder(callee.getExpression());
  const noun = method.replace(verbs, '').replace(/By[A-Z]\w*$/, '');
  return noun !== method && noun !== '' ? [lowerFirst(noun)] : [];
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
