// T7: `reduce` of an empty list without an initial value: start from the neutral element (reference fixing.md, 2.4).
// It must decline unless that element changes no result of a list that is not empty.

import { Node } from 'ts-morph';
import type { CallExpression } from 'ts-morph';
import { ambiguous } from './dereference.ts';
import type { Edit } from './edits.ts';
import { indentAt } from './edits.ts';
import { usesOf } from './flow.ts';
import { shortCode } from './quote.ts';
import { enclosingFunction } from './scope.ts';
import { styleOf } from './style.ts';
import { isDeclined } from './template.ts';
import type { Declined, Plan, Scene, Template } from './template.ts';

const name = 'T7 empty reduce';

export const emptyReduce: Template = { name, kinds: ['reduce'], plan };

function plan(scene: Scene): Plan | Declined {
  const calls = scene.accesses.map((access) => access.node).filter((node) => Node.isCallExpression(node));
  const open = calls.filter((call) => call.getArguments().length === 1);
  const [call] = open;
  if (!call) return { why: 'No `reduce` without an initial value stands on the line.' };
  if (open.length > 1) return ambiguous(open.length);
  const neutral = neutralOf(call);
  if (isDeclined(neutral)) return neutral;
  const divided = divisionOf(call);
  if (divided)
    return {
      why: `The result is divided in line ${divided.getStartLineNumber()} (\`${shortCode(divided)}\`), which has no answer for an empty list.`,
    };
  return {
    edits: [insertion(call, neutral.text, scene)],
    description: {
      summary: neutral.summary,
      rootCause: `\`${shortCode(call)}\` in line ${scene.suspect.line} of \`${scene.suspect.path}\` has no initial value, and the list was empty.`,
      change: `It starts from \`${neutral.text}\`, which changes no result of a list with entries.`,
      strategy: name,
      symptom: null,
    },
  };
}

type Neutral = { text: string; summary: string };

/** What `a` may start from so that combining it with the first entry gives that entry. */
function neutralOf(call: CallExpression): Neutral | Declined {
  const parts = combination(call.getArguments()[0]);
  if (!parts)
    return {
      why: 'The function given to `reduce` is not a plain combination of two values, so no initial value is obvious.',
    };
  const { body, left, right } = parts;
  const both = (one: Node, other: Node) => one.getText() === left && other.getText() === right;
  const type = body.getType().getBaseTypeOfLiteralType();
  if (
    Node.isBinaryExpression(body) &&
    (both(body.getLeft(), body.getRight()) || both(body.getRight(), body.getLeft()))
  ) {
    const operator = body.getOperatorToken().getText();
    if (operator === '+' && type.isNumber()) return { text: '0', summary: 'sum up an empty list to 0' };
    if (operator === '*' && type.isNumber()) return { text: '1', summary: 'multiply an empty list to 1' };
    if (operator === '+' && type.isString())
      return { text: emptyText(call), summary: 'join an empty list to an empty text' };
  }
  if (type.isArray() && joinsLists(body, left, right))
    return { text: '[]', summary: 'flatten an empty list to an empty one' };
  return {
    why: `\`${shortCode(body)}\` has no obvious value to start from: what an empty list should give is a person's decision.`,
  };
}

type Combination = { body: Node; left: string; right: string };

function combination(callback: Node | undefined): Combination | null {
  if (!Node.isArrowFunction(callback) && !Node.isFunctionExpression(callback)) return null;
  const [left, right, ...more] = callback.getParameters().map((parameter) => parameter.getName());
  const body = resultOf(callback.getBody());
  return left !== undefined && right !== undefined && more.length === 0 && body
    ? { body, left, right }
    : null;
}

/** The expression, or what the only statement returns. */
function resultOf(body: Node): Node | null {
  if (Node.isParenthesizedExpression(body)) return resultOf(body.getExpression());
  if (!Node.isBlock(body)) return body;
  const [only, ...more] = body.getStatements();
  return more.length === 0 && Node.isReturnStatement(only) ? (only.getExpression() ?? null) : null;
}

/** `a.concat(b)` and `[...a, ...b]`. */
function joinsLists(body: Node, left: string, right: string): boolean {
  const text = body.getText().replace(/\s/g, '');
  return text === `${left}.concat(${right})` || text === `[...${left},...${right}]`;
}

function emptyText(node: Node): string {
  const text = node.getSourceFile().getFullText();
  return (text.match(/"/g) ?? []).length > (text.match(/'/g) ?? []).length ? '""' : "''";
}

/** An average of nothing: the quotient that the result, or the name it is bound to, goes into. */
function divisionOf(call: Node): Node | null {
  const direct = quotient(call);
  if (direct) return direct;
  const holder = call.getParent();
  const owner = enclosingFunction(call);
  if (!Node.isVariableDeclaration(holder) || !owner) return null;
  return (
    usesOf(holder.getNameNode(), owner)
      .map((use) => quotient(use))
      .find((found) => found !== null) ?? null
  );
}

function quotient(node: Node): Node | null {
  const parent = node.getParent();
  if (Node.isParenthesizedExpression(parent)) return quotient(parent);
  return Node.isBinaryExpression(parent) && /^[/%]=?$/.test(parent.getOperatorToken().getText())
    ? parent
    : null;
}

/** In the line of the callback, or on one of its own when the arguments have lines of their own. */
function insertion(call: CallExpression, text: string, scene: Scene): Edit {
  const callback = call.getArguments()[0] ?? call;
  const source = call.getSourceFile().getFullText();
  const end = callback.getEnd();
  const spread = source.slice(end, call.getEnd()).includes('\n');
  const gap = spread ? styleOf(scene.project.file, end).eol + indentAt(source, callback.getStart()) : ' ';
  return { start: end, end, text: `,${gap}${text}` };
}
