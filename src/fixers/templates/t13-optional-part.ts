// T13: `if (base) { text += link(monitor.id); }` adds a part to a text that is whole without it: it needs a `monitor`, too.
// It must decline where anything but such parts is left out, and where the text is an address, a query or a key.

import { Node } from 'ts-morph';
import type { Block, CallExpression, IfStatement, Statement } from 'ts-morph';
import { delicacyOf } from '../../domain/proof/delicate.ts';
import { symptomOf } from './cause.ts';
import { absences } from './crash.ts';
import { ambiguous, withoutTypes } from './dereference.ts';
import { effectIn, isAssignment } from './effects.ts';
import { usesOf } from './flow.ts';
import { isStable, testOfPresence } from './guard.ts';
import { shortCode } from './quote.ts';
import { enclosingFunction, enclosingStatement } from './scope.ts';
import { styleOf } from './style.ts';
import type { Declined, Plan, Scene, Template } from './template.ts';
import { doubtAbout, refusalOfPlace } from './t9-condition.ts';

const name = 'T13 optional part';

export const optionalPart: Template = { name, kinds: absences, plan };

function plan(scene: Scene): Plan | Declined {
  const [access, another] = scene.accesses;
  if (!access || another) return ambiguous(scene.accesses.length);
  const value = withoutTypes(access.subject);
  const statement = enclosingStatement(access.node);
  const branch = statement && branchOf(statement);
  if (!branch || enclosingFunction(access.node) !== enclosingFunction(branch.round))
    return { why: 'The line adds no optional part to a text.', far: true };
  const doubt = doubtAbout(value, scene) ?? refusalOfParts(branch, value);
  if (doubt) return doubt;
  const place = refusalOfPlace(access, value, {
    statement: branch.round,
    guarded: branch.round.getEnd(),
  });
  if (place) return place;
  const condition = branch.round.getExpression();
  const test = testOfPresence(value, styleOf(condition.getSourceFile(), condition.getStart()));
  const before = bindsLoosely(condition) ? `(${condition.getText()})` : condition.getText();
  return {
    edits: [{ start: condition.getStart(), end: condition.getEnd(), text: `${before} && ${test}` }],
    description: describe(value, scene),
  };
}

/** Whether it needs parentheses in front of `&&`. */
function bindsLoosely(condition: Node): boolean {
  if (!Node.isBinaryExpression(condition)) return Node.isConditionalExpression(condition);
  const operator = condition.getOperatorToken().getText();
  return /^(?:\|\||\?\?)$/.test(operator) || isAssignment(condition.getOperatorToken().getKind());
}

type Branch = { round: IfStatement; parts: Block };

/** The block of an `if` without an `else`. */
function branchOf(statement: Statement): Branch | null {
  const parts = statement.getParent();
  const round = parts?.getParent();
  if (!Node.isBlock(parts) || !Node.isIfStatement(round)) return null;
  return round.getThenStatement() === parts && !round.getElseStatement() ? { round, parts } : null;
}

/** Every statement adds to a text or list of this function, and needs the value for it. */
function refusalOfParts({ round, parts }: Branch, value: Node): Declined | null {
  if (!isStable(value))
    return { why: `\`${shortCode(value)}\` would have to be evaluated twice to be asked for first.` };
  for (const statement of parts.getStatements()) {
    const holder = holderOf(statement);
    const line = statement.getStartLineNumber();
    if (!holder || !isLocal(holder, round))
      return { why: `Line ${line} does more than add a part to a text.`, far: true };
    if (isMeant(holder.getText()))
      return {
        why: `\`${holder.getText()}\` is read by programs, and what a part less means to them is a person's decision.`,
      };
    if (!mentions(statement, value) || hasWorkOfItsOwn(statement, value))
      return { why: `Line ${line} does work that does not need \`${shortCode(value)}\`.` };
  }
  return null;
}

/** `text += …` and `lines.push(…)`: the text or list. */
function holderOf(statement: Statement): Node | null {
  const expression = Node.isExpressionStatement(statement) ? statement.getExpression() : undefined;
  if (Node.isBinaryExpression(expression)) {
    const left = expression.getLeft();
    const adds =
      expression.getOperatorToken().getText() === '+=' &&
      left.getType().getBaseTypeOfLiteralType().isString();
    return adds && Node.isIdentifier(left) ? left : null;
  }
  const callee = Node.isCallExpression(expression) ? expression.getExpression() : undefined;
  if (!Node.isPropertyAccessExpression(callee) || callee.getName() !== 'push') return null;
  const list = callee.getExpression();
  return Node.isIdentifier(list) ? list : null;
}

/** Made in the same function, as a text or as a list. */
function isLocal(holder: Node, round: Node): boolean {
  const [declared] = holder.getSymbol()?.getDeclarations() ?? [];
  if (!Node.isVariableDeclaration(declared)) return false;
  const initial = declared.getInitializer();
  const begun =
    Node.isStringLiteral(initial) ||
    Node.isNoSubstitutionTemplateLiteral(initial) ||
    Node.isTemplateExpression(initial) ||
    Node.isArrayLiteralExpression(initial);
  return begun && enclosingFunction(declared) === enclosingFunction(round);
}

const readByPrograms =
  /ur[il]|href|link|sql|query|path|file|key|token|hash|sign|cookie|header|html|command|args|params|\bids?\b/i;

function isMeant(holder: string): boolean {
  return readByPrograms.test(holder) || delicacyOf(holder) !== null;
}

/** Something is done there whatever the value is. */
function hasWorkOfItsOwn(statement: Statement, value: Node): boolean {
  return statement.getDescendants().some((node) => {
    const works = Node.isCallExpression(node) ? !isPush(node) : effectIn(node) === node;
    return works && effectIn(node) !== undefined && !mentions(node, value) && !isAdding(node);
  });
}

function isPush(call: CallExpression): boolean {
  const callee = call.getExpression();
  return Node.isPropertyAccessExpression(callee) && callee.getName() === 'push';
}

function isAdding(node: Node): boolean {
  return Node.isBinaryExpression(node) && Node.isExpressionStatement(node.getParent());
}

function mentions(node: Node, value: Node): boolean {
  return usesOf(value, node).some((use) => node.containsRange(use.getPos(), use.getEnd()));
}

function describe(value: Node, scene: Scene) {
  const { path, line } = scene.suspect;
  const missing = scene.crash.value ?? 'undefined';
  return {
    summary: 'leave out a part whose value is missing',
    rootCause: `Line ${line} of \`${path}\` adds a part that needs \`${shortCode(value)}\`, and that was \`${missing}\`.`,
    change: `Without \`${shortCode(value)}\` the part is left out, as it already is where the condition does not hold.`,
    strategy: name,
    symptom: symptomOf(value, scene),
  };
}
