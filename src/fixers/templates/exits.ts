// How the code may leave early at a place: `return`, `return null`, `continue`, or not at all.
// It must decline wherever nobody said that callers can live with nothing.

import { Node } from 'ts-morph';
import type { ReturnStatement, Type } from 'ts-morph';
import { absenceOf, saysNothing } from './absence.ts';
import { acceptedByCallers } from './callers.ts';
import { declaresResult } from './js-doc.ts';
import type { OpenProject } from './project.ts';
import { exitOfLoop, halfDone, tallyAfter } from './rounds.ts';
import { enclosingFunction, enclosingLoop, functionName, isCallable, nodesWithin } from './scope.ts';
import type { Callable } from './scope.ts';
import { isDeclined } from './template.ts';
import type { Declined } from './template.ts';

export type Exit = {
  text: 'return' | 'return undefined' | 'return null' | 'continue';
  /** Why nobody is hurt, as a clause: `callers already accept undefined`. */
  because: string;
};

/** The way out right before `statement`. */
export function exitAt(statement: Node, project: OpenProject): Exit | Declined {
  const caught = tryRound(statement);
  if (caught)
    return {
      why: `Line ${caught} stands in a \`try\` whose \`catch\` answers for failures; leaving silently would bypass it.`,
    };
  const loop = enclosingLoop(statement);
  if (loop) return exitOfLoop(statement, loop);
  const owner = enclosingFunction(statement);
  if (!owner)
    return { why: 'The line stands at the top level of the module: there is no function to return from.' };
  if (!isCallable(owner))
    return { why: 'The line stands in a constructor: returning early would leave a half-built object.' };
  return exitOfFunction(owner, statement, project);
}

/** The line of a `try` with a `catch` between the statement and its function. */
function tryRound(statement: Node): number | null {
  const owner = enclosingFunction(statement);
  for (let at: Node | undefined = statement; at && at !== owner; at = at.getParent()) {
    const parent = at.getParent();
    if (Node.isTryStatement(parent) && parent.getTryBlock() === at && parent.getCatchClause())
      return statement.getStartLineNumber();
  }
  return null;
}

// ---------------------------------------------------------------- functions

function exitOfFunction(owner: Callable, statement: Node, project: OpenProject): Exit | Declined {
  const hook = hookAfter(owner, statement);
  if (hook)
    return {
      why: `\`${hook.name}\` in line ${hook.line} is a hook and must run on every render; a return before it would skip it.`,
    };
  if (isIterationCallback(owner)) {
    const half = halfDone(statement, owner) ?? tallyAfter(statement, owner);
    if (half) return half;
  }
  if (
    !Node.isGetAccessorDeclaration(owner) &&
    !Node.isSetAccessorDeclaration(owner) &&
    !Node.isArrowFunction(owner) &&
    owner.isGenerator()
  )
    return {
      why: `\`${nameOf(owner)}\` is a generator: ending it early would look like the end of the data.`,
    };
  if (Node.isSetAccessorDeclaration(owner)) return { text: 'return', because: 'a setter returns nothing' };
  return exitByType(owner, project);
}

function nameOf(owner: Node): string {
  return functionName(owner) ?? 'the function';
}

/** React's rule of hooks. */
function hookAfter(owner: Callable, statement: Node): { name: string; line: number } | null {
  for (const node of nodesWithin(owner)) {
    if (!Node.isCallExpression(node) || node.getStart() < statement.getStart()) continue;
    const name = node.getExpression().getText();
    if (/^(?:\w+\.)?use(?:[A-Z]\w*)?$/.test(name)) return { name, line: node.getStartLineNumber() };
  }
  return null;
}

const iterations = /\.(?:forEach|map|flatMap|filter|reduce|some|every)$/;

function isIterationCallback(owner: Node): boolean {
  const call = owner.getParent();
  return (
    Node.isCallExpression(call) &&
    call.getExpression() !== owner &&
    iterations.test(call.getExpression().getText())
  );
}

function exitByType(owner: Callable, project: OpenProject): Exit | Declined {
  const returns = returnsOf(owner);
  const declared = declaresResult(owner);
  if (!declared && !returnsValue(owner, returns))
    return { text: 'return', because: 'it returns nothing anyway' };
  const type = resultType(owner);
  if ('why' in type) return type;
  if (saysNothing(type.result) && (declared || !isPlainScript(owner)))
    return {
      why: `The return type of \`${nameOf(owner)}\` is \`any\` or \`unknown\`, so nothing says what callers expect.`,
    };
  const admitted = saysNothing(type.result)
    ? writtenExit(nameOf(owner), returns)
    : admittedExit(type.result, returns);
  if (admitted) return admitted;
  if (declared)
    return {
      why: `\`${nameOf(owner)}\` is declared to return \`${shortType(type.result)}\`, which admits neither \`undefined\` nor \`null\`: what to return instead is a person's decision.`,
    };
  const accepted = acceptedByCallers(owner, project);
  return isDeclined(accepted) ? accepted : exitForCallers(owner, accepted.nothing);
}

function isPlainScript(node: Node): boolean {
  return /\.[cm]?jsx?$/.test(node.getSourceFile().getFilePath());
}

/** Without types, what the function itself returns elsewhere is what its callers already meet. */
function writtenExit(name: string, returns: readonly ReturnStatement[]): Exit | null {
  for (const word of ['null', 'undefined'] as const)
    if (returns.some((one) => one.getExpression()?.getText() === word))
      return { text: `return ${word}`, because: `\`${name}\` already returns \`${word}\` elsewhere` };
  return returns.some((one) => one.getExpression() === undefined)
    ? { text: 'return', because: `\`${name}\` already returns nothing elsewhere` }
    : null;
}

function exitForCallers(owner: Callable, nothing: 'null' | 'undefined'): Exit {
  const text = isComponent(owner) ? 'return null' : (`return ${nothing}` as const);
  return {
    text,
    because: isComponent(owner) ? 'a component may render nothing' : 'every caller accepts a missing result',
  };
}

/** A function that returns JSX, by the convention of its name. */
function isComponent(owner: Node): boolean {
  if (!/^[A-Z]/.test(functionName(owner) ?? '')) return false;
  return nodesWithin(owner).some(
    (node) => Node.isJsxElement(node) || Node.isJsxSelfClosingElement(node) || Node.isJsxFragment(node),
  );
}

function returnsOf(owner: Callable): ReturnStatement[] {
  return nodesWithin(owner).filter((node) => Node.isReturnStatement(node));
}

function returnsValue(owner: Callable, returns: readonly ReturnStatement[]): boolean {
  if (Node.isArrowFunction(owner) && !Node.isBlock(owner.getBody())) return true;
  return returns.some((one) => one.getExpression() !== undefined);
}

/** What a caller gets, with the promise of an async function taken off. */
function resultType(owner: Callable): { result: Type } | Declined {
  const type = contextualResult(owner) ?? owner.getReturnType();
  const isPromise = /^Promise(?:Like)?$/.test(type.getSymbol()?.getName() ?? '');
  if (!isPromise) return { result: type };
  const isAsync = Node.isAsyncable(owner) && owner.isAsync();
  if (!isAsync)
    return {
      why: `\`${nameOf(owner)}\` returns a promise without being \`async\`: a bare return would not give one.`,
    };
  return { result: type.getTypeArguments()[0] ?? type };
}

/** For a callback without a declared type: what its receiver expects of it. */
function contextualResult(owner: Callable): Type | null {
  if (declaresResult(owner)) return null;
  if (!Node.isArrowFunction(owner) && !Node.isFunctionExpression(owner)) return null;
  const signature = owner.getContextualType()?.getCallSignatures()[0];
  const expected = signature?.getReturnType();
  return !expected || expected.isTypeParameter() || saysNothing(expected) ? null : expected;
}

function admittedExit(type: Type, returns: readonly ReturnStatement[]): Exit | null {
  const absence = absenceOf(type);
  const has = (text: string) => returns.some((one) => one.getExpression()?.getText() === text);
  const bare = returns.some((one) => one.getExpression() === undefined);
  if (absence.null && (has('null') || !absence.undefined) && !absence.void)
    return { text: 'return null', because: 'callers already accept `null`' };
  if (absence.undefined && (has('undefined') || (!bare && !absence.void)))
    return { text: 'return undefined', because: 'callers already accept `undefined`' };
  if (absence.undefined || absence.void)
    return {
      text: 'return',
      because: absence.undefined ? 'callers already accept `undefined`' : 'callers expect nothing back',
    };
  return null;
}

function shortType(type: Type): string {
  const text = type
    .getText(undefined)
    .replace(/import\("[^"]*"\)\./g, '')
    .replace(/[`\s]+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
