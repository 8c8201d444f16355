// The function round a place, the loop in it, and the statements that run before and after.
// Syntax only: it must not ask for types or decide what a guard may do.

import { Node } from 'ts-morph';
import type {
  ArrowFunction,
  Block,
  CaseClause,
  DefaultClause,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  FunctionDeclaration,
  FunctionExpression,
  GetAccessorDeclaration,
  MethodDeclaration,
  SetAccessorDeclaration,
  Statement,
} from 'ts-morph';

export type Callable =
  | ArrowFunction
  | FunctionDeclaration
  | FunctionExpression
  | MethodDeclaration
  | GetAccessorDeclaration
  | SetAccessorDeclaration;

/** Loops where `continue` always moves on. */
export type CountedLoop = ForInStatement | ForOfStatement | ForStatement;

/** What a statement stands in: a list of statements. */
export type StatementList = Block | CaseClause | DefaultClause;

/** The nearest function-like ancestor of any kind. */
export function enclosingFunction(node: Node): Node | undefined {
  return node.getFirstAncestor(isFunctionLike);
}

function isFunctionLike(node: Node): boolean {
  return isCallable(node) || Node.isConstructorDeclaration(node) || Node.isClassStaticBlockDeclaration(node);
}

export function isCallable(node: Node | undefined): node is Callable {
  return (
    Node.isArrowFunction(node) ||
    Node.isFunctionDeclaration(node) ||
    Node.isFunctionExpression(node) ||
    Node.isMethodDeclaration(node) ||
    Node.isGetAccessorDeclaration(node) ||
    Node.isSetAccessorDeclaration(node)
  );
}

/** The statement a node belongs to, within its own function; undefined for initialisers and defaults. */
export function enclosingStatement(node: Node): Statement | undefined {
  for (let at: Node | undefined = node; at; at = at.getParent()) {
    if (Node.isStatement(at) && !Node.isBlock(at)) return at;
    if (at !== node && isFunctionLike(at)) return undefined;
    if (Node.isPropertyDeclaration(at) || Node.isParameterDeclaration(at)) return undefined;
  }
  return undefined;
}

export function statementList(statement: Node): StatementList | undefined {
  const parent = statement.getParent();
  return Node.isBlock(parent) || Node.isCaseClause(parent) || Node.isDefaultClause(parent)
    ? parent
    : undefined;
}

/** The nearest loop between a statement and its function. */
export function enclosingLoop(node: Node): Node | undefined {
  for (let at = node.getParent(); at && !isFunctionLike(at); at = at.getParent()) {
    if (Node.isIterationStatement(at)) return at;
  }
  return undefined;
}

export function isCountedLoop(node: Node): node is CountedLoop {
  return Node.isForOfStatement(node) || Node.isForInStatement(node) || Node.isForStatement(node);
}

/** Statements that ran before this one, up to and excluding `top`, the nearest first. */
export function statementsBefore(statement: Node, top: Node): Statement[] {
  const before: Statement[] = [];
  for (let at: Node | undefined = statement; at && at !== top; at = at.getParent()) {
    const list = statementList(at);
    if (!list) continue;
    const all = list.getStatements();
    before.push(
      ...all
        .slice(
          0,
          all.findIndex((one) => one === at),
        )
        .toReversed(),
    );
  }
  return before;
}

/** Every node below, without those of functions nested in it. */
export function nodesWithin(node: Node): Node[] {
  const found: Node[] = [];
  node.forEachDescendant((child, walk) => {
    if (isFunctionLike(child)) walk.skip();
    else found.push(child);
  });
  return found;
}

/** The name people know a function by: its own, its variable's or its property's. */
export function functionName(node: Node): string | null {
  if (Node.isConstructorDeclaration(node)) return 'constructor';
  if (Node.isFunctionDeclaration(node) || Node.isMethodDeclaration(node)) return node.getName() ?? null;
  if (Node.isGetAccessorDeclaration(node) || Node.isSetAccessorDeclaration(node)) return node.getName();
  const parent = node.getParent();
  if (Node.isVariableDeclaration(parent) || Node.isPropertyDeclaration(parent)) return parent.getName();
  return Node.isPropertyAssignment(parent) ? parent.getName() : null;
}
