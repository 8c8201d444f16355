// Plans a guard: where it stands, what it tests, how it leaves, and what the line reads afterwards.
// It only plans edits; it must decline whenever the guard would skip, repeat or reorder other work.

import { Node } from 'ts-morph';
import type { Type, VariableDeclaration } from 'ts-morph';
import { absenceOf, canBeFalsy, isUncheckedIndex, saysNothing } from './absence.ts';
import type { Dereference } from './dereference.ts';
import type { Edit } from './edits.ts';
import { effectBefore } from './effects.ts';
import { exitAt } from './exits.ts';
import type { Exit } from './exits.ts';
import { refusalOfUse } from './flow.ts';
import { guardEdits } from './guard-edits.ts';
import type { Tested } from './guard-edits.ts';
import { placeOf } from './guard-place.ts';
import { nameFor } from './names.ts';
import { shortCode } from './quote.ts';
import { enclosingFunction, statementList } from './scope.ts';
import { refusalOfSequel } from './sequel.ts';
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
  const place = placeOf(wanted.access.node, wanted.declaration);
  if (isDeclined(place)) return place;
  const exit = exitAt(place.at, scene.project);
  if (isDeclined(exit)) return exit;
  const tested = testedExpression(wanted, place.at);
  if (isDeclined(tested)) return tested;
  const use = refusalOfGuardedUse(wanted, place.at);
  if (use) return use;
  const style = styleOf(scene.project.file, place.at.getStart());
  const test = testFor(tested.text, wanted, { style, crashed: scene.crash.value });
  if (isDeclined(test)) return test;
  const edits = guardEdits(wanted, { place, tested, test, exit, style });
  return { edits, exit, tested: tested.text, bound: tested.bound ? tested.text : null };
}

function testedExpression({ access, value, declaration }: Wanted, statement: Node): Tested | Declined {
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
export function isStable(node: Node): boolean {
  if (Node.isIdentifier(node) || Node.isThisExpression(node)) return true;
  return (
    Node.isPropertyAccessExpression(node) && !node.hasQuestionDotToken() && isStable(node.getExpression())
  );
}

/** The value as it goes on being used after the guard, and what else comes after it. */
function refusalOfGuardedUse({ access, value, declaration }: Wanted, place: Node): Declined | null {
  const owner = enclosingFunction(place);
  if (!owner) return null;
  const inner = access.subject === value || declaration || !isStable(value) ? access.subject : value;
  return refusalOfUse(access.subject, owner) ?? refusalOfUse(inner, owner) ?? refusalOfSequel(inner, place);
}

/** That a value is there, as the file asks for such things. */
export function testOfPresence(value: Node, style: Style): string {
  const type = value.getType();
  const text = value.getText();
  if (style.test === 'loose') return `${text} != null`;
  return saysNothing(type) || !canBeFalsy(type) ? text : `${text} !== undefined && ${text} !== null`;
}

/** What only the event says to have been missing is tested as the file tests such things. */
function untypedTest(
  text: string,
  { style, crashed }: { style: Style; crashed: 'undefined' | 'null' | null },
): string {
  if (style.test === 'loose') return `${text} == null`;
  return style.test === 'strict' && crashed ? `${text} === ${crashed}` : `!${text}`;
}

function testFor(
  text: string,
  { value, access, declaration }: Wanted,
  how: { style: Style; crashed: 'undefined' | 'null' | null },
): string | Declined {
  const type: Type = value.getType();
  if (saysNothing(type)) return untypedTest(text, how);
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
