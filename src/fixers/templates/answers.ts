// Code that must not be skipped in silence: what somebody waits for (a response, a callback, a promise to be settled),
// and what reports an error. It goes by names, as their users do.

import { Node } from 'ts-morph';
import { shortCode } from './quote.ts';
import type { Declined } from './template.ts';

const answering = /^(?:res|response|reply|ctx|cb|callback|done|next|resolve|reject)$/;

/** Declines when one of these statements answers somebody, or reports an error. */
export function refusalOfAnswers(skipped: readonly Node[]): Declined | null {
  for (const statement of skipped) {
    const error = [statement, ...statement.getDescendants()].find((node) => isCaughtError(node));
    if (error)
      return {
        why: `Line ${error.getStartLineNumber()} deals with an error (\`${error.getText()}\`), and leaving before it would swallow that.`,
      };
    const call = [statement, ...statement.getDescendants()].find((node) => isAnswer(node));
    if (call)
      return {
        why: `Line ${call.getStartLineNumber()} answers whoever waits (\`${shortCode(call)}\`), and leaving before it would keep them waiting.`,
      };
  }
  return null;
}

/** A parameter or a caught value that is called like an error. */
function isCaughtError(node: Node): boolean {
  if (!Node.isIdentifier(node) || !/^(?:err|error|exception|reason|ex)$/.test(node.getText())) return false;
  const declared = node.getSymbol()?.getDeclarations()[0];
  return Node.isParameterDeclaration(declared) || Node.isCatchClause(declared?.getParent());
}

function isAnswer(node: Node): boolean {
  if (!Node.isCallExpression(node)) return false;
  let root: Node = node.getExpression();
  while (Node.isPropertyAccessExpression(root) || Node.isCallExpression(root)) root = root.getExpression();
  return Node.isIdentifier(root) && answering.test(root.getText());
}
