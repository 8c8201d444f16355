// R8: `if n <= count { list(n - 1) }` asks for the upper end of a range only, and `n` was below its lower end.
// It must only complete a check that stands round the subtraction: what happens outside the range is decided there.

import type { SgNode } from '@ast-grep/napi';
import { isDeclined } from '../templates/template.ts';
import type { Declined, Plan } from '../templates/template.ts';
import { onlyAt } from './candidates.ts';
import { shortText } from './describe.ts';
import { statedInvariant } from './invariant.ts';
import { functionRound } from './owner.ts';
import { subtractionsIn } from './r4-subtract.ts';
import type { Subtraction } from './r4-subtract.ts';
import { textOf } from './source.ts';
import type { Source } from './source.ts';
import type { PlanGroups, RustScene, RustTemplate } from './template.ts';

const name = 'R8 lower bound';

export const lowerBound: RustTemplate = { name, kinds: ['subtract'], plan };

function plan(scene: RustScene): PlanGroups | Declined {
  const { source } = scene;
  const found = onlyAt(scene, subtractionsIn(source));
  if (isDeclined(found)) return found;
  const owner = functionRound(source, found.node);
  if (isDeclined(owner)) return owner;
  const least = Number(/^(\d+)(?:_?(?:u\d+|usize))?$/.exec(found.right.text())?.[1] ?? '0');
  const check = least > 0 && found.left.kind() === 'identifier' && !found.assigns ? upperCheck(found) : null;
  if (!check)
    return { why: 'No `if` round the subtraction asks whether the value is small enough.', far: true };
  const why = changedBetween(check, found) ?? statedInvariant(source, found.node);
  return why ?? [[planOf(scene, { found, owner, check, least })]];
}

/** The conjunct of the nearest `if` that bounds the value from above. */
type Check = { statement: SgNode; bound: SgNode };

function upperCheck({ node, left }: Subtraction): Check | null {
  for (const up of node.ancestors()) {
    if (
      /^(?:function_item|closure_expression|loop_expression|while_expression|for_expression)$/.test(
        String(up.kind()),
      )
    )
      return null;
    const condition = up.kind() === 'if_expression' ? up.field('condition') : null;
    const body = up.field('consequence');
    if (!condition || !body || !isInside(node, body)) continue;
    const bound = conjuncts(condition).find((one) => isUpperBound(one, left.text()));
    const asked = conjuncts(condition).some((one) => isLowerBound(one, left.text()));
    if (bound) return asked ? null : { statement: up, bound };
  }
  return null;
}

function isInside(node: SgNode, outer: SgNode): boolean {
  return (
    node.range().start.index >= outer.range().start.index && node.range().end.index <= outer.range().end.index
  );
}

function conjuncts(condition: SgNode): SgNode[] {
  const isAnd = condition.kind() === 'binary_expression' && condition.field('operator')?.text() === '&&';
  const sides = isAnd ? [condition.field('left'), condition.field('right')] : [];
  return isAnd ? sides.flatMap((side) => (side ? conjuncts(side) : [])) : [condition];
}

function isUpperBound(test: SgNode, value: string): boolean {
  return compares(test, value, /^<=?$/, /^>=?$/);
}

function isLowerBound(test: SgNode, value: string): boolean {
  return compares(test, value, /^(?:>=?|!=)$/, /^(?:<=?|!=)$/);
}

function compares(test: SgNode, value: string, leftWay: RegExp, rightWay: RegExp): boolean {
  if (test.kind() !== 'binary_expression') return false;
  const operator = test.field('operator')?.text() ?? '';
  return (
    (test.field('left')?.text() === value && leftWay.test(operator)) ||
    (test.field('right')?.text() === value && rightWay.test(operator))
  );
}

/** A new value of that name inside the branch is not the one that was asked for. */
function changedBetween({ statement }: Check, { node, left }: Subtraction): Declined | null {
  const body = statement.field('consequence');
  const changes = body
    ?.findAll({
      rule: {
        any: [
          { kind: 'let_declaration' },
          { kind: 'assignment_expression' },
          { kind: 'compound_assignment_expr' },
        ],
      },
    })
    .filter((one) => one.range().start.index < node.range().start.index)
    .some((one) => (one.field('pattern') ?? one.field('left'))?.text().replace(/^mut /, '') === left.text());
  return changes === true
    ? { why: `\`${left.text()}\` gets another value between the check and the subtraction.` }
    : null;
}

type Made = { found: Subtraction; owner: SgNode; check: Check; least: number };

function planOf({ source, suspect }: RustScene, { found, owner, check, least }: Made): Plan {
  const value = found.left.text();
  const start = check.bound.range().start.index;
  const test = least === 1 ? `${value} > 0` : `${value} >= ${least}`;
  return {
    edits: [{ start, end: start, text: `${test} && ` }],
    description: {
      summary: `check both ends of the range of ${spokenName(source, found)}`,
      rootCause: `\`if ${shortText(source, check.bound)}\` round line ${suspect.line} of \`${suspect.path}\` asks only whether \`${value}\` is too large; it was less than ${least}, so \`${textOf(source, found.node)}\` fell below zero and the program panicked.`,
      change: `\`${owner.field('name')?.text() ?? 'the function'}\` treats a \`${value}\` below ${least} as it treats one that is too large.`,
      strategy: name,
      symptom: null,
    },
  };
}

function spokenName(source: Source, { left }: Subtraction): string {
  const text = textOf(source, left);
  return text.length > 20 ? 'a value' : `\`${text}\``;
}
