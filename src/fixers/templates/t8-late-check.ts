// T8: a value was used before the check that stands right below it, or a callback's error was never looked at.
// It must only move what needs the check, and hand an error on only where the function shows how it does that.

import { Node } from 'ts-morph';
import type { IfStatement, Statement } from 'ts-morph';
import { absences } from './crash.ts';
import { ambiguous, withoutTypes } from './dereference.ts';
import { lineStart } from './edits.ts';
import type { Edit } from './edits.ts';
import { effectIn } from './effects.ts';
import { errorHandedOn, errorOf } from './error-first.ts';
import type { ErrorFirst } from './error-first.ts';
import { usesOf } from './flow.ts';
import { afterLine, startWithComments } from './guard-edits.ts';
import { ownLines } from './guard-place.ts';
import { shortCode } from './quote.ts';
import { enclosingStatement, statementList } from './scope.ts';
import { leaves } from './style.ts';
import { isDeclined } from './template.ts';
import type { Declined, Plan, Scene, Template } from './template.ts';

const name = 'T8 late check';

export const lateCheck: Template = { name, kinds: absences, plan };

function plan(scene: Scene): Plan | Declined {
  const [access, another] = scene.accesses;
  if (!access || another) return ambiguous(scene.accesses.length);
  const value = withoutTypes(access.subject);
  const statement = enclosingStatement(access.node);
  const list = statement && statementList(statement);
  if (!Node.isIdentifier(value) || !statement || !list)
    return { why: 'The missing value has no name of its own that a check below could ask for.', far: true };
  const first = errorOf(value, scene.crash);
  const check = checkBelow(statement, list.getStatements(), { value, error: first?.error ?? null });
  if (check) return moved(statement, check, { value, scene });
  if (!first)
    return { why: `No line right below asks whether there is a \`${value.getText()}\`.`, far: true };
  const handed = errorHandedOn(first, scene);
  return isDeclined(handed) ? handed : { edits: [handed], description: describeError(first, value, scene) };
}

type Asked = { value: Node; error: Node | null };

/** The next statement that leaves when the value is missing; only plain declarations may stand between. */
function checkBelow(statement: Statement, all: readonly Statement[], asked: Asked): IfStatement | null {
  if (!Node.isVariableStatement(statement) && !Node.isExpressionStatement(statement)) return null;
  const made = declaredIn(statement);
  for (const later of all.slice(all.indexOf(statement) + 1)) {
    if (made.some((one) => usesOf(one, later).length > 0)) return null;
    if (Node.isIfStatement(later)) return leavesWithout(later, asked) ? later : null;
    if (!Node.isVariableStatement(later) || effectIn(later)) return null;
  }
  return null;
}

function declaredIn(statement: Statement): Node[] {
  return Node.isVariableStatement(statement)
    ? statement
        .getDeclarations()
        .flatMap((one) => [one.getNameNode(), ...one.getNameNode().getDescendants()])
        .filter((node) => Node.isIdentifier(node))
    : [];
}

function leavesWithout(check: IfStatement, { value, error }: Asked): boolean {
  if (check.getElseStatement() || !leaves(check)) return false;
  const test = check.getExpression();
  const text = test.getText();
  if (error && new RegExp(`^${error.getText()}(?: !==? (?:null|undefined))?$`).test(text)) return true;
  if (Node.isPrefixUnaryExpression(test)) return text === `!${value.getText()}`;
  return new RegExp(`^${value.getText()} ===? (?:null|undefined)$`).test(text);
}

/** The statement's lines, taken to below the check. */
function moved(
  statement: Statement,
  check: IfStatement,
  { value, scene }: { value: Node; scene: Scene },
): Plan | Declined {
  for (const one of [statement, check]) {
    const place = ownLines({ at: one, side: 'after' });
    if (isDeclined(place)) return place;
  }
  const text = scene.project.file.getFullText();
  const start = startWithComments(statement, text);
  const end = afterLine(text, statement.getEnd());
  const gap = blankLineAt(text, end);
  const below = afterLine(text, check.getEnd());
  const target = blankLineAt(text, below) ?? below;
  const edits: Edit[] = [
    { start, end: opensBlock(text, start) && gap !== null ? gap : end, text: '' },
    { start: target, end: target, text: text.slice(start, end) },
  ];
  return { edits, description: describeMove(statement, check, { value, scene }) };
}

/** The end of the blank line that starts there. */
function blankLineAt(text: string, offset: number): number | null {
  const blank = /^[ \t]*\r?\n/.exec(text.slice(offset))?.[0];
  return blank === undefined ? null : offset + blank.length;
}

function opensBlock(text: string, start: number): boolean {
  return /\{\s*$/.test(text.slice(lineStart(text, start - 1), start));
}

function describeMove(
  statement: Statement,
  check: IfStatement,
  { value, scene }: { value: Node; scene: Scene },
) {
  const { path } = scene.suspect;
  return {
    summary: `check for ${/^!|=/.test(check.getExpression().getText()) ? 'the value' : 'an error'} before using the result`,
    rootCause: `Line ${statement.getStartLineNumber()} of \`${path}\` uses \`${value.getText()}\` before line ${check.getStartLineNumber()} (\`if (${shortCode(check.getExpression())})\`) has asked whether it is there, and it was \`${scene.crash.value ?? 'undefined'}\`.`,
    change: 'The check comes first, and what it does in that case stays as it was.',
    strategy: name,
    symptom: null,
  };
}

function describeError({ error, handler }: ErrorFirst, value: Node, scene: Scene) {
  const { path, line } = scene.suspect;
  return {
    summary: 'hand on the error of a callback',
    rootCause: `The callback in line ${handler.getStartLineNumber()} of \`${path}\` never looks at \`${error.getText()}\`; where there is an error there is no \`${value.getText()}\`, and line ${line} reads from it.`,
    change: `The callback hands on \`${error.getText()}\` as the functions round it do, and goes on only without one.`,
    strategy: name,
    symptom: null,
  };
}
