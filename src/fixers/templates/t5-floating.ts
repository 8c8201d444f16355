// T5: a rejection that nobody handled, at a call nobody waited for (reference fixing.md, 2.4).
// It must decline unless a handler of the project's own takes the rejection afterwards.

import { Node } from 'ts-morph';
import type { CallExpression } from 'ts-morph';
import { ambiguous } from './dereference.ts';
import type { Edit } from './edits.ts';
import { shortCode } from './quote.ts';
import { enclosingFunction, enclosingLoop, isCallable } from './scope.ts';
import { isDeclined } from './template.ts';
import type { Declined, Plan, Scene, Template } from './template.ts';

const name = 'T5 floating promise';

export const floatingPromise: Template = { name, kinds: ['reject'], plan };

type Handling = { edit: Edit; summary: string; change: string };

function plan(scene: Scene): Plan | Declined {
  const floating = scene.accesses.map((access) => access.node).filter((node) => isPromiseCall(node));
  const [call] = floating;
  if (!call) return { why: 'No call on the line gives a promise that nobody waits for.' };
  if (floating.length > 1) return ambiguous(floating.length);
  if (Node.isVoidExpression(call.getParent()))
    return {
      why: "`void` says that nobody is meant to wait for the call; what its failure means is a person's decision.",
    };
  const handling = handlingOf(call);
  if (isDeclined(handling)) return handling;
  return {
    edits: [handling.edit],
    description: {
      summary: handling.summary,
      rootCause: `Nobody waits for \`${shortCode(call)}\` in line ${call.getStartLineNumber()} of \`${scene.suspect.path}\`, so nobody handles its rejection.`,
      change: handling.change,
      strategy: name,
      symptom: null,
    },
  };
}

function isPromiseCall(node: Node): node is CallExpression {
  return Node.isCallExpression(node) && node.getType().getSymbol()?.getName() === 'Promise';
}

function handlingOf(call: CallExpression): Handling | Declined {
  const owner = enclosingFunction(call);
  const isAsync = isCallable(owner) && Node.isAsyncable(owner) && owner.isAsync();
  if (isAsync && isInTry(call, owner)) return waiting(call);
  const reporter = reporterOf(call);
  if (reporter !== null)
    return {
      edit: { start: call.getEnd(), end: call.getEnd(), text: `.catch(${reporter})` },
      summary: 'report a rejection that nobody handled',
      change: `The rejection goes to \`${reporter}\`, as others in this file do.`,
    };
  return {
    why: isAsync
      ? 'Waiting for the call would only pass the rejection to the callers, and no reporter is used in this file.'
      : 'The function is not `async`, and no reporter is used in this file the same way.',
  };
}

/** The author's own `catch` was meant to take it. */
function waiting(call: CallExpression): Handling | Declined {
  if (enclosingLoop(call))
    return { why: 'The call stands in a loop, and waiting there would run its rounds one after the other.' };
  return {
    edit: { start: call.getStart(), end: call.getStart(), text: 'await ' },
    summary: 'wait for a call whose failure is handled here',
    change: 'The call is waited for, so that the `catch` round it takes the rejection.',
  };
}

function isInTry(node: Node, owner: Node): boolean {
  for (let at: Node | undefined = node; at && at !== owner; at = at.getParent()) {
    const parent = at.getParent();
    if (Node.isTryStatement(parent) && parent.getTryBlock() === at && parent.getCatchClause()) return true;
  }
  return false;
}

/** The function this file already gives to `.catch`, when it is always the same one and visible everywhere in it. */
function reporterOf(call: Node): string | null {
  const given = call
    .getSourceFile()
    .getDescendants()
    .flatMap((node) => reporterGiven(node) ?? []);
  const names = new Set(given.map((node) => node.getText()));
  const [only] = given;
  return only && names.size === 1 && isModuleLevel(only) ? only.getText() : null;
}

function reporterGiven(node: Node): Node | null {
  if (!Node.isCallExpression(node)) return null;
  const callee = node.getExpression();
  const [handler, ...more] = node.getArguments();
  const isCatch =
    Node.isPropertyAccessExpression(callee) && callee.getName() === 'catch' && more.length === 0;
  return isCatch && Node.isIdentifier(handler) && !/^noop$/i.test(handler.getText()) ? handler : null;
}

function isModuleLevel(handler: Node): boolean {
  const declared = handler.getSymbol()?.getDeclarations()[0];
  return declared !== undefined && enclosingFunction(declared) === undefined;
}
