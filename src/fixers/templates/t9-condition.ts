// T9: a condition asked a missing value for something, where "there is none" has the same answer as "no".
// It must decline wherever somebody would have to say what happens without the value.

import { Node } from 'ts-morph';
import { canBeAbsent, saysNothing } from './absence.ts';
import { askedChain } from './asked-chain.ts';
import { symptomOf } from './cause.ts';
import { onlyCompared } from './compared.ts';
import { absences } from './crash.ts';
import { ambiguous, withoutTypes } from './dereference.ts';
import type { Dereference } from './dereference.ts';
import type { Edit } from './edits.ts';
import { conditionRound } from './effects.ts';
import { refusalOfUse, usesOf } from './flow.ts';
import { ruledOut } from './forced.ts';
import { isStable } from './guard.ts';
import { shortCode } from './quote.ts';
import { enclosingFunction } from './scope.ts';
import { isRead, usedBefore } from './sequel.ts';
import { isDeclined } from './template.ts';
import type { Declined, Plan, Scene, Template } from './template.ts';
import { testRound } from './test-round.ts';
import type { Test } from './test-round.ts';
import { spoken } from './words.ts';

const name = 'T9 condition';

export const condition: Template = { name, kinds: absences, plan };

function plan(scene: Scene): Plan | Declined {
  const [access, another] = scene.accesses;
  if (!access || another) return ambiguous(scene.accesses.length);
  const value = withoutTypes(access.subject);
  const doubt = doubtAbout(value, scene);
  if (doubt) return doubt;
  const compared = onlyCompared(access, value);
  const test: Test | Declined = compared ?? testOrChain(access, scene);
  if (isDeclined(test)) return test;
  const why = refusalOfPlace(access, value, test);
  if (why) return why;
  const edit = written(value, test);
  return isDeclined(edit) ? edit : { edits: [edit], description: describe(value, test, scene) };
}

/** A condition; where there is none, a chain of questions that did not ask the first one. */
function testOrChain(access: Dereference, { crash }: Scene): Test | Declined {
  const test = testRound(access);
  return isDeclined(test) && test.far === true ? (askedChain(access, crash.value) ?? test) : test;
}

/** Why the value may not be what was missing. */
export function doubtAbout(value: Node, { crash }: Scene): Declined | null {
  if (crash.value === null) return { why: 'The message does not say that a value was missing.' };
  const present = ruledOut(value);
  if (present) return present;
  const type = value.getType();
  if (saysNothing(type) || canBeAbsent(type)) return null;
  return {
    why: `The type of \`${shortCode(value)}\` admits neither \`undefined\` nor \`null\`: the types are wrong further back.`,
  };
}

/** Delicate names, and other places that would crash for the same reason. */
export function refusalOfPlace(
  access: Dereference,
  value: Node,
  test: Pick<Test, 'statement' | 'guarded'>,
): Declined | null {
  const owner = enclosingFunction(access.node);
  if (!owner) return null;
  const delicate = refusalOfUse(access.subject, owner);
  if (delicate) return delicate;
  if (!isStable(value)) return null;
  const uses = usesOf(value, owner);
  const earlier = usedBefore(uses, test.statement);
  if (earlier) return earlier;
  const later = uses.find(
    (use) => use.getStart() > test.guarded && isRead(use) && !isConditional(use, test.statement),
  );
  return later
    ? {
        why: `Line ${later.getStartLineNumber()} reads from \`${shortCode(value)}\` as well, so more than this condition depends on it.`,
      }
    : null;
}

/** In a branch that need not be taken after `statement` was, or behind the `&&` of its condition. */
function isConditional(use: Node, statement: Node): boolean {
  const isShared = (up: Node): boolean => up.containsRange(statement.getPos(), statement.getEnd());
  for (let at = use, up = at.getParent(); up && !isShared(up); at = up, up = at.getParent()) {
    if (Node.isIfStatement(up) && (up.getExpression() !== at || conditionRound(use, up) !== undefined))
      return true;
    if (Node.isConditionalExpression(up) && up.getCondition() !== at) return true;
  }
  return false;
}

/** `row && row.name === name`; where the branch leaves on a "no", `!row || row.name !== name`. */
function written(value: Node, { atom, negated }: Test): Edit | Declined {
  if (!isStable(value))
    return { why: `\`${shortCode(value)}\` would have to be evaluated twice to be asked for first.` };
  const half = halfAsked(value, atom);
  if (half && !negated) return { start: half.getStart(), end: half.getEnd(), text: value.getText() };
  const [before, own] = negated ? [`!${value.getText()} || `, '||'] : [`${value.getText()} && `, '&&'];
  const start = atom.getStart();
  const parent = atom.getParent();
  if (!Node.isBinaryExpression(parent) || parent.getOperatorToken().getText() === own)
    return { start, end: start, text: before };
  return { start, end: atom.getEnd(), text: `(${before}${atom.getText()})` };
}

/** `row !== null && row.name`, where it was `undefined`: the one question takes the place of the other. */
function halfAsked(value: Node, atom: Node): Node | null {
  const parent = atom.getParent();
  if (!Node.isBinaryExpression(parent) || parent.getRight() !== atom) return null;
  if (parent.getOperatorToken().getText() !== '&&') return null;
  let last: Node = parent.getLeft();
  while (Node.isBinaryExpression(last) && last.getOperatorToken().getText() === '&&') last = last.getRight();
  const asks = Node.isBinaryExpression(last) && last.getLeft().getText() === value.getText();
  return asks && /!==\s*(?:null|undefined)$/.test(last.getText()) ? last : null;
}

function describe(value: Node, { answer, compares }: Test, scene: Scene) {
  const { path, line } = scene.suspect;
  const last = Node.isPropertyAccessExpression(value)
    ? value.getName()
    : Node.isIdentifier(value)
      ? value.getText()
      : null;
  const what = last === null ? 'values' : spoken(last);
  const summary = `check for missing ${what} first`;
  return {
    summary: summary.length > 56 ? 'check for a missing value first' : summary,
    rootCause: `The ${compares ? 'call' : 'condition'} in line ${line} of \`${path}\` takes \`${shortCode(value)}\` for granted, and it was \`${scene.crash.value ?? 'undefined'}\`.`,
    change: `Without \`${shortCode(value)}\` ${answer}.`,
    strategy: name,
    symptom: symptomOf(value, scene),
  };
}
