// T1: `rows.find(...)!.status` crashed, so the `!` was wrong: drop it and leave early (reference fixing.md, 2.4).
// It must decline when the crash is not at an assertion, or when nobody said that nothing may be returned.

import { Node } from 'ts-morph';
import type { Expression } from 'ts-morph';
import { canBeAbsent, isUncheckedIndex, saysNothing } from './absence.ts';
import { absences } from './crash.ts';
import { ambiguous, withoutTypes } from './dereference.ts';
import type { Dereference } from './dereference.ts';
import { describeGuard } from './describe.ts';
import { planGuard } from './guard.ts';
import type { Wanted } from './guard.ts';
import { refusalOfList } from './list-use.ts';
import { enclosingFunction } from './scope.ts';
import { shortCode } from './quote.ts';
import { isDeclined } from './template.ts';
import type { Declined, Plan, Scene, Template } from './template.ts';

const name = 'T1 non-null assertion';

export const nonNullAssertion: Template = { name, kinds: absences, plan };

function plan(scene: Scene): Plan | Declined {
  const wanted = assertedAccess(scene.accesses);
  if (isDeclined(wanted)) return wanted;
  const type = wanted.value.getType();
  if (saysNothing(type))
    return { why: `\`${shortCode(wanted.value)}\` is of type \`any\`, so nothing says when it is missing.` };
  if (!canBeAbsent(type) && !isUncheckedIndex(wanted.value))
    return {
      why: `The type of \`${shortCode(wanted.value)}\` admits neither \`undefined\` nor \`null\`: the types are wrong further back, and a guard here would only cover it.`,
    };
  if (!wanted.declaration && refusalOfList(wanted.access) === null)
    return {
      why: 'The value is a list that is only gone through: an empty list is the smaller change (T3).',
    };
  const guard = planGuard(wanted, scene);
  if (isDeclined(guard)) return guard;
  return {
    edits: guard.edits,
    description: describeGuard(guard, wanted, {
      scene,
      strategy: name,
      assumption: assertionOf(wanted),
    }),
  };
}

/** As it is written: `rows.find(...)!`. */
function assertionOf({ access, declaration }: Wanted): string {
  return shortCode(declaration?.getInitializer() ?? access.subject);
}

/** The one access whose subject is asserted, on the spot or where it was declared. */
function assertedAccess(accesses: readonly Dereference[]): Wanted | Declined {
  const asserted = accesses.flatMap((access) => wantedOf(access) ?? []);
  const open = accesses.filter((access) => !wantedOf(access) && mayBeAbsent(access));
  const [only] = asserted;
  if (!only) return { why: 'No `!` stands on the value that was missing.', far: true };
  return asserted.length + open.length === 1 ? only : ambiguous(asserted.length + open.length);
}

function mayBeAbsent(access: Dereference): boolean {
  const type = access.subject.getType();
  return saysNothing(type) || canBeAbsent(type);
}

function wantedOf(access: Dereference): Wanted | null {
  const assertion = assertionIn(access.subject);
  if (assertion) return { access, value: withoutTypes(assertion), declaration: null };
  const declaration = declarationOf(access.subject);
  const initial = declaration ? assertionIn(declaration.getInitializerOrThrow()) : null;
  return declaration && initial ? { access, value: withoutTypes(initial), declaration } : null;
}

/** A `!` right on the expression, parentheses aside; `as` hides the type and does not count. */
function assertionIn(expression: Expression): Expression | null {
  let at = expression;
  while (Node.isParenthesizedExpression(at)) at = at.getExpression();
  return Node.isNonNullExpression(at) && !Node.isAsExpression(at.getExpression()) ? at : null;
}

/** The declaration of a local name inside a function, when it is the only one of its statement. */
function declarationOf(subject: Node) {
  if (!Node.isIdentifier(subject)) return null;
  const declared = subject.getSymbol()?.getDeclarations() ?? [];
  const [only] = declared;
  if (
    declared.length !== 1 ||
    !Node.isVariableDeclaration(only) ||
    !only.getInitializer() ||
    !enclosingFunction(only)
  )
    return null;
  const statement = only.getVariableStatement();
  return statement?.getDeclarations().length === 1 && Node.isIdentifier(only.getNameNode()) ? only : null;
}
