// What a type says about being absent: undefined, null, void, and what else is falsy.
// Pure questions to the type checker; it must not decide what to do about the answers.

import { Node, ts } from 'ts-morph';
import type { Type } from 'ts-morph';

export type Absence = { undefined: boolean; null: boolean; void: boolean };

function members(type: Type): Type[] {
  return type.isUnion() ? type.getUnionTypes() : [type];
}

export function absenceOf(type: Type): Absence {
  const all = members(type);
  return {
    undefined: all.some((member) => member.isUndefined()),
    null: all.some((member) => member.isNull()),
    void: all.some((member) => member.isVoid()),
  };
}

/** Whether undefined or null is a member. */
export function canBeAbsent(type: Type): boolean {
  const absence = absenceOf(type);
  return absence.undefined || absence.null;
}

/** `any` says nothing, so nothing may be built on it. */
export function saysNothing(type: Type): boolean {
  return members(type).some((member) => member.isAny() || member.isUnknown());
}

/** Whether a present value may still be falsy (0, '', false, NaN), so that `!x` would swallow it. */
export function canBeFalsy(type: Type): boolean {
  return members(type)
    .filter((member) => !member.isUndefined() && !member.isNull())
    .some((member) => !isAlwaysTruthy(member));
}

function isAlwaysTruthy(type: Type): boolean {
  if (type.isIntersection()) return type.getIntersectionTypes().some(isAlwaysTruthy);
  return type.isObject() && type.compilerType.flags !== ts.TypeFlags.Any;
}

/** An array or tuple behind the undefined and null. */
export function isList(type: Type): boolean {
  const present = members(type).filter((member) => !member.isUndefined() && !member.isNull());
  return present.length > 0 && present.every((member) => isArrayLike(member));
}

function isArrayLike(type: Type): boolean {
  return type.isArray() || type.isReadonlyArray() || type.isTuple();
}

/**
 * The type of an expression as declared: an index into a list or record counts as possibly undefined,
 * whether or not the project asks for that (`noUncheckedIndexedAccess`).
 */
export function isUncheckedIndex(expression: Node): boolean {
  if (!Node.isElementAccessExpression(expression)) return false;
  const type = expression.getExpression().getType();
  if (type.isTuple()) return false;
  return type.getNumberIndexType() !== undefined || type.getStringIndexType() !== undefined;
}
