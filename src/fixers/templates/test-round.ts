// The test that a value takes part in, and whether "no" is what a missing value would answer, too.
// Syntax only. It must decline where the other branch does something, or where the test is turned round.

import { Node } from 'ts-morph';
import type { Dereference } from './dereference.ts';
import { shortCode } from './quote.ts';
import { enclosingFunction, enclosingStatement, nodesWithin } from './scope.ts';
import type { Declined } from './template.ts';

export type Test = {
  /** The part of the condition that needs the value: `row.name === name`. */
  atom: Node;
  /** `and`: only `row && …` keeps the meaning; `either`: `row?.name` does, too. */
  form: 'and' | 'either';
  /** The statement it belongs to. */
  statement: Node;
  /** Up to where the answer decides what runs. */
  guarded: number;
  /** Whether the function that is called with the value makes the comparison. */
  compares?: true;
  /** What happens without the value, as a clause. */
  answer: string;
};

/** The test round the access; `root` is what its place sees as the condition. */
export function testRound(access: Dereference): Test | Declined {
  const { atom, form } = atomOf(access);
  let root = atom;
  for (let up = root.getParent(); isTransparent(up, root); up = root.getParent()) root = up as Node;
  const place = placeOf(root, atom);
  if (!place)
    return {
      why: `\`${shortCode(access.node)}\` is not part of a condition for which a missing value is as good as a "no".`,
      far: true,
    };
  if ('why' in place) return place;
  return { atom, form, statement: enclosingStatement(access.node) ?? root, ...place };
}

/** Through `&&`, `||` and parentheses an answer keeps its meaning. */
function isTransparent(up: Node | undefined, inner: Node): boolean {
  if (Node.isParenthesizedExpression(up)) return true;
  if (!Node.isBinaryExpression(up)) return false;
  const operator = up.getOperatorToken().getText();
  if (operator !== '&&' && operator !== '||') return false;
  return !(operator === '&&' && Node.isJsxExpression(up.getParent()) && up.getRight() === inner);
}

function atomOf(access: Dereference): { atom: Node; form: Test['form'] } {
  if (access.kind === 'contain') return { atom: access.node, form: 'and' };
  let chain = access.node;
  for (let up = chain.getParent(); up && isStep(up, chain); up = chain.getParent()) chain = up;
  const holder = chain.getParent();
  if (Node.isTypeOfExpression(holder)) return comparison(holder, true) ?? { atom: chain, form: 'and' };
  return comparison(chain, false) ?? { atom: chain, form: 'either' };
}

function isStep(up: Node, inner: Node): boolean {
  if (Node.isPropertyAccessExpression(up) || Node.isElementAccessExpression(up) || Node.isCallExpression(up))
    return up.getExpression() === inner;
  return Node.isNonNullExpression(up);
}

function comparison(side: Node, ofType: boolean): { atom: Node; form: Test['form'] } | null {
  const parent = side.getParent();
  if (!Node.isBinaryExpression(parent)) return null;
  const operator = parent.getOperatorToken().getText();
  if (/^(?:[<>]=?|instanceof)$/.test(operator)) return { atom: parent, form: 'and' };
  if (!/^===?$/.test(operator)) return null;
  const other = parent.getLeft() === side ? parent.getRight() : parent.getLeft();
  if (/^(?:undefined|null)$/.test(other.getText()) || (ofType && /undefined/.test(other.getText())))
    return null;
  return { atom: parent, form: isLiteral(other) ? 'either' : 'and' };
}

function isLiteral(node: Node): boolean {
  return Node.isLiteralExpression(node) || Node.isTrueLiteral(node) || Node.isFalseLiteral(node);
}

type Found = Pick<Test, 'guarded' | 'answer'>;

function placeOf(root: Node, atom: Node): Found | Declined | null {
  const parent = root.getParent();
  if (Node.isIfStatement(parent) && parent.getExpression() === root) return ofIf(parent);
  if (Node.isConditionalExpression(parent) && parent.getCondition() === root)
    return isNothing(parent.getWhenFalse())
      ? { guarded: parent.getEnd(), answer: 'the expression gives what it gives for a "no"' }
      : null;
  if (Node.isJsxExpression(parent) && Node.isBinaryExpression(root) && root.getRight() !== atom)
    return { guarded: parent.getEnd(), answer: 'nothing is shown' };
  return predicate(root, parent);
}

function ofIf(statement: Node): Found | Declined {
  if (!Node.isIfStatement(statement)) return { why: 'There is no condition.' };
  if (statement.getElseStatement())
    return {
      why: `The condition in line ${statement.getStartLineNumber()} has an \`else\`, and whether that is meant for a missing value is a person's decision.`,
    };
  const then = statement.getThenStatement();
  const leaving = [then, ...nodesWithin(then)].find(
    (node) =>
      Node.isReturnStatement(node) ||
      Node.isThrowStatement(node) ||
      Node.isContinueStatement(node) ||
      Node.isBreakStatement(node),
  );
  if (leaving)
    return {
      why: `The condition in line ${statement.getStartLineNumber()} decides whether to leave, and whether to go on without the value is a person's decision.`,
    };
  return { guarded: statement.getEnd(), answer: 'the branch is not taken, as for a "no"' };
}

function isNothing(node: Node): boolean {
  return Node.isNullLiteral(node) || Node.isFalseLiteral(node) || node.getText() === 'undefined';
}

const searches = /\.(?:find|findIndex|findLast|findLastIndex|filter|some)$/;

/** `rows.find((row) => row.owner.name === name)`: an entry without an owner is not the one. */
function predicate(root: Node, parent: Node | undefined): Found | null {
  const callback = enclosingFunction(root);
  if (!Node.isArrowFunction(callback) && !Node.isFunctionExpression(callback)) return null;
  const call = callback.getParent();
  if (!Node.isCallExpression(call) || call.getArguments()[0] !== callback) return null;
  if (!searches.test(call.getExpression().getText())) return null;
  const body = callback.getBody();
  const isResult =
    body === root ||
    (Node.isReturnStatement(parent) && Node.isBlock(body) && body.getStatements().length === 1);
  return isResult ? { guarded: callback.getEnd(), answer: 'the entry is not taken for a match' } : null;
}
