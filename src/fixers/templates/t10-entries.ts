// T10: a list that is turned into another held an entry that was nothing: leave such entries out.
// It must decline where entries are told by their position, or summed up.

import { Node } from 'ts-morph';
import type { CallExpression, Expression } from 'ts-morph';
import { canBeAbsent, saysNothing } from './absence.ts';
import { ambiguous, withoutTypes } from './dereference.ts';
import { indentAt, lineStart } from './edits.ts';
import { refusalOfUse } from './flow.ts';
import { refusalOfPlaces } from './places.ts';
import { shortCode } from './quote.ts';
import { enclosingFunction, functionName } from './scope.ts';
import { styleOf } from './style.ts';
import type { Declined, Plan, Scene, Template } from './template.ts';

const name = 'T10 missing entry';

const makers = /^(?:map|flatMap)$/;
const askers = /^(?:filter|find|findIndex|findLast|findLastIndex|some|every)$/;

export const missingEntry: Template = { name, kinds: ['read', 'contain'], plan };

function plan(scene: Scene): Plan | Declined {
  const [access, another] = scene.accesses;
  if (!access || another) return ambiguous(scene.accesses.length);
  const value = withoutTypes(access.subject);
  const callback = enclosingFunction(access.node);
  const call = callback?.getParent();
  if (!callback || !isEntryOf(callback, value) || !Node.isCallExpression(call))
    return { why: 'The missing value is no entry of a list that the line goes through.', far: true };
  const type = value.getType();
  if (scene.crash.value === null || !(saysNothing(type) || canBeAbsent(type)))
    return { why: `Neither its type nor the event says that \`${value.getText()}\` may be missing.` };
  const callee = call.getExpression();
  if (!Node.isPropertyAccessExpression(callee) || !makers.test(callee.getName())) return noMaker(callee);
  const why =
    refusalOfUse(value, callback) ??
    refusalOfPosition(call, callee.getExpression()) ??
    refusalOfPlaces(call, callee.getExpression());
  if (why) return why;
  const start = callee.getExpression().getEnd();
  return {
    edits: [{ start, end: start, text: filtered(callee, value.getText(), scene) }],
    description: describe(callee.getExpression(), value.getText(), scene),
  };
}

/** Why a method that makes no list of the entries is left alone. */
function noMaker(callee: Node): Declined {
  const asks = Node.isPropertyAccessExpression(callee) && askers.test(callee.getName());
  return asks
    ? {
        why: `\`${shortCode(callee)}\` asks something of each entry, and what the answer is for a missing one is a matter of its condition (T9).`,
        far: true,
      }
    : {
        why: `\`${shortCode(callee)}\` makes no list of its entries, so leaving one out is not the answer.`,
      };
}

/** The one parameter of the callback, so its position plays no part. */
function isEntryOf(callback: Node, value: Node): boolean {
  if (!Node.isArrowFunction(callback) && !Node.isFunctionExpression(callback)) return false;
  const [entry, another] = callback.getParameters();
  return Node.isIdentifier(value) && another === undefined && entry?.getName() === value.getText();
}

/** Lists whose entries are matched with others by their place, or counted together. */
function refusalOfPosition(call: CallExpression, list: Expression): Declined | null {
  if (Node.isArrayLiteralExpression(list))
    return { why: 'The list is written out there, so the missing entry is one of its own.' };
  let result: Node = call;
  for (let up = result.getParent(); up; up = result.getParent()) {
    if (Node.isPropertyAccessExpression(up) && up.getName().startsWith('reduce'))
      return { why: 'The entries are summed up, and leaving one out would hide a wrong result.' };
    if (!Node.isPropertyAccessExpression(up) && !(Node.isCallExpression(up) && up.getExpression() === result))
      break;
    result = up;
  }
  const holder = result.getParent();
  const byPlace =
    (Node.isCallExpression(holder) && holder.getExpression().getText().startsWith('Promise.')) ||
    (Node.isVariableDeclaration(holder) && Node.isArrayBindingPattern(holder.getNameNode())) ||
    Node.isSpreadElement(holder);
  return byPlace
    ? { why: 'What is made of the list is told by its place in it, so no entry may be left out.' }
    : null;
}

/** As the file leaves entries out elsewhere, on a line of its own in a chain that has lines. */
function filtered(callee: Node, entry: string, scene: Scene): string {
  const { file } = scene.project;
  const text = file.getFullText();
  const bare =
    /\.(?:map|filter|find|some)\([\w$]+ =>/.test(text) &&
    !/\.(?:map|filter|find|some)\(\([\w$]+\) =>/.test(text);
  const test = text.includes('.filter(Boolean)') ? 'Boolean' : `${bare ? entry : `(${entry})`} => ${entry}`;
  const dot = Node.isPropertyAccessExpression(callee) ? callee.getNameNode().getStart() - 1 : callee.getEnd();
  const ownLine = text.slice(lineStart(text, dot), dot).trim() === '';
  const gap = ownLine ? styleOf(file, dot).eol + indentAt(text, dot) : '';
  return `${gap}.filter(${test})`;
}

function describe(list: Node, entry: string, scene: Scene) {
  const owner = enclosingFunction(list);
  const who = (owner && functionName(owner)) ?? null;
  const missing = scene.crash.value ?? 'undefined';
  return {
    summary: 'leave out entries that are missing',
    rootCause: `Line ${scene.suspect.line} of \`${scene.suspect.path}\` takes every entry of \`${shortCode(list)}\` for granted, and one was \`${missing}\`.`,
    change: `${who === null ? 'The line' : `\`${who}\``} goes on with the entries that are there.`,
    strategy: name,
    symptom: `Symptom-level guard: the cause is where \`${shortCode(list)}\` got a \`${entry}\` that is \`${missing}\`.`,
  };
}
