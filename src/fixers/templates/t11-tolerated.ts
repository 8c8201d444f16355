// T11: a step that may fail by the author's own word (`try { … } catch (e) { console.error(e) }`) needed a missing value.
// It must decline where the `catch` does anything but report, or where the step is not the last of its `try`.

import { Node } from 'ts-morph';
import type { Statement } from 'ts-morph';
import { canBeAbsent, saysNothing } from './absence.ts';
import { symptomOf } from './cause.ts';
import { absences } from './crash.ts';
import { ambiguous, withoutTypes } from './dereference.ts';
import { indentAt, lineStart } from './edits.ts';
import { isLogging } from './effects.ts';
import { refusalOfUse } from './flow.ts';
import { ruledOut } from './forced.ts';
import { afterLine } from './guard-edits.ts';
import { isStable, testOfPresence } from './guard.ts';
import { ownLines, refusalOfPosition } from './guard-place.ts';
import { refusalOfAnswers } from './answers.ts';
import { shortCode } from './quote.ts';
import { enclosingFunction, enclosingStatement } from './scope.ts';
import { styleOf } from './style.ts';
import { isDeclined } from './template.ts';
import type { Declined, Plan, Scene, Template } from './template.ts';

const name = 'T11 tolerated step';

export const toleratedStep: Template = { name, kinds: absences, plan };

function plan(scene: Scene): Plan | Declined {
  const [access, another] = scene.accesses;
  if (!access || another) return ambiguous(scene.accesses.length);
  const value = withoutTypes(access.subject);
  const statement = enclosingStatement(access.node);
  const owner = enclosingFunction(access.node);
  if (!Node.isExpressionStatement(statement) || !owner || !isTolerated(statement))
    return { why: 'The line is no last step of a `try` whose `catch` only reports what failed.', far: true };
  const type = value.getType();
  if (scene.crash.value === null || !(saysNothing(type) || canBeAbsent(type)) || !isStable(value))
    return { why: `Neither its type nor the event says that \`${shortCode(value)}\` may be missing.` };
  const place = ownLines({ at: statement, side: 'after' });
  if (isDeclined(place)) return place;
  const why =
    ruledOut(value) ??
    refusalOfPosition(access.node, statement) ??
    refusalOfUse(access.subject, owner) ??
    refusalOfAnswers([statement]);
  return why ?? { edits: [wrapped(statement, value, scene)], description: describe(statement, value, scene) };
}

function isTolerated(statement: Statement): boolean {
  const block = statement.getParent();
  const attempt = block?.getParent();
  if (!Node.isBlock(block) || !Node.isTryStatement(attempt) || attempt.getTryBlock() !== block) return false;
  const answer = attempt.getCatchClause()?.getBlock().getStatements() ?? [];
  return (
    block.getStatements().at(-1) === statement && answer.length > 0 && answer.every((one) => isLogging(one))
  );
}

function wrapped(statement: Statement, value: Node, scene: Scene) {
  const { file } = scene.project;
  const text = file.getFullText();
  const style = styleOf(file, statement.getStart());
  const indent = indentAt(text, statement.getStart());
  const start = lineStart(text, statement.getStart());
  const end = afterLine(text, statement.getEnd());
  const body = text.slice(start, end).replace(/^(?=[^\r\n])/gm, style.step);
  const test = testOfPresence(value, style);
  return { start, end, text: `${indent}if (${test}) {${style.eol}${body}${indent}}${style.eol}` };
}

function describe(statement: Statement, value: Node, scene: Scene) {
  const missing = scene.crash.value ?? 'undefined';
  return {
    summary: 'leave out a step whose value is missing',
    rootCause: `Line ${scene.suspect.line} of \`${scene.suspect.path}\` takes \`${shortCode(value)}\` for granted, and it was \`${missing}\`.`,
    change: `\`${shortCode(statement)}\` is left out without it; the code round it goes on as it already does when the step fails.`,
    strategy: name,
    symptom: symptomOf(value, scene),
  };
}
