// `for (const row of rows) if (row.owner.name === name) return row;` looks for an entry, as `find` does.
// Syntax only; a loop that does anything else is none.

import { Node } from 'ts-morph';
import type { Found } from './test-round.ts';

/** Takes the whole condition and the value that was missing in it. Null when it is not what the loop searches by. */
export function searchRound(condition: Node, value: Node): Found | null {
  const statement = condition.getParent();
  if (!Node.isIfStatement(statement) || statement.getExpression() !== condition) return null;
  const entry = entryOf(statement);
  if (entry === null || statement.getElseStatement() || rootOf(value).getText() !== entry) return null;
  const found = returned(statement.getThenStatement());
  return found === entry || found === 'true'
    ? { guarded: statement.getEnd(), answer: 'the entry is not taken for a match' }
    : null;
}

/** The name of what a loop goes through that consists of the statement alone. */
function entryOf(statement: Node): string | null {
  const body = statement.getParent();
  const loop = Node.isBlock(body) && body.getStatements().length === 1 ? body.getParent() : body;
  if (!Node.isForOfStatement(loop)) return null;
  const [entry] = loop
    .getInitializer()
    .getDescendants()
    .filter((node) => Node.isVariableDeclaration(node));
  const name = entry?.getNameNode();
  return Node.isIdentifier(name) ? name.getText() : null;
}

/** What a branch gives that does nothing else. */
function returned(then: Node): string | null {
  const [only, another] = Node.isBlock(then) ? then.getStatements() : [then];
  return Node.isReturnStatement(only) && !another ? (only.getExpression()?.getText() ?? null) : null;
}

function rootOf(node: Node): Node {
  let inner = node;
  while (
    Node.isPropertyAccessExpression(inner) ||
    Node.isElementAccessExpression(inner) ||
    Node.isNonNullExpression(inner)
  )
    inner = inner.getExpression();
  return inner;
}
