// Leaving one round of a loop, or of a callback that runs once per item.
// It must decline when the round has done part of its work, or when rounds are counted.

import { Node } from 'ts-morph';
import { effectIn } from './effects.ts';
import type { Exit } from './exits.ts';
import { isCountedLoop, statementsBefore } from './scope.ts';
import type { Declined } from './template.ts';

/** `continue`, where it always moves on and nothing of the round is lost. */
export function exitOfLoop(statement: Node, loop: Node): Exit | Declined {
  if (!isCountedLoop(loop))
    return { why: 'The line stands in a `while` loop: skipping the rest of its body may never end.' };
  const half = halfDone(statement, loop);
  if (half) return half;
  const sum = tallyAfter(statement, loop);
  if (sum) return sum;
  return { text: 'continue', because: 'the other rounds of the loop go on' };
}

/** Work of this round that was done before the guard and would be left alone. */
export function halfDone(statement: Node, top: Node): Declined | null {
  for (const earlier of statementsBefore(statement, top)) {
    const effect = effectIn(earlier);
    if (effect)
      return {
        why: `Line ${effect.getStartLineNumber()} has already done part of this round's work; skipping the rest would leave it half done.`,
      };
  }
  return null;
}

/** Counting or summing that a skipped round would silently miss. */
export function tallyAfter(statement: Node, top: Node): Declined | null {
  const tally = top.getFirstDescendant(
    (node) => node.getStart() >= statement.getStart() && isTally(node) && !isHeader(node, top),
  );
  return tally
    ? {
        why: `Line ${tally.getStartLineNumber()} counts or sums over the rounds of the loop; skipping one would hide a wrong result.`,
      }
    : null;
}

function isHeader(node: Node, loop: Node): boolean {
  return Node.isForStatement(loop) && node.getEnd() <= loop.getStatement().getStart();
}

function isTally(node: Node): boolean {
  if (Node.isPostfixUnaryExpression(node)) return true;
  if (Node.isPrefixUnaryExpression(node)) return /^(?:\+\+|--)/.test(node.getText());
  return Node.isBinaryExpression(node) && /^(?:[-+*/%]|\*\*)=$/.test(node.getOperatorToken().getText());
}
