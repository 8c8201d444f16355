// Conditions that the missing value itself decides: `value && isBig(value) ? a : value.b` always reaches `value.b`.
// It must say no to every condition that something else decides, too.

import { Node } from 'ts-morph';
import { withoutTypes } from './dereference.ts';
import { shortCode } from './quote.ts';
import { isCallable } from './scope.ts';
import type { Declined } from './template.ts';

/** Whether that branch always leads to `node` when `value` is missing. */
export function leadsTo(condition: Node, node: Node, value: Node): boolean {
  const text = value.getText();
  if (Node.isConditionalExpression(condition)) {
    const test = condition.getCondition();
    return holds(condition.getWhenFalse(), node) ? isFalse(test, text) : isTrue(test, text);
  }
  if (!Node.isBinaryExpression(condition) || !holds(condition.getRight(), node)) return false;
  const operator = condition.getOperatorToken().getText();
  return operator === '||'
    ? isFalse(condition.getLeft(), text)
    : operator === '&&' && isTrue(condition.getLeft(), text);
}

/** Declines where a branch round the place is only taken when the value is there, or has read from it before. */
export function ruledOut(value: Node): Declined | null {
  const text = value.getText();
  for (let at: Node = value, up = at.getParent(); up && !isCallable(up); at = up, up = at.getParent()) {
    if (Node.isIfStatement(up) && up.getExpression() !== at && readsFirst(up.getExpression(), text))
      return {
        why: `Line ${up.getStartLineNumber()} has already read from \`${shortCode(value)}\` without failing, so the value is not what the trace suggests.`,
      };
    const impossible = Node.isIfStatement(up)
      ? up.getThenStatement() === at && isFalse(up.getExpression(), text)
      : Node.isConditionalExpression(up)
        ? up.getWhenTrue() === at && isFalse(up.getCondition(), text)
        : Node.isBinaryExpression(up) &&
          up.getOperatorToken().getText() === '&&' &&
          up.getRight() === at &&
          isFalse(up.getLeft(), text);
    if (impossible)
      return {
        why: `Line ${up.getStartLineNumber()} has asked for \`${shortCode(value)}\` already, so it is not what was missing.`,
      };
  }
  return null;
}

/** What a condition always evaluates reads from the value. */
function readsFirst(condition: Node, value: string): boolean {
  let first = withoutTypes(condition);
  while (Node.isBinaryExpression(first) && /^(?:&&|\|\||\?\?)$/.test(first.getOperatorToken().getText()))
    first = withoutTypes(first.getLeft());
  return [first, ...first.getDescendants()].some(
    (node) =>
      Node.isPropertyAccessExpression(node) &&
      !node.hasQuestionDotToken() &&
      node.getExpression().getText() === value,
  );
}

function holds(outer: Node, node: Node): boolean {
  return node.getStart() >= outer.getStart() && node.getEnd() <= outer.getEnd();
}

function isFalse(written: Node, value: string): boolean {
  const test = withoutTypes(written);
  if (test.getText() === value) return true;
  if (Node.isPrefixUnaryExpression(test))
    return test.getText().startsWith('!') && isTrue(test.getOperand(), value);
  if (!Node.isBinaryExpression(test)) return false;
  const operator = test.getOperatorToken().getText();
  if (operator === '&&') return isFalse(test.getLeft(), value) || isFalse(test.getRight(), value);
  if (operator === '||') return isFalse(test.getLeft(), value) && isFalse(test.getRight(), value);
  return operator === '!=' && comparesToNothing(test, value);
}

function isTrue(written: Node, value: string): boolean {
  const test = withoutTypes(written);
  if (Node.isPrefixUnaryExpression(test))
    return test.getText().startsWith('!') && isFalse(test.getOperand(), value);
  if (!Node.isBinaryExpression(test)) return false;
  const operator = test.getOperatorToken().getText();
  if (operator === '||') return isTrue(test.getLeft(), value) || isTrue(test.getRight(), value);
  if (operator === '&&') return isTrue(test.getLeft(), value) && isTrue(test.getRight(), value);
  return operator === '==' && comparesToNothing(test, value);
}

function comparesToNothing(test: Node, value: string): boolean {
  return (
    Node.isBinaryExpression(test) &&
    test.getLeft().getText() === value &&
    /^(?:undefined|null)$/.test(test.getRight().getText())
  );
}
