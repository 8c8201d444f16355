// Conditions that the missing value itself decides: `value && isBig(value) ? a : value.b` always reaches `value.b`.
// It must say no to every condition that something else decides, too.

import { Node } from 'ts-morph';
import { withoutTypes } from './dereference.ts';

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
