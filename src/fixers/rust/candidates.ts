// The expressions at the suspect's place that can have panicked that way.
// Found by syntax; it must leave one, or say why there is none to choose.

import type { SgNode } from '@ast-grep/napi';
import type { Suspect } from '../../domain/crash/location.ts';
import type { Declined } from '../templates/template.ts';
import { positionOf } from './source.ts';
import type { Source } from './source.ts';

/** `points`: offsets that a panic's location or a frame may name, the likeliest first. */
export type Candidate = { node: SgNode; points: readonly number[] };

/** The one candidate at the suspect's line and column. */
export function onlyAt<T extends Candidate>(
  { source, suspect }: { source: Source; suspect: Suspect },
  candidates: readonly T[],
): T | Declined {
  const places = candidates.map((one) => ({
    one,
    at: one.points.map((point) => positionOf(source.text, point)),
  }));
  const onLine = places.filter(({ at }) => at.some(({ line }) => line === suspect.line));
  if (onLine.length === 0)
    return { why: `Nothing in line ${suspect.line} of \`${suspect.path}\` can panic with this message.` };
  const exact = suspect.column === null ? onLine : byColumn(onLine, suspect);
  const [only, another] = exact.map(({ one }) => one);
  if (!only)
    return {
      why: `The column of the crash points at none of the expressions in line ${suspect.line} that can panic so.`,
    };
  if (!another) return only;
  return {
    why: `Line ${suspect.line} of \`${suspect.path}\` has ${exact.length} expressions that can panic with this message, and the event does not say which.`,
  };
}

type Placed<T> = { one: T; at: readonly { line: number; column: number }[] };

/** Newer compilers point at the method's name, older ones at the start of the expression. */
function byColumn<T>(places: readonly Placed<T>[], { line, column }: Suspect): Placed<T>[] {
  const most = Math.max(...places.map(({ at }) => at.length));
  for (let rank = 0; rank < most; rank += 1) {
    const found = places.filter(({ at }) => at[rank]?.line === line && at[rank]?.column === column);
    if (found.length > 0) return found;
  }
  return [];
}

export type MethodCall = Candidate & {
  receiver: SgNode;
  method: SgNode;
  arguments: readonly SgNode[];
};

/** Calls of methods with one of these names. */
export function methodCalls(source: Source, names: RegExp): MethodCall[] {
  return source.root.findAll({ rule: { kind: 'call_expression' } }).flatMap((node) => {
    const call = methodCall(node);
    return call && names.test(call.method.text()) ? [call] : [];
  });
}

/** The parts of `receiver.method(arguments)`; null for another expression. */
export function methodCall(node: SgNode): MethodCall | null {
  const callee = node.kind() === 'call_expression' ? node.field('function') : null;
  const field = callee?.kind() === 'generic_function' ? callee.field('function') : callee;
  const receiver = field?.kind() === 'field_expression' ? field.field('value') : null;
  const method = receiver ? field?.field('field') : null;
  if (!receiver || !method) return null;
  const given = node.field('arguments')?.children().filter(isArgument) ?? [];
  return {
    node,
    receiver,
    method,
    arguments: given,
    points: [method.range().start.index, node.range().start.index],
  };
}

function isArgument(node: SgNode): boolean {
  return node.isNamed() && !String(node.kind()).endsWith('comment');
}
