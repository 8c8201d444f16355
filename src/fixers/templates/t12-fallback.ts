// T12: `user.profile.name || 'nobody'` says what stands where there is no name; it stands there without a profile, too.
// It must decline where the fallback is more than a text: an empty list or a zero could hide what failed.

import { Node } from 'ts-morph';
import { delicacyOf } from '../../domain/proof/delicate.ts';
import { canBeFalsy, saysNothing } from './absence.ts';
import { symptomOf } from './cause.ts';
import { ambiguous, withoutTypes } from './dereference.ts';
import type { Edit } from './edits.ts';
import { effectIn } from './effects.ts';
import { isStable } from './guard.ts';
import { shortCode } from './quote.ts';
import { enclosingStatement } from './scope.ts';
import { isDeclined } from './template.ts';
import type { Declined, Plan, Scene, Template } from './template.ts';
import { doubtAbout, refusalOfPlace } from './t9-condition.ts';

const name = 'T12 fallback';

export const fallback: Template = { name, kinds: ['read'], plan };

function plan(scene: Scene): Plan | Declined {
  const [access, another] = scene.accesses;
  if (!access || another) return ambiguous(scene.accesses.length);
  const value = withoutTypes(access.subject);
  const chain = chainWithFallback(access.node);
  if (!chain || value !== access.subject)
    return { why: 'What is made of the value has no text to fall back on.', far: true };
  const why = doubtAbout(value, scene) ?? refusalOfChain(chain);
  if (why) return why;
  const statement = enclosingStatement(access.node) ?? chain.whole;
  const place = refusalOfPlace(access, value, { statement, guarded: chain.whole.getEnd() });
  if (place) return place;
  const edits = written(value, chain);
  return isDeclined(edits) ? edits : { edits, description: describe(value, chain, scene) };
}

/** `whole`: with the fallback; `reads`: from the value to what falls back. */
type Chain = { reads: Node; whole: Node; text: string };

/** Everything from the access on is one chain, which a text stands in for. */
function chainWithFallback(access: Node): Chain | null {
  let reads = access;
  for (let up = reads.getParent(); up && isStep(up, reads); up = reads.getParent()) reads = up;
  const whole = reads.getParent();
  if (!Node.isBinaryExpression(whole) || whole.getLeft() !== reads) return null;
  if (!/^(?:\?\?|\|\|)$/.test(whole.getOperatorToken().getText())) return null;
  const text = whole.getRight();
  return Node.isStringLiteral(text) || Node.isNoSubstitutionTemplateLiteral(text)
    ? { reads, whole, text: text.getText() }
    : null;
}

function isStep(up: Node, inner: Node): boolean {
  return (
    (Node.isPropertyAccessExpression(up) ||
      Node.isElementAccessExpression(up) ||
      Node.isCallExpression(up)) &&
    up.getExpression() === inner
  );
}

/** What the fallback is for, and work that would not be done. */
function refusalOfChain({ reads, whole }: Chain): Declined | null {
  const names = reads.getText().match(/[\w$]+/g) ?? [];
  const holder = whole.getParent();
  const held =
    Node.isVariableDeclaration(holder) || Node.isPropertyAssignment(holder) ? holder.getName() : null;
  const delicate = [...names, ...(held === null ? [] : [held])].find((one) => {
    const kind = delicacyOf(one);
    return kind === 'amount' || kind === 'access';
  });
  if (delicate !== undefined)
    return {
      why: `\`${delicate}\` is about money or access: what stands for a missing one is a person's decision.`,
    };
  const work = [reads, ...reads.getDescendants()]
    .filter((node) => Node.isCallExpression(node))
    .flatMap((call) => call.getArguments())
    .find((argument) => !Node.isArrowFunction(argument) && effectIn(argument) !== undefined);
  return work ? { why: `\`${shortCode(work)}\` would not be done without the value.` } : null;
}

/** `(user.profile && user.profile.name) || 'nobody'`: the fallback decides, and nothing is left open as by `?.`. */
function written(value: Node, { reads, whole }: Chain): Edit[] | Declined {
  if (!isStable(value) || value.getStart() !== reads.getStart())
    return { why: `\`${shortCode(value)}\` would have to be evaluated twice to be asked for first.` };
  const type = value.getType();
  if (
    whole.getText().slice(reads.getText().length).trimStart().startsWith('??') &&
    (saysNothing(type) || canBeFalsy(type))
  )
    return {
      why: `\`${shortCode(value)}\` may be something else that is empty, which \`??\` would let through.`,
    };
  const [start, end] = [reads.getStart(), reads.getEnd()];
  return [
    { start, end: start, text: `(${value.getText()} && ` },
    { start: end, end, text: ')' },
  ];
}

function describe(value: Node, { text }: Chain, scene: Scene) {
  const { path, line } = scene.suspect;
  return {
    summary: 'fall back without a value, too',
    rootCause: `Line ${line} of \`${path}\` falls back on ${text === "''" || text === '""' ? 'an empty text' : `\`${text.replaceAll('`', "'").slice(0, 40)}\``} at the end of a chain only; \`${shortCode(value)}\` at its beginning was \`${scene.crash.value ?? 'undefined'}\`.`,
    change: `Without \`${shortCode(value)}\` the same text stands there that already stands where the chain ends in nothing.`,
    strategy: name,
    symptom: symptomOf(value, scene),
  };
}
