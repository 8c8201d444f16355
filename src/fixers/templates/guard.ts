// Plans a guard: where it stands, what it tests, how it leaves, and what the line reads afterwards.
// It only plans edits; it must decline whenever the guard would skip, repeat or reorder other work.

import { Node } from 'ts-morph';
import type { Statement, Type, VariableDeclaration } from 'ts-morph';
import { absenceOf, canBeFalsy, isUncheckedIndex } from './absence.ts';
import type { Dereference } from './dereference.ts';
import type { Edit } from './edits.ts';
import { indentAt, lineStart } from './edits.ts';
import { conditionRound, effectBefore, effectIn } from './effects.ts';
import { exitAt } from './exits.ts';
import type { Exit } from './exits.ts';
import { refusalOfUse, usesOf } from './flow.ts';
import { nameFor } from './names.ts';
import { shortCode } from './quote.ts';
import { enclosingFunction, enclosingStatement, nodesWithin, statementList } from './scope.ts';
import { styleOf } from './style.ts';
import type { Style } from './style.ts';
import { isDeclined } from './template.ts';
import type { Declined, Scene } from './template.ts';

export type Wanted = {
  access: Dereference;
  /** The expression that was absent, without `!` and parentheses. */
  value: Node;
  /** The declaration `const row = value!` when the crash is at a later use of `row`. */
  declaration: VariableDeclaration | null;
};

export type Guard = {
  edits: Edit[];
  exit: Exit;
  /** What the guard tests: `row`, `this.session`. */
  tested: string;
  /** Set when the value had to be given a name. */
  bound: string | null;
};

/** Plans the guard, or says why none is safe here. */
export function planGuard(wanted: Wanted, scene: Scene): Guard | Declined {
  const place = placeOf(wanted);
  if (isDeclined(place)) return place;
  const exit = exitAt(place.statement, scene.project);
  if (isDeclined(exit)) return exit;
  if (!statementList(place.statement))
    return {
      why: `Line ${place.statement.getStartLineNumber()} hangs on an \`if\` or loop without braces, so there is no place for a guard.`,
    };
  const tested = testedExpression(wanted, place.statement);
  if (isDeclined(tested)) return tested;
  const use = refusalOfGuardedUse(wanted, place);
  if (use) return use;
  const style = styleOf(scene.project.file, place.statement.getStart());
  const test = testFor(tested.text, wanted, { style, crashed: scene.crash.value });
  if (isDeclined(test)) return test;
  const edits = [
    ...lineEdits(wanted, tested, place),
    insertion({ place, tested, test, exit, style, value: wanted.value }),
  ];
  return { edits, exit, tested: tested.text, bound: tested.bound ? tested.text : null };
}

// ---------------------------------------------------------------- where

type Place = { statement: Statement; side: 'before' | 'after' };

function placeOf({ access, declaration }: Wanted): Place | Declined {
  const statement = enclosingStatement(access.node);
  if (!statement)
    return {
      why: 'The expression stands in an initialiser, a default or an arrow function without a body, so there is no statement to guard.',
    };
  const misfit = refusalOfPosition(access.node, statement);
  if (misfit) return misfit;
  const home = declaration ? enclosingStatement(declaration) : undefined;
  if (home && followsDirectly(home, statement)) return own({ statement: home, side: 'after' });
  return own({ statement, side: 'before' });
}

/** A guard gets lines of its own, so the statement must have some too. */
function own(place: Place): Place | Declined {
  const text = place.statement.getSourceFile().getFullText();
  const start = place.statement.getStart();
  const end = place.statement.getEnd();
  const lineEnd = text.indexOf('\n', end) === -1 ? text.length : text.indexOf('\n', end);
  const before = text.slice(lineStart(text, start), start).trim();
  const after = text
    .slice(end, lineEnd)
    .replace(/\/\/.*$|\/\*.*\*\//, '')
    .trim();
  if (before === '' && (place.side === 'before' || after === '')) return place;
  return {
    why: `Line ${place.statement.getStartLineNumber()} holds more than one statement, so a guard has no line of its own.`,
  };
}

/** The access must be evaluated exactly once, and always, when the statement runs. */
function refusalOfPosition(node: Node, statement: Statement): Declined | null {
  if (!isEvaluatedFirst(node, statement))
    return {
      why: `Line ${statement.getStartLineNumber()} evaluates the expression in the head of a loop or later, so a guard before it would not see it.`,
    };
  const condition = conditionRound(node, statement);
  return condition
    ? {
        why: `The expression runs only under a condition (\`${shortCode(condition)}\`); returning before it would skip the other branch.`,
      }
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

function isWithin(node: Node, other: Node): boolean {
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

// ---------------------------------------------------------------- what

type Tested = { text: string; bound: boolean };

function testedExpression({ access, value, declaration }: Wanted, statement: Statement): Tested | Declined {
  if (declaration) return { text: access.subject.getText(), bound: false };
  if (hasAssertion(value))
    return {
      why: `\`${shortCode(value)}\` rests on another \`!\`, so more than one value may have been missing.`,
    };
  if (isStable(value)) return { text: value.getText(), bound: false };
  const earlier = effectBefore(value, statement);
  if (earlier)
    return {
      why: `\`${shortCode(earlier)}\` runs before the expression in the same statement; taking the expression out would change their order.`,
    };
  if (Node.isCaseClause(statementList(statement)) || Node.isDefaultClause(statementList(statement)))
    return {
      why: 'The value would need a name of its own inside a `case`, where it would be visible to the other cases.',
    };
  const owner = enclosingFunction(value);
  const name = owner && nameFor(value, owner);
  return name
    ? { text: name, bound: true }
    : { why: `\`${shortCode(value)}\` would need a name to be tested, and no fitting one is free.` };
}

function hasAssertion(node: Node): boolean {
  return node.getFirstDescendant((one) => Node.isNonNullExpression(one)) !== undefined;
}

/** Reads the same twice, and the type checker narrows it: `row`, `this.session`, `props.user`. */
function isStable(node: Node): boolean {
  if (Node.isIdentifier(node) || Node.isThisExpression(node)) return true;
  return (
    Node.isPropertyAccessExpression(node) && !node.hasQuestionDotToken() && isStable(node.getExpression())
  );
}

/** The value as it goes on being used after the guard. */
function refusalOfGuardedUse({ access, value, declaration }: Wanted, place: Place): Declined | null {
  const owner = enclosingFunction(place.statement);
  if (!owner) return null;
  const direct = refusalOfUse(access.subject, owner);
  return direct ?? (declaration || !isStable(value) ? null : refusalOfUse(value, owner));
}

// ---------------------------------------------------------------- the test

function testFor(
  text: string,
  { value, access, declaration }: Wanted,
  how: { style: Style; crashed: 'undefined' | 'null' | null },
): string | Declined {
  const type: Type = value.getType();
  const absence = absenceOf(type);
  if (isUncheckedIndex(value)) absence.undefined = true;
  const isObject = !canBeFalsy(type);
  if (isObject && how.style.test === 'not') return `!${text}`;
  if (how.crashed && !absence[how.crashed]) {
    return isObject
      ? `!${text}`
      : {
          why: `The value was \`${how.crashed}\`, which its type in line ${(declaration ?? access.node).getStartLineNumber()} does not admit, so a guard by type would miss it.`,
        };
  }
  if (absence.undefined && absence.null) {
    if (how.style.test === 'loose') return `${text} == null`;
    return isObject ? `!${text}` : `${text} === undefined || ${text} === null`;
  }
  const nothing = absence.null ? 'null' : 'undefined';
  return how.style.test === 'loose' ? `${text} == null` : `${text} === ${nothing}`;
}

// ---------------------------------------------------------------- the edits

/** The crashing expression and later ones, without the `!` that the guard has made needless. */
function lineEdits(wanted: Wanted, tested: Tested, place: Place): Edit[] {
  const { access, value, declaration } = wanted;
  if (declaration) {
    const assertion = value.getParentWhile((up) => !Node.isVariableDeclaration(up)) ?? value;
    return [{ start: assertion.getStart(), end: assertion.getEnd(), text: value.getText() }];
  }
  const end =
    tested.bound && Node.isPropertyAccessExpression(access.node)
      ? access.node.getNameNode().getStart() - 1
      : access.subject.getEnd();
  const edits =
    access.subject === value && !tested.bound
      ? []
      : [{ start: access.subject.getStart(), end, text: tested.text }];
  return tested.bound ? edits : [...edits, ...needlessAssertions(wanted, place)];
}

function needlessAssertions({ access, value }: Wanted, place: Place): Edit[] {
  const list = statementList(place.statement);
  if (!list) return [];
  const same = new Set(usesOf(value, list));
  return nodesWithin(list)
    .filter((node) => Node.isNonNullExpression(node) && same.has(node.getExpression()))
    .filter((node) => node.getStart() >= place.statement.getStart() && !isWithin(node, access.subject))
    .map((node) => ({ start: node.getEnd() - 1, end: node.getEnd(), text: '' }));
}

type Insertion = { place: Place; tested: Tested; test: string; exit: Exit; style: Style; value: Node };

function insertion({ place, tested, test, exit, style, value }: Insertion): Edit {
  const text = place.statement.getSourceFile().getFullText();
  const indent = indentAt(text, place.statement.getStart());
  const semicolon = style.semicolons ? ';' : '';
  const binding = tested.bound ? [`${indent}const ${tested.text} = ${value.getText()}${semicolon}`] : [];
  const lines = [...binding, ...guardLines({ indent, test, leave: `${exit.text}${semicolon}`, style })];
  const offset =
    place.side === 'before'
      ? startWithComments(place.statement, text)
      : afterLine(text, place.statement.getEnd());
  return { start: offset, end: offset, text: lines.map((line) => line + style.eol).join('') };
}

function guardLines({
  indent,
  test,
  leave,
  style,
}: {
  indent: string;
  test: string;
  leave: string;
  style: Style;
}): string[] {
  if (style.guard === 'inline') return [`${indent}if (${test}) ${leave}`];
  if (style.guard === 'next-line') return [`${indent}if (${test})`, `${indent}${style.step}${leave}`];
  return [`${indent}if (${test}) {`, `${indent}${style.step}${leave}`, `${indent}}`];
}

/** Comments right above a statement belong to it. */
function startWithComments(statement: Statement, text: string): number {
  let start = statement.getStart();
  for (const comment of statement.getLeadingCommentRanges().toReversed()) {
    const ownLine = text.slice(lineStart(text, comment.getPos()), comment.getPos()).trim() === '';
    const gap = text.slice(comment.getEnd(), start);
    if (!ownLine || (gap.match(/\n/g) ?? []).length > 1) break;
    start = comment.getPos();
  }
  return lineStart(text, start);
}

function afterLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}
