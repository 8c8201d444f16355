// T4: a promise was used as if it were its result: add the missing `await` (reference fixing.md, 2.4).
// It must decline where there is nobody to wait: outside of an async function, or in a callback of one.

import { Node } from 'ts-morph';
import type { Type, VariableDeclaration } from 'ts-morph';
import { isList } from './absence.ts';
import { ambiguous, withoutTypes } from './dereference.ts';
import type { Dereference } from './dereference.ts';
import type { Edit } from './edits.ts';
import { usesOf } from './flow.ts';
import { shortCode } from './quote.ts';
import { enclosingFunction, functionName, isCallable } from './scope.ts';
import { isDeclined } from './template.ts';
import type { Declined, Plan, Scene, Template } from './template.ts';

const name = 'T4 missing await';

export const missingAwait: Template = { name, kinds: ['call', 'read', 'iterate'], plan };

function plan(scene: Scene): Plan | Declined {
  const promised = scene.accesses.flatMap((access) => promiseOf(access) ?? []);
  const [promise] = promised;
  if (!promise) return { why: 'Nothing on the line is a promise that was used as its result.', far: true };
  if (promised.length > 1 || scene.accesses.length > 1) return ambiguous(scene.accesses.length);
  const edit = waitFor(promise);
  if (isDeclined(edit)) return edit;
  const owner = enclosingFunction(promise);
  const who = (owner && functionName(owner)) ?? 'the function';
  return {
    edits: [edit],
    description: {
      summary: 'wait for a promise before using its result',
      rootCause: `\`${shortCode(promise)}\` in line ${promise.getStartLineNumber()} of \`${scene.suspect.path}\` is a promise, and it is used as if it were its result.`,
      change: `\`${who}\` waits for it; it is \`async\` already.`,
      strategy: name,
      symptom: null,
    },
  };
}

/** The promise whose result has what was asked for, and which itself has not. */
function promiseOf(access: Dereference): Node | null {
  const subject = withoutTypes(access.subject);
  if (access.kind === 'iterate') {
    const result = resultOf(subject.getType());
    return result && isList(result) ? subject : null;
  }
  if (!Node.isPropertyAccessExpression(subject)) return null;
  const receiver = withoutTypes(subject.getExpression());
  const result = resultOf(receiver.getType());
  const asked = subject.getName();
  return result?.getApparentType().getProperty(asked) && !receiver.getType().getProperty(asked)
    ? receiver
    : null;
}

function resultOf(type: Type): Type | null {
  return type.getSymbol()?.getName() === 'Promise' ? (type.getTypeArguments()[0] ?? null) : null;
}

/** Adds `await` where the promise is made, when its name has no other use as a promise. */
function waitFor(promise: Node): Edit | Declined {
  const owner = enclosingFunction(promise);
  if (!owner || !isCallable(owner) || !Node.isAsyncable(owner) || !owner.isAsync())
    return { why: notAsync(owner) };
  if (!Node.isIdentifier(promise)) return inPlace(promise);
  const declared = promise.getSymbol()?.getDeclarations()[0];
  if (!Node.isVariableDeclaration(declared) || enclosingFunction(declared) !== owner)
    return {
      why: `\`${promise.getText()}\` was not made in the function that uses it, so waiting for it there may not be meant.`,
    };
  const other = usesOf(promise, owner).find((use) => isPromiseUse(use, declared));
  if (other)
    return {
      why: `\`${promise.getText()}\` is also used as a promise in line ${other.getStartLineNumber()}.`,
    };
  const start = declared.getInitializer()?.getStart();
  return start === undefined
    ? { why: `\`${promise.getText()}\` has no value at its declaration.` }
    : { start, end: start, text: 'await ' };
}

function notAsync(owner: Node | undefined): string {
  const outer = owner && enclosingFunction(owner);
  const callback = outer && Node.isAsyncable(outer) && outer.isAsync();
  if (callback) return 'The promise is used inside a callback that is not `async`, so it cannot wait there.';
  const who = (owner && functionName(owner)) ?? 'The module';
  return `\`${who}\` is not \`async\`, so its callers would have to change too.`;
}

function inPlace(promise: Node): Edit {
  const parent = promise.getParent();
  const start = promise.getStart();
  const text = promise.getText();
  if (Node.isForOfStatement(parent) || Node.isParenthesizedExpression(parent))
    return { start, end: start, text: 'await ' };
  return { start, end: promise.getEnd(), text: `(await ${text})` };
}

/** `.then`, `await`, given to someone else, or returned: there it has to stay a promise. */
function isPromiseUse(use: Node, declared: VariableDeclaration): boolean {
  if (use === declared.getNameNode()) return false;
  const parent = use.getParent();
  if (Node.isPropertyAccessExpression(parent)) return /^(?:then|catch|finally)$/.test(parent.getName());
  return (
    !Node.isForOfStatement(parent) && !Node.isSpreadElement(parent) && !Node.isElementAccessExpression(parent)
  );
}
