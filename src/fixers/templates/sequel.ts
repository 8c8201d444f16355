// What a function does after the place of a guard: work that needs the value may be skipped, other work may not.
// It follows names inside one function; it must decline when the author shows another plan for the missing value.

import { Node } from 'ts-morph';
import type { Statement, Symbol as NamedSymbol } from 'ts-morph';
import { canBeAbsent } from './absence.ts';
import { refusalOfAnswers } from './answers.ts';
import { conditionRound, effectIn, isAssignment } from './effects.ts';
import { usesOf } from './flow.ts';
import { shortCode } from './quote.ts';
import { needs, touchedBy } from './reach.ts';
import type { Reach } from './reach.ts';
import { enclosingFunction, enclosingStatement, statementList } from './scope.ts';
import type { Declined } from './template.ts';

/**
 * Declines when leaving before `place` would skip work that does not need `value`, or a way the
 * function itself has of dealing with its absence. `value` is one occurrence of it.
 */
export function refusalOfSequel(value: Node, place: Node): Declined | null {
  const owner = enclosingFunction(place);
  const statement = enclosingStatement(value) ?? place;
  if (!owner) return null;
  const uses = usesOf(value, owner);
  const touched = touchedBy(uses, owner);
  return (
    usedBefore(uses, statement) ??
    plannedBefore(uses, statement) ??
    setLater(uses, statement) ??
    answeredLater(uses, touched, value) ??
    refusalOfAnswers([statement, ...statementsAfter(statement, owner)]) ??
    otherWork(statement, { owner, uses, touched })
  );
}

// ---------------------------------------------------------------- signs of another plan

/** Had it been missing there, the crash would have been there. */
export function usedBefore(uses: readonly Node[], statement: Node): Declined | null {
  const list = statementList(statement);
  const earlier = uses.find(
    (use) =>
      use.getEnd() < statement.getStart() &&
      isRead(use) &&
      !conditionRound(use, enclosingStatement(use) ?? use) &&
      statementList(enclosingStatement(use) ?? use) === list,
  );
  return earlier
    ? {
        why: `Line ${earlier.getStartLineNumber()} already reads from \`${shortCode(earlier)}\` without failing, so the value is not what the trace suggests.`,
      }
    : null;
}

export function isRead(use: Node): boolean {
  const parent = use.getParent();
  return (
    (Node.isPropertyAccessExpression(parent) || Node.isElementAccessExpression(parent)) &&
    parent.getExpression() === use &&
    !parent.hasQuestionDotToken()
  );
}

/** `const isFirst = !row` above: the function knows of the missing value and goes on. */
function plannedBefore(uses: readonly Node[], statement: Node): Declined | null {
  const planned = uses.find((use) => {
    const holder = enclosingStatement(use);
    const isBefore =
      use.getEnd() < statement.getStart() && statement.getFirstAncestor((up) => up === holder) === undefined;
    return (
      isBefore && isTested(use) && (Node.isVariableStatement(holder) || Node.isExpressionStatement(holder))
    );
  });
  return planned
    ? {
        why: `Line ${planned.getStartLineNumber()} asks whether there is a \`${shortCode(planned)}\` and the function goes on either way, so leaving is not the answer.`,
      }
    : null;
}

/** Leaving before the value is set would leave it missing for ever. */
function setLater(uses: readonly Node[], statement: Node): Declined | null {
  const target = uses.find((use) => {
    const parent = use.getParent();
    return (
      use.getStart() > statement.getStart() &&
      Node.isBinaryExpression(parent) &&
      parent.getLeft() === use &&
      isAssignment(parent.getOperatorToken().getKind())
    );
  });
  return target
    ? {
        why: `Line ${target.getStartLineNumber()} sets \`${shortCode(target)}\`, and leaving before it would keep it missing.`,
      }
    : null;
}

/** A later check of the value, or a pointless one of what was made of it: the function wants to go on. */
function answeredLater(
  uses: readonly Node[],
  touched: ReadonlySet<NamedSymbol>,
  value: Node,
): Declined | null {
  const owner = enclosingFunction(value);
  const later = uses.filter((use) => use.getStart() > value.getStart());
  const derived = [...touched]
    .flatMap((symbol) => symbol.getDeclarations())
    .flatMap((one) => (Node.isVariableDeclaration(one) && owner ? usesOf(one.getNameNode(), owner) : []));
  const check =
    later.find((use) => isTested(use)) ??
    derived.find((use) => isNullTested(use) && !canBeAbsent(use.getType()));
  const found = check ?? (hasFallback(value) ? value : null);
  return found
    ? {
        why: `Line ${found.getStartLineNumber()} has an answer of its own for a missing value, and leaving before it would skip that.`,
      }
    : null;
}

export function isTested(use: Node): boolean {
  const parent = use.getParent();
  if (Node.isIfStatement(parent)) return true;
  if (Node.isPrefixUnaryExpression(parent)) return parent.getText().startsWith('!');
  if (Node.isConditionalExpression(parent)) return parent.getCondition() === use;
  if (Node.isBinaryExpression(parent) && /^(?:&&|\|\|)$/.test(parent.getOperatorToken().getText()))
    return parent.getLeft() === use;
  return isNullTested(use);
}

function isNullTested(use: Node): boolean {
  const parent = use.getParent();
  if (Node.isPropertyAccessExpression(parent))
    return parent.getExpression() === use && parent.hasQuestionDotToken();
  if (!Node.isBinaryExpression(parent)) return false;
  const operator = parent.getOperatorToken().getText();
  if (operator === '??') return parent.getLeft() === use;
  return /^[!=]==?$/.test(operator) && /^(?:undefined|null)$/.test(parent.getRight().getText());
}

/** `value.name ?? 'nobody'`, unless it is what the function returns anyway. */
function hasFallback(value: Node): boolean {
  let chain = value;
  for (
    let up = chain.getParent();
    up && (isStep(up, chain) || Node.isNonNullExpression(up));
    up = chain.getParent()
  )
    chain = up;
  const parent = chain.getParent();
  if (!Node.isBinaryExpression(parent) || parent.getLeft() !== chain || chain === value) return false;
  if (!/^(?:\?\?|\|\|)$/.test(parent.getOperatorToken().getText())) return false;
  return !(
    Node.isReturnStatement(parent.getParent()) && /^(?:null|undefined)$/.test(parent.getRight().getText())
  );
}

function isStep(up: Node, inner: Node): boolean {
  if (Node.isPropertyAccessExpression(up) || Node.isElementAccessExpression(up) || Node.isCallExpression(up))
    return up.getExpression() === inner;
  return Node.isParenthesizedExpression(up);
}

// ---------------------------------------------------------------- work that would be skipped

function otherWork(statement: Node, reach: Reach): Declined | null {
  for (const later of statementsAfter(statement, reach.owner)) {
    if (needs(later, reach)) continue;
    const effect = effectIn(later);
    if (effect)
      return {
        why: `Line ${effect.getStartLineNumber()} goes on with work that does not need the value (\`${shortCode(effect)}\`), and leaving before it would skip that silently.`,
      };
    const result = Node.isReturnStatement(later) ? later.getExpression() : undefined;
    if (result && !isPlain(result))
      return {
        why: `Line ${later.getStartLineNumber()} returns a result that does not need the value (\`${shortCode(result)}\`), and leaving before it would withhold that.`,
      };
  }
  return null;
}

function isPlain(node: Node): boolean {
  return (
    Node.isLiteralExpression(node) ||
    Node.isNullLiteral(node) ||
    /^(?:undefined|true|false|null|\[\]|\{\})$/.test(node.getText())
  );
}

/** Up to the end of the function, or of the round of a loop. */
function statementsAfter(statement: Node, owner: Node): Statement[] {
  const after: Statement[] = [];
  for (let at: Node | undefined = statement; at && at !== owner; at = at.getParent()) {
    if (at !== statement && Node.isIterationStatement(at)) break;
    const all: Statement[] = statementList(at)?.getStatements() ?? [];
    after.push(...all.slice(all.findIndex((one) => one === at) + 1));
  }
  return after;
}
