// Candidates in the typed tree, and which of them the crash's message and column can mean.
// It compares words and positions; it must not decide types.

import { Node } from 'ts-morph';
import type { Expression, SourceFile } from 'ts-morph';
import type { Candidate, DereferenceKind } from './candidates.ts';
import type { Crash, CrashKind } from './crash.ts';
import { isAssignment } from './effects.ts';
import type { Declined } from './template.ts';

export type Dereference = Candidate & {
  node: Node;
  start: number;
  end: number;
  /** What has to be there, with its `!` and parentheses. */
  subject: Expression;
  /** The name asked for, when it is written out. */
  property: string | null;
};

/** The same place in the typed tree; null when the two parsers disagree. */
export function toDereference(file: SourceFile, candidate: Candidate): Dereference | null {
  const [point] = candidate.points;
  if (point === undefined) return null;
  for (let node = file.getDescendantAtPos(point); node; node = node.getParent()) {
    const parts = kindOf(node) === candidate.kind ? partsOf(node) : null;
    if (parts && markOf(node) === point)
      return { ...candidate, node, start: node.getStart(), end: node.getEnd(), ...parts };
  }
  return null;
}

function kindOf(node: Node): DereferenceKind | null {
  if (Node.isPropertyAccessExpression(node)) return 'property';
  if (Node.isElementAccessExpression(node)) return 'element';
  if (Node.isCallExpression(node)) return 'call';
  if (Node.isBinaryExpression(node)) return 'contain';
  if (Node.isForOfStatement(node) || Node.isSpreadElement(node)) return 'iterate';
  if (!Node.isVariableDeclaration(node)) return null;
  return Node.isArrayBindingPattern(node.getNameNode()) ? 'iterate' : 'destructure';
}

/** The first of the points a candidate of this node would have. */
function markOf(node: Node): number | undefined {
  if (Node.isPropertyAccessExpression(node)) return node.getNameNode().getStart();
  if (Node.isElementAccessExpression(node)) return node.getArgumentExpression()?.getStart();
  if (Node.isBinaryExpression(node)) return node.getLeft().getStart();
  if (Node.isVariableDeclaration(node)) return node.getNameNode().getStart();
  if (!Node.isCallExpression(node) && !Node.isForOfStatement(node) && !Node.isSpreadElement(node))
    return undefined;
  const expression = node.getExpression();
  const inner = Node.isCallExpression(node) ? expression : withoutAssertion(expression);
  return Node.isPropertyAccessExpression(inner) ? inner.getNameNode().getStart() : inner.getStart();
}

function withoutAssertion(node: Node): Node {
  return Node.isNonNullExpression(node) ? withoutAssertion(node.getExpression()) : node;
}

function partsOf(node: Node): { subject: Expression; property: string | null } | null {
  if (Node.isPropertyAccessExpression(node))
    return { subject: node.getExpression(), property: node.getName() };
  if (Node.isElementAccessExpression(node))
    return { subject: node.getExpression(), property: literalKey(node) };
  if (Node.isCallExpression(node)) return { subject: node.getExpression(), property: null };
  if (Node.isForOfStatement(node) || Node.isSpreadElement(node))
    return { subject: node.getExpression(), property: null };
  if (Node.isBinaryExpression(node)) return { subject: node.getRight(), property: null };
  if (!Node.isVariableDeclaration(node)) return null;
  const subject = node.getInitializer();
  return subject ? { subject, property: null } : null;
}

function literalKey(node: Node): string | null {
  const key = Node.isElementAccessExpression(node) ? node.getArgumentExpression() : undefined;
  if (Node.isStringLiteral(key) || Node.isNoSubstitutionTemplateLiteral(key)) return key.getLiteralText();
  return Node.isNumericLiteral(key) ? key.getText() : null;
}

function isDiscarded(node: Node): boolean {
  const parent = node.getParent();
  return Node.isExpressionStatement(parent) || Node.isVoidExpression(parent);
}

/** Crashes that only one kind of place can cause. */
const kindsOf: Partial<Record<CrashKind, (access: Dereference) => boolean>> = {
  iterate: (access) => access.kind === 'iterate',
  call: (access) => access.kind === 'call',
  contain: (access) => access.kind === 'contain',
  reduce: (access) => access.kind === 'call' && /\.reduce(?:Right)?$/.test(access.subject.getText()),
  parse: (access) => access.kind === 'call' && access.subject.getText() === 'JSON.parse',
  reject: (access) => access.kind === 'call' && isDiscarded(access.node),
};

/** Whether this access can be the one the message speaks of. */
export function fitsCrash(access: Dereference, crash: Crash): boolean {
  if (crash.receiver !== null && !sameReceiver(access.subject, crash.receiver)) return false;
  const only = kindsOf[crash.kind];
  if (only) return only(access);
  if (access.kind === 'destructure')
    return crash.kind === 'read' && bindsProperty(access.node, crash.property);
  if (access.kind !== 'property' && access.kind !== 'element') return false;
  if (crash.kind === 'write' && !isWritten(access.node)) return false;
  return crash.property === null || fitsProperty(access, crash.property);
}

function fitsProperty(access: Dereference, property: string): boolean {
  return access.property === null ? access.kind === 'element' : access.property === property;
}

function isWritten(node: Node): boolean {
  const parent = node.getParent();
  if (!Node.isBinaryExpression(parent) || parent.getLeft() !== node) return false;
  return isAssignment(parent.getOperatorToken().getKind());
}

function bindsProperty(node: Node, property: string | null): boolean {
  if (property === null) return true;
  const pattern = Node.isVariableDeclaration(node) ? node.getNameNode() : undefined;
  if (!Node.isObjectBindingPattern(pattern)) return false;
  return pattern
    .getElements()
    .some((element) => (element.getPropertyNameNode() ?? element.getNameNode()).getText() === property);
}

/** Engines shorten arguments to `(...)` and know nothing of `!`, `as` or parentheses. */
function sameReceiver(subject: Node, receiver: string): boolean {
  const spoken = receiver.replace(/\(.*?\)|\(\.\.\.\)|\s/gs, '');
  const written = withoutTypes(subject)
    .getText()
    .replace(/[!?]\.?(?=[.[(]|$)|\s/g, '')
    .replace(/\((?:[^()]|\([^()]*\))*\)/gs, '');
  return written === spoken || written.endsWith(`.${spoken}`) || spoken === '(intermediatevalue)';
}

/** Strips parentheses, `!` and `as` from the outside. */
export function withoutTypes(node: Node): Node {
  let inner = node;
  while (
    Node.isParenthesizedExpression(inner) ||
    Node.isNonNullExpression(inner) ||
    Node.isAsExpression(inner)
  )
    inner = inner.getExpression();
  return inner;
}

/**
 * Narrows accesses by the crash's column (1-based): an exact position first, then those whose text
 * covers it. Without a column, or when none is hit, all of them stay.
 */
export function narrowByColumn(
  accesses: readonly Dereference[],
  offset: number | null,
): readonly Dereference[] {
  if (offset === null) return accesses;
  const exact = accesses.filter(
    (access) => access.points.includes(offset) || assignedAt(access.node) === offset,
  );
  if (exact.length > 0) return exact;
  const covering = accesses.filter((access) => access.start <= offset && offset <= access.end);
  return covering.length > 0 ? covering : accesses;
}

/** V8 points at the `=` of a failed write. */
function assignedAt(node: Node): number | null {
  const parent = node.getParent();
  return Node.isBinaryExpression(parent) && isWritten(node) ? parent.getOperatorToken().getStart() : null;
}

/** The refusal when the line alone does not say what failed. */
export function ambiguous(count: number): Declined {
  return {
    why: `${count} expressions on the line could have failed this way, and the event does not say which.`,
  };
}
