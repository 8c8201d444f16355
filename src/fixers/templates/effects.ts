// Whether running a piece of code leaves something behind, so that leaving half-way would show.
// It errs on the side of "yes": a call it does not know has effects.

import { Node, SyntaxKind } from 'ts-morph';

/** Methods and functions of the language that only read. Names only: a project's own `get` may still write. */
const readers = new Set(
  (
    'at charAt concat endsWith entries every filter find findIndex findLast flat flatMap from get getTime has includes ' +
    'indexOf isArray isFinite isInteger isNaN join keys lastIndexOf map match max min now padEnd padStart parse ' +
    'parseFloat parseInt repeat replace replaceAll slice some split startsWith stringify substring test toFixed ' +
    'toISOString toLocaleLowerCase toLocaleString toLocaleUpperCase toLowerCase toReversed toSorted toString ' +
    'toUpperCase trim trimEnd trimStart valueOf values abs ceil floor round trunc String Number Boolean ' +
    'getElementById querySelector querySelectorAll getAttribute closest'
  ).split(' '),
);

/** Writing to a log is no half-done work. */
const loggers = /^(?:console|log|logger)$|\.(?:log|logger)$/;

/** The first thing in it that has, or may have, an effect. */
export function effectIn(node: Node): Node | undefined {
  if (hasEffect(node)) return node;
  return node.getFirstDescendant(hasEffect);
}

function hasEffect(node: Node): boolean {
  if (Node.isCallExpression(node)) return !isReading(node.getExpression());
  if (Node.isBinaryExpression(node)) return isAssignment(node.getOperatorToken().getKind());
  if (Node.isPrefixUnaryExpression(node) || Node.isPostfixUnaryExpression(node))
    return isStep(node.getOperatorToken());
  return (
    Node.isNewExpression(node) ||
    Node.isAwaitExpression(node) ||
    Node.isYieldExpression(node) ||
    Node.isDeleteExpression(node) ||
    Node.isTaggedTemplateExpression(node)
  );
}

function isReading(callee: Node): boolean {
  if (Node.isIdentifier(callee)) return readers.has(callee.getText());
  if (!Node.isPropertyAccessExpression(callee)) return false;
  return readers.has(callee.getName()) || loggers.test(callee.getExpression().getText());
}

export function isAssignment(kind: SyntaxKind): boolean {
  return kind >= SyntaxKind.FirstAssignment && kind <= SyntaxKind.LastAssignment;
}

/** A statement that does nothing but write to a log. */
export function isLogging(statement: Node): boolean {
  if (!Node.isExpressionStatement(statement)) return false;
  const call = statement.getExpression();
  if (!Node.isCallExpression(call)) return false;
  const callee = call.getExpression();
  return Node.isPropertyAccessExpression(callee) && loggers.test(callee.getExpression().getText());
}

function isStep(kind: SyntaxKind): boolean {
  return kind === SyntaxKind.PlusPlusToken || kind === SyntaxKind.MinusMinusToken;
}

/** Whether what comes before `node` inside `statement`, in order of evaluation, has an effect. */
export function effectBefore(node: Node, statement: Node): Node | undefined {
  const start = node.getStart();
  return statement.getFirstDescendant(
    (other) =>
      hasEffect(other) && other.getEnd() <= start && !other.containsRange(node.getPos(), node.getEnd()),
  );
}

/**
 * The branch that decides whether `node` runs at all inside its statement: `a ? b : c`, `a && b`, `a ?? b`,
 * `a?.b(node)`. Undefined when it always runs.
 */
export function conditionRound(node: Node, statement: Node): Node | undefined {
  for (let at = node; at !== statement;) {
    const parent = at.getParent();
    if (!parent) return undefined;
    if (Node.isConditionalExpression(parent) && parent.getCondition() !== at) return parent;
    if (Node.isBinaryExpression(parent) && parent.getLeft() !== at && isShortCircuit(parent)) return parent;
    if (isBehindOptional(parent, at)) return parent;
    at = parent;
  }
  return undefined;
}

function isShortCircuit(node: Node): boolean {
  if (!Node.isBinaryExpression(node)) return false;
  return /^(?:&&|\|\||\?\?)=?$/.test(node.getOperatorToken().getText());
}

/** An argument or key behind `?.`. */
function isBehindOptional(parent: Node, at: Node): boolean {
  if (!Node.isCallExpression(parent) && !Node.isElementAccessExpression(parent)) return false;
  return parent.getExpression() !== at && parent.getText().includes('?.') && hasOptionalChain(parent);
}

function hasOptionalChain(node: Node): boolean {
  for (let at: Node | undefined = node; at;) {
    if (
      Node.isCallExpression(at) ||
      Node.isPropertyAccessExpression(at) ||
      Node.isElementAccessExpression(at)
    ) {
      if (at.hasQuestionDotToken()) return true;
      at = at.getExpression();
    } else return false;
  }
  return false;
}
