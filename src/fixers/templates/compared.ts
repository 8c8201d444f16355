// A value handed to a function that only compares it: `undefined` is then one more value that is not equal.
// It must see the whole function, and a sign that its caller knows of the missing value.

import { Node } from 'ts-morph';
import type { Dereference } from './dereference.ts';
import { usesOf } from './flow.ts';
import { isStable } from './guard.ts';
import { enclosingFunction, enclosingStatement, isCallable } from './scope.ts';
import { isTested } from './sequel.ts';
import type { Test } from './test-round.ts';

/** The argument as a test whose answer without the value is "not equal"; null when it is anything else. */
export function onlyCompared(access: Dereference, value: Node): Test | null {
  const call = access.node.getParent();
  const owner = enclosingFunction(access.node);
  if (!Node.isCallExpression(call) || !owner || !isStable(value)) return null;
  const index = call.getArguments().findIndex((one) => one === access.node);
  const parameter = index === -1 ? null : parameterOf(call.getExpression(), index);
  if (!parameter || !comparesOnly(parameter)) return null;
  if (!usesOf(value, owner).some((use) => isTested(use))) return null;
  return {
    atom: access.node,
    negated: false,
    statement: enclosingStatement(access.node) ?? call,
    guarded: call.getEnd(),
    compares: true,
    answer: `the call gets nothing to compare, and line ${parameter.getStartLineNumber()} takes that for "not equal"`,
  };
}

function parameterOf(callee: Node, index: number): Node | null {
  const name = Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : callee;
  const [declared, another] = name.getSymbol()?.getDeclarations() ?? [];
  if (!declared || another || !isCallable(declared)) return null;
  const parameter = declared.getParameters()[index];
  const bound = parameter?.getNameNode();
  return parameter && !parameter.hasInitializer() && Node.isIdentifier(bound) ? bound : null;
}

function comparesOnly(parameter: Node): boolean {
  const owner = enclosingFunction(parameter);
  const uses = owner ? usesOf(parameter, owner).filter((use) => use !== parameter) : [];
  return uses.length > 0 && uses.every((use) => isComparison(use));
}

/** With something that is never nothing itself: `status === UP`, `kind === 'a'`. */
function isComparison(use: Node): boolean {
  const parent = use.getParent();
  if (!Node.isBinaryExpression(parent) || parent.getOperatorToken().getText() !== '===') return false;
  const other = parent.getLeft() === use ? parent.getRight() : parent.getLeft();
  return Node.isLiteralExpression(other) || /^(?:\w+\.)*[A-Z][A-Z\d_]*$/.test(other.getText());
}
