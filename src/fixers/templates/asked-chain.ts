// `const size = row.box && row.box.size;` knows that there may be no box, and gives nothing then; without a `row`, too.
// It must see that the chain is only about what the first value leads to.

import { Node } from 'ts-morph';
import type { Crash } from './crash.ts';
import type { Dereference } from './dereference.ts';
import { shortCode } from './quote.ts';
import { enclosingStatement } from './scope.ts';
import type { Test } from './test-round.ts';

/** The chain as a test; null where the access is not the first question of one. */
export function askedChain(access: Dereference, value: Crash['value']): Test | null {
  const { node } = access;
  const whole = node.getParent();
  if (!Node.isPropertyAccessExpression(node) || !Node.isBinaryExpression(whole)) return null;
  if (whole.getOperatorToken().getText() !== '&&' || whole.getLeft() !== node) return null;
  const rest = whole.getRight().getText();
  const leadsOn = rest.startsWith(`${node.getText()}.`) || rest.startsWith(`${node.getText()}[`);
  if (!leadsOn || !takesNothing(whole, value)) return null;
  return {
    atom: node,
    negated: false,
    statement: enclosingStatement(node) ?? whole,
    guarded: whole.getEnd(),
    answer: `the expression gives nothing, as it already does without \`${shortCode(node)}\``,
  };
}

/** Where what it gives goes by name. A default stands in for `undefined` in a call, but not for `null`. */
function takesNothing(whole: Node, value: Crash['value']): boolean {
  const holder = whole.getParent();
  if (Node.isVariableDeclaration(holder)) return Node.isIdentifier(holder.getNameNode());
  if (Node.isCallExpression(holder)) return holder.getExpression() !== whole && value === 'undefined';
  if (Node.isBinaryExpression(holder))
    return holder.getOperatorToken().getText() === '=' && holder.getRight() === whole;
  return Node.isPropertyAssignment(holder) || Node.isReturnStatement(holder) || Node.isArrowFunction(holder);
}
