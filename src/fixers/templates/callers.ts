// Whether everyone who calls a function could live with nothing in return.
// It must find every caller in the project, or decline.

import { Node, SyntaxKind } from 'ts-morph';
import type { SourceFile } from 'ts-morph';
import { absenceOf } from './absence.ts';
import { declaresResult } from './js-doc.ts';
import { enclosingFunction, functionName, isCallable } from './scope.ts';
import type { Callable } from './scope.ts';
import type { OpenProject } from './project.ts';
import type { Declined } from './template.ts';

/** What every caller takes for nothing, `undefined` where it is all the same; else who needs a result. */
export function acceptedByCallers(
  owner: Callable,
  project: OpenProject,
): { nothing: 'undefined' | 'null' } | Declined {
  const name = functionName(owner);
  const target = nameNode(owner);
  if (name === null || !target)
    return {
      why: 'The function has no declared return type and no name, so what its caller expects cannot be told.',
    };
  if (!project.complete) return { why: `There are too many files here to find every caller of \`${name}\`.` };
  const files = project.filesMatching(new RegExp(`\\b${name.replaceAll('$', String.raw`\$`)}\\b`));
  const found = target.findReferencesAsNodes();
  const uses = found.filter((node) => !isDeclaration(node, target) && !isPassage(node));
  if (uses.length === 0)
    return {
      why: `\`${name}\` returns a value and no caller of it is in this project, so what callers expect cannot be told.`,
    };
  const unwilling = uses.find((node) => accepted(node) === null) ?? unresolvedCall(files, { name, found });
  if (unwilling)
    return {
      why: `\`${name}\` is not declared to return nothing, and line ${unwilling.getStartLineNumber()}${inFile(unwilling, owner)} relies on its result.`,
    };
  const needsNull = uses.some((node) => accepted(node) === 'null');
  if (needsNull && uses.some((node) => accepted(node) === 'undefined'))
    return { why: `Of the callers of \`${name}\` one expects \`null\` for nothing, another \`undefined\`.` };
  return { nothing: needsNull ? 'null' : 'undefined' };
}

function inFile(node: Node, owner: Callable): string {
  return node.getSourceFile() === owner.getSourceFile()
    ? ''
    : ` of \`${node.getSourceFile().getBaseName()}\``;
}

/** In plain JavaScript `thing.name()` may be a call of it, though nothing says what `thing` is. */
function unresolvedCall(
  files: readonly SourceFile[],
  { name, found }: { name: string; found: readonly Node[] },
): Node | undefined {
  return files
    .filter((file) => /\.[cm]?jsx?$/.test(file.getFilePath()))
    .flatMap((file) => file.getDescendantsOfKind(SyntaxKind.Identifier))
    .filter((node) => node.getText() === name && callOf(node) !== null)
    .find((node) => !found.includes(node) && node.getSymbol() === undefined);
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

/** Imports and exports only carry the name. */
function isPassage(node: Node): boolean {
  const carrier = node.getFirstAncestor(
    (up) => Node.isImportDeclaration(up) || Node.isExportDeclaration(up) || Node.isStatement(up),
  );
  if (Node.isImportDeclaration(carrier) || Node.isExportDeclaration(carrier)) return true;
  if (Node.isExpressionStatement(carrier))
    return /^(?:module\.)?exports\b[.\w]*\s*=\s*(?:\{[^(]*\}|[\w$]+);?$/s.test(carrier.getText());
  return (
    Node.isBindingElement(node.getParent()) &&
    /^\s*(?:const|let|var)\s*\{[^}]*\}\s*=\s*require\([^()]*\);?$/s.test(carrier?.getText() ?? '')
  );
}

/** `any`: it does not matter which nothing comes back. Null when something has to. */
type Accepted = 'any' | 'null' | 'undefined' | null;

function accepted(node: Node): Accepted {
  if (isJsxTag(node)) return 'any';
  const call = callOf(node);
  if (call === null) return null;
  return handedOn(call) ?? (livesWithNothing(call) ? 'any' : null);
}

/** `return load(id)` in a function that is declared to return nothing at times. */
function handedOn(call: Node): Accepted {
  if (!Node.isReturnStatement(call.getParent())) return null;
  const owner = enclosingFunction(call);
  if (!isCallable(owner) || Node.isSetAccessorDeclaration(owner) || !declaresResult(owner)) return null;
  const type = owner.getReturnType();
  const isPromise = type.getSymbol()?.getName() === 'Promise';
  const absence = absenceOf((isPromise ? type.getTypeArguments()[0] : undefined) ?? type);
  if (absence.undefined || absence.void) return absence.null ? 'any' : 'undefined';
  return absence.null ? 'null' : null;
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
