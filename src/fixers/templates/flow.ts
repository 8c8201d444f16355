// Where a value goes in the rest of its function: into sums, identifiers or decisions about access.
// It follows names by their symbols; it must not follow values out of the function.

import { Node } from 'ts-morph';
import { delicacyOf } from '../../domain/proof/delicate.ts';
import type { Delicate } from '../../domain/proof/delicate.ts';
import { isAssignment } from './effects.ts';
import { shortCode } from './quote.ts';
import type { Declined } from './template.ts';

type Finding = { kind: Delicate | 'calculation'; node: Node };

/**
 * Declines when the value that a guard would skip over becomes an amount, an identifier that is sent
 * on, a decision about access, or part of a calculation (reference fixing.md, 2.3).
 * `value` is any one occurrence of it; `within` is where to look.
 */
export function refusalOfUse(value: Node, within: Node): Declined | null {
  const finding = usesOf(value, within)
    .map((use) => findingAt(use, within, 2))
    .find((found) => found !== null);
  return finding ? { why: sentence(finding) } : null;
}

function sentence({ kind, node }: Finding): string {
  const where = `in line ${node.getStartLineNumber()} (\`${shortCode(node)}\`)`;
  if (kind === 'amount') return `The value is used as an amount ${where}, a guard would hide a wrong sum.`;
  if (kind === 'calculation')
    return `The value takes part in a calculation ${where}, a guard would hide a wrong result.`;
  if (kind === 'identifier')
    return `The value is sent on as an identifier ${where}, a guard would hide what is not sent.`;
  return `The value decides about access ${where}: what its absence means is a person's decision.`;
}

/** Every occurrence of the same value: same symbol for a name, same text for `this.row`. */
export function usesOf(value: Node, within: Node): Node[] {
  if (Node.isIdentifier(value)) {
    const symbol = value.getSymbol();
    return [...within.getDescendants()].filter(
      (node) => Node.isIdentifier(node) && node.getText() === value.getText() && sameSymbol(node, symbol),
    );
  }
  const text = value.getText();
  return [
    value,
    ...within
      .getDescendants()
      .filter((node) => node !== value && node.getKind() === value.getKind() && node.getText() === text),
  ];
}

function sameSymbol(node: Node, symbol: ReturnType<Node['getSymbol']>): boolean {
  if (node.getSymbol() === symbol) return true;
  const parent = node.getParent();
  return Node.isShorthandPropertyAssignment(parent) && parent.getValueSymbol() === symbol;
}

function findingAt(use: Node, within: Node, depth: number): Finding | null {
  if (isDeclared(use)) return null;
  const { chain, names } = chainOf(use);
  const direct = delicateName(chain, names) ?? calculation(chain) ?? calledFor(chain) ?? namedFor(chain);
  if (direct) return direct;
  if (depth === 0) return null;
  for (const name of boundNames(chain)) {
    for (const further of usesOf(name, within)) {
      const found = further === name ? null : findingAt(further, within, depth - 1);
      if (found) return found;
    }
  }
  return null;
}

function isDeclared(use: Node): boolean {
  const parent = use.getParent();
  return (
    (Node.isVariableDeclaration(parent) ||
      Node.isParameterDeclaration(parent) ||
      Node.isBindingElement(parent)) &&
    parent.getNameNode() === use
  );
}

/** `row` -> `row!.price.net`, with the names on the way. */
function chainOf(use: Node): { chain: Node; names: string[] } {
  let chain = use;
  const names: string[] = [];
  for (let up = chain.getParent(); up; up = chain.getParent()) {
    if (Node.isPropertyAccessExpression(up) && up.getExpression() === chain) names.push(up.getName());
    else if (!isWrapping(up, chain)) break;
    chain = up;
  }
  return { chain, names };
}

function isWrapping(up: Node, inner: Node): boolean {
  if (Node.isElementAccessExpression(up)) return up.getExpression() === inner;
  return (
    Node.isNonNullExpression(up) ||
    Node.isParenthesizedExpression(up) ||
    Node.isAsExpression(up) ||
    Node.isAwaitExpression(up)
  );
}

function delicateName(chain: Node, names: readonly string[]): Finding | null {
  for (const name of names) {
    const kind = delicacyOf(name) ?? kindOfType(chain);
    if (kind === 'identifier' ? isSent(chain) : kind) return kind && { kind, node: chain };
  }
  return names.length === 0 && isSent(chain) ? typeFinding(chain) : null;
}

function typeFinding(chain: Node): Finding | null {
  const kind = kindOfType(chain);
  return kind && { kind, node: chain };
}

/** `Money`, `UserId`: a named type of a plain value. */
function kindOfType(chain: Node): Delicate | null {
  const name = chain.getType().getAliasSymbol()?.getName();
  return name === undefined ? null : delicacyOf(name);
}

/** Given to a call, put into an object or an attribute other than `key`, or written somewhere. */
function isSent(chain: Node): boolean {
  const parent = chain.getParent();
  if (Node.isCallExpression(parent) || Node.isNewExpression(parent)) return parent.getExpression() !== chain;
  if (Node.isPropertyAssignment(parent) || Node.isShorthandPropertyAssignment(parent)) return true;
  if (Node.isTemplateSpan(parent)) return isSent(parent.getParentOrThrow());
  if (Node.isJsxExpression(parent)) {
    const attribute = parent.getParent();
    return Node.isJsxAttribute(attribute) && attribute.getNameNode().getText() !== 'key';
  }
  return (
    Node.isBinaryExpression(parent) &&
    isAssignment(parent.getOperatorToken().getKind()) &&
    parent.getRight() === chain
  );
}

function calculation(chain: Node): Finding | null {
  const parent = chain.getParent();
  if (Node.isPostfixUnaryExpression(parent)) return { kind: 'calculation', node: parent };
  if (Node.isPrefixUnaryExpression(parent))
    return /^(?:\+\+|--|[-+~])/.test(parent.getText()) ? { kind: 'calculation', node: parent } : null;
  if (!Node.isBinaryExpression(parent)) return null;
  const operator = parent.getOperatorToken().getText();
  if (/^(?:[-*/%]|\*\*)=?$/.test(operator)) return { kind: 'calculation', node: parent };
  const joinsText = operator === '+' && (isText(parent.getLeft()) || isText(parent.getRight()));
  return /^\+=?$/.test(operator) && !joinsText && !isText(parent.getLeft())
    ? { kind: 'calculation', node: parent }
    : null;
}

function isText(node: Node): boolean {
  const type = node.getType();
  return type.isString() || type.isStringLiteral() || type.isTemplateLiteral();
}

/** `refund(order)`, `authorize(user)`: the callee says what the value is for. */
function calledFor(chain: Node): Finding | null {
  const call = chain.getParent();
  if (!Node.isCallExpression(call) || call.getExpression() === chain) return null;
  const callee = call.getExpression();
  const name = Node.isPropertyAccessExpression(callee) ? callee.getName() : callee.getText();
  const kind = delicacyOf(name);
  return kind === 'amount' || kind === 'access' ? { kind, node: call } : null;
}

/** `const amount = row.value`, `{ price: row.value }`: the receiver says what the value is for. */
function namedFor(chain: Node): Finding | null {
  const parent = chain.getParent();
  if (!Node.isVariableDeclaration(parent) && !Node.isPropertyAssignment(parent)) return null;
  const name = parent.getNameNode();
  const names = Node.isObjectBindingPattern(name)
    ? name.getElements().map((one) => (one.getPropertyNameNode() ?? one.getNameNode()).getText())
    : [name.getText()];
  const kind = names.map((one) => delicacyOf(one)).find((found) => found === 'amount' || found === 'access');
  return kind ? { kind, node: parent } : null;
}

/** The names a chain is bound to: `const { a, b } = row.c`. */
function boundNames(chain: Node): Node[] {
  const parent = chain.getParent();
  if (!Node.isVariableDeclaration(parent) || parent.getInitializer() !== chain) return [];
  const name = parent.getNameNode();
  if (Node.isIdentifier(name)) return [name];
  if (!Node.isObjectBindingPattern(name)) return [];
  return name
    .getElements()
    .map((element) => element.getNameNode())
    .filter((node) => Node.isIdentifier(node));
}
