// The places on a line where a value has to be an object: `a.b`, `a[b]`, `{ b } = a`, `of a`, `...a`, `a()`.
// ast-grep finds them by syntax; it must not decide types.

import { parse, Lang } from '@ast-grep/napi';
import type { SgNode } from '@ast-grep/napi';

export type DereferenceKind = 'property' | 'element' | 'destructure' | 'iterate' | 'call' | 'contain';

/**
 * A place found by syntax alone, by the offsets (UTF-16 units) that engines point at. Spans are left to
 * the typed tree: the grammar behind ast-grep reads `a === b!.c` as `(a === b)!.c`.
 */
export type Candidate = { kind: DereferenceKind; points: number[] };

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
