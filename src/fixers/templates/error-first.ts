// Node's convention for callbacks: `(error, result) => …`, where the result is missing when there is an error.
// It must not hand an error to anything that has not shown that it takes one first.

import { Node } from 'ts-morph';
import type { Crash } from './crash.ts';
import type { Edit } from './edits.ts';
import { indentAt, lineStart } from './edits.ts';
import { usesOf } from './flow.ts';
import { guardLines } from './guard-edits.ts';
import { enclosingFunction, isCallable } from './scope.ts';
import type { Callable } from './scope.ts';
import { styleOf } from './style.ts';
import type { Declined, Scene } from './template.ts';

export type ErrorFirst = { handler: Callable; error: Node };

const errorName = /^_?(?:e|er|err|error|\w+Err(?:or)?)$/;

/** The error beside which this result was handed in; null when the value is no result of a callback. */
export function errorOf(value: Node, crash: Crash): ErrorFirst | null {
  const declared = value.getSymbol()?.getDeclarations()[0];
  const handler = declared && enclosingFunction(declared);
  if (crash.value === null || !Node.isParameterDeclaration(declared) || !isCallable(handler)) return null;
  if (!Node.isArrowFunction(handler) && !Node.isFunctionExpression(handler)) return null;
  const [first, ...results] = handler.getParameters();
  const isCallback = Node.isCallExpression(handler.getParent()) && results.includes(declared);
  const error = first?.getNameNode();
  return isCallback && Node.isIdentifier(error) && errorName.test(error.getText())
    ? { handler, error }
    : null;
}

/** `if (err) return callback(err)` as the first thing of a callback that never looked at its error. */
export function errorHandedOn({ handler, error }: ErrorFirst, scene: Scene): Edit | Declined {
  const used = usesOf(error, handler).filter((use) => use !== error);
  if (used.length > 0)
    return {
      why: `The callback looks at \`${error.getText()}\` in line ${used[0]?.getStartLineNumber()}, so what happens then was decided there.`,
    };
  const taker = takerRound(handler);
  if (!taker)
    return {
      why: `No function round the callback shows to whom \`${error.getText()}\` should be handed.`,
    };
  const body = handler.getBody();
  const [first] = Node.isBlock(body) ? body.getStatements() : [];
  const text = scene.project.file.getFullText();
  if (!first || text.slice(lineStart(text, first.getStart()), first.getStart()).trim() !== '')
    return { why: 'The callback has no line of its own for a check.' };
  const style = styleOf(scene.project.file, first.getStart());
  const leave = `return ${taker}(${error.getText()})${style.semicolons ? ';' : ''}`;
  const lines = guardLines({ indent: indentAt(text, first.getStart()), test: error.getText(), leave, style });
  const start = lineStart(text, first.getStart());
  return { start, end: start, text: lines.map((line) => line + style.eol).join('') };
}

/** `reject` of the promise round it, or a callback that is elsewhere called with an error or `null` first. */
function takerRound(handler: Node): string | null {
  for (let owner = enclosingFunction(handler); owner; owner = enclosingFunction(owner)) {
    if (!isCallable(owner)) return null;
    const names = owner.getParameters().map((one) => one.getName());
    const isExecutor = Node.isNewExpression(owner.getParent()) && names.length === 2;
    if (isExecutor && names[1] !== undefined && names[1].startsWith('rej')) return names[1];
    const taker = names.find((name) => takesErrors(name, owner));
    if (taker !== undefined) return taker;
  }
  return null;
}

function takesErrors(name: string, owner: Node): boolean {
  return (
    /^(?:cb|callback|done|next|fn|\w+(?:Cb|Callback))$/.test(name) &&
    new RegExp(`\\b${name}\\(\\s*(?:null|undefined|e|er|err|error|new \\w*Error\\b)`).test(owner.getText())
  );
}
