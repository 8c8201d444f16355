// What the author has written down as certain. Where it turned out wrong, a person has to say what holds instead.
// It must not judge code, only comments and messages.

import type { SgNode } from '@ast-grep/napi';
import type { Declined } from '../templates/template.ts';
import { positionOf, textOf } from './source.ts';
import type { Source } from './source.ts';

const stated =
  /\b(?:invariants?|always|never|can(?:no|')t fail|cannot|can't|infallible|safety|guarante\w+|must|should (?:be|have|exist|never|always)|unreachable|impossible|safe to unwrap|won't|known to|ensured?|checked (?:above|before|by)|just (?:checked|set|inserted|created)|already (?:checked|validated|set)|bug)\b/i;

/** Why the place is left alone: a comment by its statement says that this cannot happen. */
export function statedInvariant(source: Source, node: SgNode): Declined | null {
  const statement = statementRound(node);
  const lines = {
    first: lineOf(source, statement.range().start.index),
    last: lineOf(source, node.range().end.index),
  };
  const comments = source.root
    .findAll({ rule: { any: [{ kind: 'line_comment' }, { kind: 'block_comment' }] } })
    .map((one) => ({ text: textOf(source, one), line: lineOf(source, one.range().start.index) }));
  let first = lines.first;
  while (comments.some((one) => one.line === first - 1)) first -= 1;
  const near = comments.filter((one) => one.line >= first && one.line <= lines.last);
  if (!near.some((one) => stated.test(one.text))) return null;
  return {
    why: 'A comment there states an invariant that was broken: the cause is where it was broken, and a person has to find it.',
  };
}

/** `expect("config was validated")` states what holds; `expect("failed to read the config")` what went wrong. */
export function statesInvariant(message: string): boolean {
  return (
    stated.test(message) ||
    /\b(?:valid|validated|exists|is set|has been|was (?:set|created|checked))\b/i.test(message)
  );
}

/** The statement, tail expression or item that holds the node. */
export function statementRound(node: SgNode): SgNode {
  const all = [node, ...node.ancestors()];
  return all.find((up) => up.parent()?.kind() === 'block') ?? node;
}

function lineOf(source: Source, offset: number): number {
  return positionOf(source.text, offset).line;
}
