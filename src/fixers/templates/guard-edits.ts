// The text of a guard and of the line it guards, in the file's own style.
// It must not decide whether a guard is right; the rest of the file stays byte for byte.

import { Node, SyntaxKind } from 'ts-morph';
import { applyEdits, indentAt, lineStart } from './edits.ts';
import type { Edit } from './edits.ts';
import type { Exit } from './exits.ts';
import { usesOf } from './flow.ts';
import type { Wanted } from './guard.ts';
import { isWithin } from './guard-place.ts';
import type { Place } from './guard-place.ts';
import { nodesWithin, statementList } from './scope.ts';
import { styleOf } from './style.ts';
import type { Style } from './style.ts';

/** What is tested, and whether it is a name that has to be given first. */
export type Tested = { text: string; bound: boolean };

export type GuardParts = { place: Place; tested: Tested; test: string; exit: Exit; style: Style };

/** Everything a guard changes in the file. */
export function guardEdits(wanted: Wanted, parts: GuardParts): Edit[] {
  const lines = lineEdits(wanted, parts);
  return parts.place.side === 'unfold'
    ? [unfolding(wanted, parts, lines)]
    : [...lines, insertion(wanted, parts)];
}

/** A guard on the line below a statement that has its own lines (guard-place.ts, ownLines). */
export function guardAfter(statement: Node, test: string, exit: Exit): Edit {
  const file = statement.getSourceFile();
  const text = file.getFullText();
  const style = styleOf(file, statement.getStart());
  const leave = `${exit.text}${style.semicolons ? ';' : ''}`;
  const lines = guardLines({ indent: indentAt(text, statement.getStart()), test, leave, style });
  const offset = afterLine(text, statement.getEnd());
  return { start: offset, end: offset, text: lines.map((line) => line + style.eol).join('') };
}

/** The crashing expression and later ones, without the `!` that the guard has made needless. */
function lineEdits(wanted: Wanted, { tested, place }: GuardParts): Edit[] {
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
  return tested.bound
    ? edits
    : [...edits, ...needlessAssertions(wanted, place), ...needlessTests(wanted, place)];
}

/** `value && isBig(value) ? … : value.b` no longer has to ask for the value. */
function needlessTests({ access, value }: Wanted, { at }: Place): Edit[] {
  const text = value.getText();
  return access.node
    .getAncestors()
    .filter((up) => up.getStart() >= at.getStart() && Node.isConditionalExpression(up))
    .flatMap((up) => (Node.isConditionalExpression(up) ? [up.getCondition()] : []))
    .flatMap((test) =>
      Node.isBinaryExpression(test) &&
      test.getOperatorToken().getText() === '&&' &&
      test.getLeft().getText() === text
        ? [{ start: test.getLeft().getStart(), end: test.getRight().getStart(), text: '' }]
        : [],
    );
}

function needlessAssertions({ access, value }: Wanted, place: Place): Edit[] {
  const reach = place.side === 'unfold' ? place.at : statementList(place.at);
  if (!reach) return [];
  const same = new Set(usesOf(value, reach));
  return nodesWithin(reach)
    .filter((node) => Node.isNonNullExpression(node) && same.has(node.getExpression()))
    .filter((node) => node.getStart() >= place.at.getStart() && !isWithin(node, access.subject))
    .map((node) => ({ start: node.getEnd() - 1, end: node.getEnd(), text: '' }));
}

function insertion({ value }: Wanted, parts: GuardParts): Edit {
  const { at, side } = parts.place;
  const text = at.getSourceFile().getFullText();
  const lines = newLines(value, parts, indentAt(text, at.getStart()));
  const offset = side === 'before' ? startWithComments(at, text) : afterLine(text, at.getEnd());
  return { start: offset, end: offset, text: lines.map((line) => line + parts.style.eol).join('') };
}

/** `(id) => rows.get(id)!.close()` gets a body. */
function unfolding({ value }: Wanted, parts: GuardParts, inner: readonly Edit[]): Edit {
  const { at } = parts.place;
  const { step, eol, semicolons } = parts.style;
  const from = at.getStart();
  const arrow = at.getParentIfKind(SyntaxKind.ArrowFunction)?.getEqualsGreaterThan().getEnd() ?? from;
  const indent = indentAt(at.getSourceFile().getFullText(), arrow);
  const local = inner.map((edit) => ({ ...edit, start: edit.start - from, end: edit.end - from }));
  const result = `${parts.exit.text === 'return' ? '' : 'return '}${applyEdits(at.getText(), local)}${semicolons ? ';' : ''}`;
  const lines = [' {', ...newLines(value, parts, indent + step), indent + step + result, `${indent}}`];
  return { start: arrow, end: at.getEnd(), text: lines.join(eol) };
}

/** The name for the value, when it needs one, and the guard. */
function newLines(value: Node, { tested, test, exit, style }: GuardParts, indent: string): string[] {
  const semicolon = style.semicolons ? ';' : '';
  const binding = tested.bound ? [`${indent}const ${tested.text} = ${value.getText()}${semicolon}`] : [];
  return [...binding, ...guardLines({ indent, test, leave: `${exit.text}${semicolon}`, style })];
}

type GuardText = { indent: string; test: string; leave: string; style: Style };

export function guardLines({ indent, test, leave, style }: GuardText): string[] {
  if (style.guard === 'inline') return [`${indent}if (${test}) ${leave}`];
  if (style.guard === 'next-line') return [`${indent}if (${test})`, `${indent}${style.step}${leave}`];
  return [`${indent}if (${test}) {`, `${indent}${style.step}${leave}`, `${indent}}`];
}

/** Comments right above a statement belong to it. */
export function startWithComments(statement: Node, text: string): number {
  let start = statement.getStart();
  for (const comment of statement.getLeadingCommentRanges().toReversed()) {
    const ownLine = text.slice(lineStart(text, comment.getPos()), comment.getPos()).trim() === '';
    const gap = text.slice(comment.getEnd(), start);
    if (!ownLine || (gap.match(/\n/g) ?? []).length > 1) break;
    start = comment.getPos();
  }
  return lineStart(text, start);
}

export function afterLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}
