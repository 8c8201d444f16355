// The places on a line where a value has to be an object: `a.b`, `a[b]`, `{ b } = a`, `of a`, `...a`, `a()`.
// ast-grep finds them; it must not decide types.

import { parse, Lang } from '@ast-grep/napi';
import type { SgNode } from '@ast-grep/napi';
import { Node } from 'ts-morph';
import type { Expression, SourceFile } from 'ts-morph';
import type { Crash } from './crash.ts';
import { isAssignment } from './effects.ts';
import type { Declined } from './template.ts';

export type DereferenceKind = 'property' | 'element' | 'destructure' | 'iterate' | 'call' | 'contain';

/**
 * A place found by syntax alone, by the offsets (UTF-16 units) that engines point at. Spans are left to
 * the typed tree: the grammar behind ast-grep reads `a === b!.c` as `(a === b)!.c`.
 */
export type Candidate = { kind: DereferenceKind; points: number[] };

export type Dereference = Candidate & {
  node: Node;
  start: number;
  end: number;
  /** What has to be there, with its `!` and parentheses. */
  subject: Expression;
  /** The name asked for, when it is written out. */
  property: string | null;
};

/** Syntax candidates whose crash position would be on that line (1-based). */
export function findCandidates(path: string, text: string, line: number): Candidate[] {
  const root = parse(
    /\.[cm]?tsx?$/.test(path) && !path.endsWith('.tsx') ? Lang.TypeScript : Lang.Tsx,
    text,
  ).root();
  const found: Candidate[] = [];
  for (const [kind, read] of Object.entries(readers)) {
    for (const node of root.findAll({ rule: { kind } })) {
      const candidate = read(node);
      if (candidate && candidate.points.some((point) => lineOf(text, point) === line)) found.push(candidate);
    }
  }
  return found;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

const readers: Record<string, (node: SgNode) => Candidate | null> = {
  member_expression: (node) => at('property', [node.field('property')]),
  subscript_expression: (node) => {
    const bracket = node.field('object')?.range().end.index;
    const found = at('element', [node.field('index')]);
    return bracket === undefined ? found : { ...found, points: [...found.points, bracket] };
  },
  call_expression: (node) => {
    const callee = node.field('function');
    if (callee?.kind() === 'import' || callee?.kind() === 'super') return null;
    return at('call', [callee?.field('property') ?? callee]);
  },
  for_in_statement: (node) =>
    node.field('operator')?.text() === 'of' ? at('iterate', iterated(node.field('right'))) : null,
  spread_element: (node) =>
    node.parent()?.kind() === 'object' ? null : at('iterate', iterated(node.child(1))),
  variable_declarator: (node) => {
    const pattern = node.field('name');
    const value = node.field('value');
    if (!value || !pattern) return null;
    if (pattern.kind() === 'array_pattern') return at('iterate', [pattern, ...iterated(value)]);
    if (pattern.kind() !== 'object_pattern') return null;
    return at('destructure', [pattern, ...pattern.children().filter((part) => part.isNamed()), value]);
  },
  binary_expression: (node) =>
    node.field('operator')?.text() === 'in' ? at('contain', [node.field('left')]) : null,
};

/** Engines point at the last name of what is iterated, some at its start. */
function iterated(value: SgNode | null): (SgNode | null)[] {
  return value?.kind() === 'non_null_expression'
    ? iterated(value.child(0))
    : [value?.field('property') ?? null, value];
}

function at(kind: DereferenceKind, marks: (SgNode | null | undefined)[]): Candidate {
  return { kind, points: marks.flatMap((mark) => (mark ? [mark.range().start.index] : [])) };
}

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

/** Whether this access can be the one the message speaks of. */
export function fitsCrash(access: Dereference, crash: Crash): boolean {
  if (crash.receiver !== null && !sameReceiver(access.subject, crash.receiver)) return false;
  if (crash.kind === 'iterate') return access.kind === 'iterate';
  if (crash.kind === 'call') return access.kind === 'call';
  if (crash.kind === 'contain') return access.kind === 'contain';
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
