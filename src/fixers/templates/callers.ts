// Whether everyone who calls a function could live with nothing in return.
// It must find every caller in the project, or decline.

import { Node } from 'ts-morph';
import { functionName } from './scope.ts';
import type { Callable } from './scope.ts';
import type { OpenProject } from './project.ts';
import type { Declined } from './template.ts';

/** Null when each caller accepts a missing result. */
export function refusalOfCallers(owner: Callable, project: OpenProject): Declined | null {
  const name = functionName(owner);
  const target = nameNode(owner);
  if (name === null || !target)
    return {
      why: 'The function has no declared return type and no name, so what its caller expects cannot be told.',
    };
  project.filesMatching(new RegExp(`\\b${name.replaceAll('$', String.raw`\$`)}\\b`));
  const uses = target
    .findReferencesAsNodes()
    .filter((node) => !isDeclaration(node, target) && !isPassage(node));
  if (uses.length === 0)
    return {
      why: `\`${name}\` returns a value and no caller of it is in this project, so what callers expect cannot be told.`,
    };
  const unwilling = uses.find((node) => !accepts(node));
  if (!unwilling) return null;
  const where =
    unwilling.getSourceFile() === owner.getSourceFile()
      ? ''
      : ` of \`${unwilling.getSourceFile().getBaseName()}\``;
  return {
    why: `\`${name}\` is not declared to return nothing, and line ${unwilling.getStartLineNumber()}${where} relies on its result.`,
  };
}

type Named = Node & { findReferencesAsNodes(): Node[] };

function nameNode(owner: Callable): Named | null {
  const parent = owner.getParent();
  const node =
    Node.isFunctionDeclaration(owner) ||
    Node.isMethodDeclaration(owner) ||
    Node.isGetAccessorDeclaration(owner)
      ? owner.getNameNode()
      : Node.isVariableDeclaration(parent) || Node.isPropertyDeclaration(parent)
        ? parent.getNameNode()
        : undefined;
  return Node.isIdentifier(node) || Node.isPrivateIdentifier(node) ? node : null;
}

function isDeclaration(node: Node, target: Node): boolean {
  return node.getSourceFile() === target.getSourceFile() && node.getStart() === target.getStart();
}

/** Imports and re-exports only carry the name. */
function isPassage(node: Node): boolean {
  return (
    node.getFirstAncestor((up) => Node.isImportDeclaration(up) || Node.isExportDeclaration(up)) !== undefined
  );
}

function accepts(node: Node): boolean {
  if (isJsxTag(node)) return true;
  const call = callOf(node);
  return call !== null && livesWithNothing(call);
}

function isJsxTag(node: Node): boolean {
  const parent = node.getParent();
  return (
    (Node.isJsxOpeningElement(parent) ||
      Node.isJsxClosingElement(parent) ||
      Node.isJsxSelfClosingElement(parent)) &&
    parent.getTagNameNode() === node
  );
}

function callOf(node: Node): Node | null {
  const parent = node.getParent();
  const callee = Node.isPropertyAccessExpression(parent) && parent.getNameNode() === node ? parent : node;
  const call = callee.getParent();
  if (!Node.isCallExpression(call) || call.getExpression() !== callee) return null;
  let outer: Node = call;
  for (
    let up = outer.getParent();
    Node.isAwaitExpression(up) || Node.isParenthesizedExpression(up);
    up = outer.getParent()
  )
    outer = up;
  return outer;
}

function livesWithNothing(call: Node): boolean {
  const parent = call.getParent();
  if (Node.isExpressionStatement(parent) || Node.isVoidExpression(parent)) return true;
  // A missing yes-or-no would be read as "no", which nobody decided.
  if (call.getType().isBoolean()) return false;
  if (Node.isJsxExpression(parent))
    return Node.isJsxElement(parent.getParent()) || Node.isJsxFragment(parent.getParent());
  if (Node.isIfStatement(parent)) return parent.getExpression() === call;
  if (Node.isConditionalExpression(parent)) return parent.getCondition() === call;
  if (Node.isPropertyAccessExpression(parent)) return parent.hasQuestionDotToken();
  if (Node.isBinaryExpression(parent))
    return parent.getLeft() === call && /^(?:\?\?|\|\|)$/.test(parent.getOperatorToken().getText());
  return Node.isPrefixUnaryExpression(parent) && parent.getText().startsWith('!');
}
