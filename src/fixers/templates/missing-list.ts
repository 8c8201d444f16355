// Whether the missing value was meant to be a list: by its type, or without one by the method it was asked for.
// It must not decide what to do about it.

import { canBeAbsent, isList, saysNothing } from './absence.ts';
import { withoutTypes } from './dereference.ts';
import type { Dereference } from './dereference.ts';
import type { Scene } from './template.ts';

export function isMissingList(access: Dereference, scene: Scene): boolean {
  const type = withoutTypes(access.subject).getType();
  if (!saysNothing(type)) return canBeAbsent(type) && isList(type);
  return (
    scene.crash.value !== null &&
    scene.accesses.length === 1 &&
    (access.kind === 'iterate' || /^(?:forEach|map|filter|flatMap)$/.test(access.property ?? ''))
  );
}
