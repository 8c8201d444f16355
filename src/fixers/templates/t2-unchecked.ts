// T2: nobody checks for null, and a strict checker would have reported this very line: leave early. Where types say
// nothing, the event has to say that this one value was missing.
// It must decline when the checker has nothing, or more than one thing, to say about the crash (fixing.md, 2.4).

import { Node } from 'ts-morph';
import { canBeAbsent, saysNothing } from './absence.ts';
import { absences } from './crash.ts';
import { ambiguous, withoutTypes } from './dereference.ts';
import type { Dereference } from './dereference.ts';
import { describeGuard } from './describe.ts';
import { planGuard } from './guard.ts';
import type { Wanted } from './guard.ts';
import { ruledOut } from './forced.ts';
import { errorOf } from './error-first.ts';
import { refusalOfList } from './list-use.ts';
import { isMissingList } from './missing-list.ts';
import { shortCode } from './quote.ts';
import { enclosingStatement } from './scope.ts';
import { isDeclined } from './template.ts';
import type { Declined, Plan, Scene, Template } from './template.ts';

const name = 'T2 unchecked null';

/** "Object is possibly undefined" and its kin, and "cannot invoke", "not iterable" for the same reason. */
const nullCodes = new Set([2531, 2532, 2533, 18047, 18048, 18049, 2721, 2722, 2723, 2339, 2488]);

export const uncheckedNull: Template = { name, kinds: absences, plan };

function plan(scene: Scene): Plan | Declined {
  const told = toldByEvent(scene);
  const access = told ?? reportedAccess(scene);
  if (isDeclined(access)) return access;
  const doubt = told && doubtWithoutTypes(told, scene);
  if (doubt) return doubt;
  if (isMissingList(access, scene) && refusalOfList(access, 'by name') === null)
    return {
      why: 'The value is a list that is only gone through: an empty list is the smaller change (T3).',
    };
  const wanted: Wanted = { access, value: withoutTypes(access.subject), declaration: null };
  const guard = planGuard(wanted, scene);
  if (isDeclined(guard)) return guard;
  return {
    edits: guard.edits,
    description: describeGuard(guard, wanted, { scene, strategy: name, assumption: shortCode(access.node) }),
  };
}

/** Where types say nothing, as in plain JavaScript, the event may: one value on the line, and it was missing. */
function toldByEvent(scene: Scene): Dereference | null {
  const [only, another] = scene.accesses;
  if (!only || another || scene.crash.value === null) return null;
  return saysNothing(withoutTypes(only.subject).getType()) ? only : null;
}

/** Leaving is no answer where the value is asked for, or where an error came in its stead. */
function doubtWithoutTypes(access: Dereference, { crash }: Scene): Declined | null {
  const present = ruledOut(withoutTypes(access.subject));
  if (present) return present;
  const statement = enclosingStatement(access.node);
  if (Node.isIfStatement(statement) || Node.isSwitchStatement(statement))
    return {
      why: `The value decides a condition in line ${statement.getStartLineNumber()}, and what holds without it is a person's decision.`,
    };
  const first = errorOf(withoutTypes(access.subject), crash);
  return first
    ? {
        why: `Where there is no \`${shortCode(access.subject)}\` there is a \`${first.error.getText()}\`, which leaving would swallow.`,
      }
    : null;
}

/** The one access of which a strict check says that the value may be missing. */
function reportedAccess(scene: Scene): Dereference | Declined {
  if (scene.project.strictNulls)
    return {
      why: 'The project checks for null and undefined, so the checker would have reported a missing guard.',
      far: true,
    };
  if (scene.accesses.every((access) => saysNothing(access.subject.getType())))
    return {
      why: `\`${shortCode(subjectOf(scene))}\` is of type \`any\`, and the event does not say either which value was missing.`,
    };
  const reported = scene.accesses.filter((access) => isReported(access));
  const [access] = reported;
  if (!access)
    return {
      why: 'A strict null check reports nothing at the crash, so the types do not know that the value may be missing.',
    };
  if (reported.length > 1 || scene.accesses.some((one) => saysNothing(one.subject.getType())))
    return ambiguous(scene.accesses.length);
  return access;
}

function subjectOf(scene: Scene): Node {
  const [first] = scene.accesses;
  return first ? first.subject : scene.project.file;
}

/** Exactly one null diagnostic of the strict checker starts at the subject. */
function isReported(access: Dereference): boolean {
  if (Node.isNonNullExpression(access.subject) || !canBeAbsent(access.subject.getType())) return false;
  const file = access.node.getSourceFile();
  const inside = file
    .getProject()
    .getProgram()
    .getSemanticDiagnostics(file)
    .filter((diagnostic) => nullCodes.has(diagnostic.getCode()))
    .filter((diagnostic) => overlaps(diagnostic.getStart(), access));
  return inside.length === 1;
}

function overlaps(start: number | undefined, access: Dereference): boolean {
  return start !== undefined && start >= access.subject.getStart() && start <= access.subject.getEnd();
}
