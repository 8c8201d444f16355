// T3: a list that is only gone through was missing: `rows ?? []` (reference fixing.md, 2.4).
// It must decline when an empty list could be taken for the real one.

import { Node } from 'ts-morph';
import { isList, saysNothing } from './absence.ts';
import { symptomOf } from './cause.ts';
import { ambiguous, withoutTypes } from './dereference.ts';
import type { Dereference } from './dereference.ts';
import { isMissingList } from './missing-list.ts';
import { shortCode } from './quote.ts';
import { refusalOfList } from './list-use.ts';
import { fallbackOperator } from './syntax-level.ts';
import { enclosingFunction, functionName } from './scope.ts';
import type { Declined, Plan, Scene, Template } from './template.ts';
import { spoken } from './words.ts';

const name = 'T3 missing list';

export const missingList: Template = { name, kinds: ['read', 'iterate'], plan };

function plan(scene: Scene): Plan | Declined {
  const lists = scene.accesses.filter((access) => isMissingList(access, scene));
  const [access] = lists;
  if (!access) return { why: 'The missing value is not a list by its type.', far: true };
  if (
    scene.accesses.some((one) => !lists.includes(one) && saysNothing(one.subject.getType())) ||
    lists.length > 1
  )
    return ambiguous(scene.accesses.length);
  const why = refusalOfList(access, isList(withoutTypes(access.subject).getType()) ? 'by type' : 'by name');
  if (why !== null) return { why };
  const list = withoutTypes(access.subject);
  return {
    edits: [
      {
        start: access.subject.getStart(),
        end: access.subject.getEnd(),
        text: orEmpty(access, list.getText()),
      },
    ],
    description: describe(access, list, scene),
  };
}

/** The head of a loop stands alone; anywhere else the parentheses are needed, or make it readable. */
function orEmpty(access: Dereference, text: string): string {
  const list = `${text} ${fallbackOperator(access.node)} []`;
  return Node.isForOfStatement(access.node) ? list : `(${list})`;
}

function describe(access: Dereference, list: Node, scene: Scene) {
  const last = Node.isPropertyAccessExpression(list)
    ? list.getName()
    : Node.isIdentifier(list)
      ? list.getText()
      : null;
  const owner = enclosingFunction(access.node);
  const who = (owner && functionName(owner)) ?? null;
  return {
    summary: `treat missing ${last === null ? 'entries' : spoken(last)} as an empty list`,
    rootCause: `Line ${access.node.getStartLineNumber()} of \`${scene.suspect.path}\` goes through \`${shortCode(list)}\`, and it was \`${scene.crash.value ?? 'undefined'}\`.`,
    change: `${who === null ? 'The line' : `\`${who}\``} goes through an empty list when \`${shortCode(list)}\` is missing; it is only gone through or rendered, never stored, counted or sent.`,
    strategy: name,
    symptom: symptomOf(list, scene),
  };
}
