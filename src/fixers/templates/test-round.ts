// The test that a value takes part in, and whether "no" is what a missing value would answer, too.
// Syntax only. It must decline where the other branch does something, or where the test is turned round.

import { Node } from 'ts-morph';
import { atomOf } from './atoms.ts';
import type { Atom } from './atoms.ts';
import type { Dereference } from './dereference.ts';
import { shortCode } from './quote.ts';
import { enclosingFunction, enclosingStatement, functionName, nodesWithin } from './scope.ts';
import { searchRound } from './search-loop.ts';
import type { Declined } from './template.ts';

export type Test = Pick<Atom, 'atom' | 'negated'> & {
  /** The statement it belongs to. */
  statement: Node;
  /** Up to where the answer decides what runs. */
  guarded: number;
  /** Whether the function that is called with the value makes the comparison. */
  compares?: true;
  /** What happens without the value, as a clause. */
  answer: string;
};

/** The test round the access, up to what its place sees as the condition. */
export function testRound(access: Dereference): Test | Declined {
  const { atom, negated, differs } = atomOf(access);
  let root = atom;
  for (let up = root.getParent(); isTransparent(up, root, negated); up = root.getParent()) root = up as Node;
  const asked = negated
    ? ofLeaving(root)
    : differs
      ? null
      : (searchRound(root, access.subject) ?? placeOf(root, atom));
  const place = asked ?? (negated ? null : ofPredicate(root));
  if (!place)
    return {
      why: `\`${shortCode(access.node)}\` is not part of a condition for which a missing value is as good as a "no".`,
      far: true,
    };
  if ('why' in place) return place;
  return { atom, negated, statement: enclosingStatement(access.node) ?? root, ...place };
}

/** Through `||`, and `&&` where "yes" is asked for, an answer keeps its meaning. */
function isTransparent(up: Node | undefined, inner: Node, negated: boolean): boolean {
  if (Node.isParenthesizedExpression(up)) return true;
  if (!Node.isBinaryExpression(up)) return false;
  const operator = up.getOperatorToken().getText();
  if (operator !== '||' && (operator !== '&&' || negated)) return false;
  return !(operator === '&&' && Node.isJsxExpression(up.getParent()) && up.getRight() === inner);
}

export type Found = Pick<Test, 'guarded' | 'answer'>;

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

/** `if (row.kind !== 'a') return;`: what is not there is not of that kind either, so the branch leaves. */
function ofLeaving(root: Node): Found | null {
  const parent = root.getParent();
  if (!Node.isIfStatement(parent) || parent.getExpression() !== root || parent.getElseStatement())
    return null;
  const then = parent.getThenStatement();
  const [only, another] = Node.isBlock(then) ? then.getStatements() : [then];
  const quiet =
    Node.isContinueStatement(only) ||
    (Node.isReturnStatement(only) &&
      /^(?:|null|undefined|false)$/.test(only.getExpression()?.getText() ?? ''));
  if (!quiet || another) return null;
  return { guarded: Number.POSITIVE_INFINITY, answer: 'the branch leaves, as for a "no"' };
}

const askingName = /^(?:is|has)[A-Z]/;
/** Of these a missing value may well be a case of. */
const absentName =
  /Not|Non|No[A-Z]|Un[a-z]|Empty|Missing|Invalid|Absent|Null|Nil|Disabled|Blocked|Expired|Deleted|Closed|Done|Default/;

/** `isText(node)` says no of a node that is not there. */
function ofPredicate(root: Node): Found | null {
  const owner = enclosingFunction(root);
  const name = owner && functionName(owner);
  if (!owner || !name || !askingName.test(name) || absentName.test(name)) return null;
  const parent = root.getParent();
  const isResult =
    Node.isReturnStatement(parent) || (Node.isArrowFunction(owner) && owner.getBody() === root);
  if (!isResult || !isYesOrNo(root)) return null;
  return { guarded: owner.getEnd(), answer: `\`${name}\` says no` };
}

/** Made of comparisons only, so that its callers take it for yes or no. */
function isYesOrNo(node: Node): boolean {
  if (Node.isParenthesizedExpression(node)) return isYesOrNo(node.getExpression());
  if (Node.isPrefixUnaryExpression(node)) return node.getText().startsWith('!');
  if (!Node.isBinaryExpression(node)) return node.getType().isBoolean();
  const operator = node.getOperatorToken().getText();
  if (/^(?:&&|\|\|)$/.test(operator)) return isYesOrNo(node.getRight());
  return /^(?:[!=]==?|[<>]=?|in|instanceof)$/.test(operator);
}

function isNothing(node: Node): boolean {
  return (
    Node.isNullLiteral(node) || Node.isFalseLiteral(node) || /^(?:undefined|''|""|``)$/.test(node.getText())
  );
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
