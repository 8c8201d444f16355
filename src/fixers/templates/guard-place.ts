// Where a guard can stand: lines of its own, before the access, and only when the access always runs.
// It must decline whenever a guard there would skip work that runs today.

import { Node } from 'ts-morph';
import type { Statement, VariableDeclaration } from 'ts-morph';
import { withoutTypes } from './dereference.ts';
import { lineStart } from './edits.ts';
import { conditionRound, effectIn } from './effects.ts';
import { leadsTo } from './forced.ts';
import { shortCode } from './quote.ts';
import { enclosingFunction, enclosingStatement, statementList } from './scope.ts';
import type { Declined } from './template.ts';

/** `unfold`: an arrow function's expression, which has to become a body first. */
export type Place = { at: Node; side: 'before' | 'after' | 'unfold' };

/** Where the guard of this access has to stand. */
export function placeOf(node: Node, declaration: VariableDeclaration | null): Place | Declined {
  const statement = enclosingStatement(node);
  if (!statement) return unfolded(node);
  const misfit = refusalOfPosition(node, statement);
  if (misfit) return misfit;
  const home = declaration ? enclosingStatement(declaration) : undefined;
  if (home && followsDirectly(home, statement)) return ownLines({ at: home, side: 'after' });
  return ownLines({ at: statement, side: 'before' });
}

function unfolded(node: Node): Place | Declined {
  const owner = enclosingFunction(node);
  const body = Node.isArrowFunction(owner) ? owner.getBody() : undefined;
  if (!body || !isWithin(node, body))
    return {
      why: 'The expression stands in an initialiser or a default, so there is no statement to guard.',
    };
  if (body.getText().includes('\n'))
    return {
      why: `The arrow function in line ${body.getStartLineNumber()} is one expression over several lines, so there is no statement to guard.`,
    };
  return refusalOfCondition(node, body) ?? { at: body, side: 'unfold' };
}

/** A guard gets lines of its own, so the statement must have some too. */
export function ownLines(place: Place): Place | Declined {
  const text = place.at.getSourceFile().getFullText();
  const start = place.at.getStart();
  const end = place.at.getEnd();
  const lineEnd = text.indexOf('\n', end) === -1 ? text.length : text.indexOf('\n', end);
  const before = text.slice(lineStart(text, start), start).trim();
  const after = text
    .slice(end, lineEnd)
    .replace(/\/\/.*$|\/\*.*\*\//, '')
    .trim();
  const misfit = !statementList(place.at) && !Node.isSourceFile(place.at.getParent());
  if (misfit)
    return {
      why: `Line ${place.at.getStartLineNumber()} hangs on an \`if\` or loop without braces, so there is no place for a guard.`,
    };
  if (before === '' && (place.side === 'before' || after === '')) return place;
  return {
    why: `Line ${place.at.getStartLineNumber()} holds more than one statement, so a guard has no line of its own.`,
  };
}

/** The access must be evaluated exactly once, and always, when the statement runs. */
export function refusalOfPosition(node: Node, statement: Statement): Declined | null {
  if (!isEvaluatedFirst(node, statement))
    return {
      why: `Line ${statement.getStartLineNumber()} evaluates the expression in the head of a loop or later, so a guard before it would not see it.`,
    };
  return refusalOfCondition(node, statement);
}

function refusalOfCondition(node: Node, whole: Node): Declined | null {
  const condition = deciding(node, whole);
  if (!condition) return null;
  return {
    why: `The expression runs only under a condition (\`${shortCode(condition)}\`); returning before it would skip the other branch.`,
  };
}

/** The nearest condition that something else than the missing value decides. */
function deciding(node: Node, whole: Node): Node | undefined {
  const value = valueOf(node);
  for (let at = conditionRound(node, whole); at; at = conditionRound(at, whole))
    if (!value || !leadsTo(at, node, value)) return at;
  return undefined;
}

function valueOf(node: Node): Node | null {
  return Node.isPropertyAccessExpression(node) || Node.isElementAccessExpression(node)
    ? withoutTypes(node.getExpression())
    : null;
}

function isEvaluatedFirst(node: Node, statement: Statement): boolean {
  if (
    Node.isIfStatement(statement) ||
    Node.isSwitchStatement(statement) ||
    Node.isForOfStatement(statement) ||
    Node.isForInStatement(statement)
  )
    return isWithin(node, statement.getExpression()) || node === statement;
  return (
    Node.isExpressionStatement(statement) ||
    Node.isVariableStatement(statement) ||
    Node.isReturnStatement(statement) ||
    Node.isThrowStatement(statement)
  );
}

export function isWithin(node: Node, other: Node): boolean {
  return node === other || node.getFirstAncestor((up) => up === other) !== undefined;
}

/** Nothing with an effect, and no way out, lies between the declaration and the use. */
function followsDirectly(home: Statement, statement: Statement): boolean {
  const list = statementList(home)?.getStatements() ?? [];
  const from = list.findIndex((one) => one === home);
  const to = list.findIndex((one) => one === statement);
  return (
    to > from && list.slice(from + 1, to).every((one) => Node.isVariableStatement(one) && !effectIn(one))
  );
}
