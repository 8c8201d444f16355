// Whether a missing list could as well be an empty one: it is only gone through or rendered.
// It must say no as soon as the result is stored, counted, sent or used as a key (fixing.md, 2.4, T3).

import { Node } from 'ts-morph';
import type { ForOfStatement } from 'ts-morph';
import { isList } from './absence.ts';
import { withoutTypes } from './dereference.ts';
import type { Dereference } from './dereference.ts';
import { isAssignment } from './effects.ts';
import { refusalOfUse, usesOf } from './flow.ts';
import { enclosingFunction } from './scope.ts';

/** Methods that give a list again. */
const reshaping = new Set([
  'map',
  'filter',
  'slice',
  'concat',
  'flat',
  'flatMap',
  'toSorted',
  'toReversed',
  'sort',
  'reverse',
]);

/**
 * Null when an empty list would do; else why not, as a finished sentence. `by name`: only the method that was
 * called says that a list was meant.
 */
export function refusalOfList(access: Dereference, known: 'by type' | 'by name' = 'by type'): string | null {
  const type = withoutTypes(access.subject).getType();
  if (known === 'by type' && !isList(type)) return 'The missing value is not a list by its type.';
  if (Node.isForOfStatement(access.node)) return refusalOfBody(access.node, access.node.getStatement());
  if (Node.isSpreadElement(access.node)) return refusalOfSpread(access.node);
  const method = access.property;
  const call = access.node.getParent();
  if (method === null || !Node.isCallExpression(call) || call.getExpression() !== access.node)
    return refusalOfOther(access);
  if (method === 'forEach') return refusalOfBody(call, call);
  return reshaping.has(method) ? refusalOfResult(call) : refusalOfOther(access);
}

function refusalOfOther(access: Dereference): string {
  const what = access.property === 'length' ? 'counted' : `asked for \`${access.property ?? 'an element'}\``;
  return `The list is ${what} in line ${access.node.getStartLineNumber()}, and an empty list would answer for a missing one.`;
}

/** A loop is harmless while it does not sum up or collect what lives outside of it. */
function refusalOfBody(loop: Node, body: Node): string | null {
  const outside = body.getFirstDescendant((node) => collectsOutside(node, loop));
  if (outside)
    return `Line ${outside.getStartLineNumber()} stores or counts what the loop goes through, and an empty list would hide that it was missing.`;
  const item = itemOf(loop);
  const delicate = item && refusalOfUse(item, body);
  return delicate ? delicate.why : null;
}

function itemOf(loop: Node): Node | null {
  if (Node.isForOfStatement(loop)) return firstName(loop.getInitializer());
  const callback = Node.isCallExpression(loop) ? loop.getArguments()[0] : undefined;
  if (!Node.isArrowFunction(callback) && !Node.isFunctionExpression(callback)) return null;
  return callback.getParameters()[0]?.getNameNode() ?? null;
}

function firstName(initializer: ReturnType<ForOfStatement['getInitializer']>): Node | null {
  return Node.isVariableDeclarationList(initializer)
    ? (initializer.getDeclarations()[0]?.getNameNode() ?? null)
    : initializer;
}

const collecting = new Set(['push', 'unshift', 'set', 'add', 'append', 'splice']);

function collectsOutside(node: Node, loop: Node): boolean {
  if (Node.isBinaryExpression(node) && isAssignment(node.getOperatorToken().getKind()))
    return isOutside(node.getLeft(), loop);
  if (Node.isPostfixUnaryExpression(node)) return isOutside(node.getOperand(), loop);
  if (Node.isPrefixUnaryExpression(node))
    return /^(?:\+\+|--)/.test(node.getText()) && isOutside(node.getOperand(), loop);
  if (!Node.isCallExpression(node)) return false;
  const callee = node.getExpression();
  return (
    Node.isPropertyAccessExpression(callee) &&
    collecting.has(callee.getName()) &&
    isOutside(callee.getExpression(), loop)
  );
}

/** The root name is not declared inside the loop. */
function isOutside(target: Node, loop: Node): boolean {
  let root = target;
  while (
    Node.isPropertyAccessExpression(root) ||
    Node.isElementAccessExpression(root) ||
    Node.isNonNullExpression(root)
  )
    root = root.getExpression();
  const declared = root.getSymbol()?.getDeclarations()[0];
  return !declared?.getFirstAncestor((up) => up === loop);
}

/** `[...rows, extra]` is a new list: what becomes of it decides. */
function refusalOfSpread(spread: Node): string | null {
  const list = spread.getParent();
  if (!Node.isArrayLiteralExpression(list))
    return `The list is sent on as arguments in line ${spread.getStartLineNumber()}.`;
  return refusalOfResult(list);
}

/** Follows `.filter().map()` to where the list ends up. */
function refusalOfResult(result: Node, depth = 2): string | null {
  let list = result;
  for (;;) {
    const parent = list.getParent();
    const call = parent?.getParent();
    if (
      !Node.isPropertyAccessExpression(parent) ||
      parent.getExpression() !== list ||
      !Node.isCallExpression(call)
    )
      break;
    if (parent.getName() === 'forEach') return refusalOfBody(call, call);
    if (!reshaping.has(parent.getName()) && parent.getName() !== 'join') break;
    list = call;
  }
  return refusalOfPlace(list, depth);
}

function refusalOfPlace(list: Node, depth: number): string | null {
  const parent = list.getParent();
  if (Node.isJsxExpression(parent) && !Node.isJsxAttribute(parent.getParent())) return null;
  if (Node.isTemplateSpan(parent) && isMarkup(parent.getParent())) return null;
  if (Node.isForOfStatement(parent) && parent.getExpression() === list)
    return refusalOfBody(parent, parent.getStatement());
  if (Node.isParenthesizedExpression(parent)) return refusalOfPlace(parent, depth);
  if (Node.isVariableDeclaration(parent) && depth > 0) return refusalOfName(parent.getNameNode(), depth);
  return `The list made of it is stored, sent or returned in line ${list.getStartLineNumber()}, where an empty list would pass for the real one.`;
}

/** Text round the list opens or closes an element, so the list is shown to people, as in JSX. */
function isMarkup(template: Node): boolean {
  if (!Node.isTemplateExpression(template)) return false;
  const texts = [template.getHead(), ...template.getTemplateSpans().map((span) => span.getLiteral())];
  return texts.some((text) => /<\/?[a-z][\w-]*[\s/>]/i.test(text.getText()));
}

function refusalOfName(name: Node, depth: number): string | null {
  const owner = enclosingFunction(name);
  if (!owner || !Node.isIdentifier(name))
    return `The list made of it is stored in line ${name.getStartLineNumber()}.`;
  const uses = usesOf(name, owner).filter((use) => use !== name);
  if (uses.length === 0) return `The list made of it is stored in line ${name.getStartLineNumber()}.`;
  return uses.map((use) => refusalOfResult(use, depth - 1)).find((why) => why !== null) ?? null;
}
