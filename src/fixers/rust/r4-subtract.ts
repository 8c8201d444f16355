// R4: `width - text.len()` fell below zero where only a size for showing is computed (reference fixing.md, 2.4).
// It must decline for money, identifiers, places in memory and times: there zero would be a wrong answer.

import type { SgNode } from '@ast-grep/napi';
import { delicacyOf, wordsOf } from '../../domain/proof/delicate.ts';
import type { Edit } from '../templates/edits.ts';
import { isDeclined } from '../templates/template.ts';
import type { Declined, Plan } from '../templates/template.ts';
import { methodCall, onlyAt } from './candidates.ts';
import type { Candidate } from './candidates.ts';
import { shortText } from './describe.ts';
import { statedInvariant } from './invariant.ts';
import { functionRound } from './owner.ts';
import { isTextMacro, textOf, upFrom } from './source.ts';
import type { Source } from './source.ts';
import type { PlanGroups, RustScene, RustTemplate } from './template.ts';

const name = 'R4 subtract';

export const subtraction: RustTemplate = { name, kinds: ['subtract'], plan };

export type Subtraction = Candidate & { left: SgNode; right: SgNode; /** `a -= b`. */ assigns: boolean };

function plan(scene: RustScene): PlanGroups | Declined {
  const { source } = scene;
  const found = onlyAt(
    scene,
    subtractionsIn(source).filter(({ node }) => !isFirstOfChain(node)),
  );
  if (isDeclined(found)) return found;
  const owner = functionRound(source, found.node);
  if (isDeclined(owner)) return owner;
  const why = meaningRefusal(source, found) ?? statedInvariant(source, found.node);
  if (why) return why;
  const checked = checkedAtEnd(source, found, owner);
  if (checked) return [[planOf(scene, { found, owner, edits: checked, how: 'nothing' })]];
  const doubt = useRefusal(found, owner);
  if (doubt) return doubt;
  return [[planOf(scene, { found, owner, edits: saturating(source, found), how: 'zero' })]];
}

export function subtractionsIn(source: Source): Subtraction[] {
  return source.root
    .findAll({ rule: { any: [{ kind: 'binary_expression' }, { kind: 'compound_assignment_expr' }] } })
    .flatMap((node) => {
      const operator = node.field('operator')?.text();
      const left = node.field('left');
      const right = node.field('right');
      if (!left || !right || (operator !== '-' && operator !== '-=')) return [];
      return [{ node, left, right, assigns: operator === '-=', points: [node.range().start.index] }];
    });
}

/** `a - b` in `a - b - c`: both panic at the same place, and are mended together. */
function isFirstOfChain(node: SgNode): boolean {
  const parent = node.parent();
  return (
    parent !== null && isMinus(parent) && parent.field('left')?.range().end.index === node.range().end.index
  );
}

function isMinus(node: SgNode): boolean {
  return node.kind() === 'binary_expression' && node.field('operator')?.text() === '-';
}

/** What is subtracted from what: `a`, `b` and `c` of `a - b - c`. */
function operandsOf({ left, right }: Pick<Subtraction, 'left' | 'right'>): [SgNode, ...SgNode[]] {
  const [inner, taken] = isMinus(left) ? [left.field('left'), left.field('right')] : [null, null];
  return inner && taken ? [...operandsOf({ left: inner, right: taken }), right] : [left, right];
}

// ---------------------------------------------------------------- what it means

const times =
  /^(?:time|timestamp|ts|now|epoch|millis|secs|seconds|nanos|micros|elapsed|instant|date|day|days|hour|hours|at|since|until|deadline|expires)$/;
const places =
  /^(?:i|j|k|idx|index|pos|position|cursor|ptr|addr|address|selected|current|cur|head|tail|slot|node|row|col|line)$/;
const sizes =
  /^(?:len|length|count|width|height|size|cols|columns|rows|lines|chars|pad|padding|indent|indentation|margin|space|spaces|gap|left|longest|shortest|widest|remaining|rest|free|available|max|limit|depth|level|total)$/;

function meaningRefusal(source: Source, found: Subtraction): Declined | null {
  const { node } = found;
  const operands = operandsOf(found);
  const names = operands.flatMap((side) => side.text().match(/[A-Za-z_]\w*/g) ?? []);
  const delicate = names.find((one) => delicacyOf(one) !== null && !wordsOf(one).includes('total'));
  if (delicate)
    return {
      why: `\`${delicate}\` is money, access or an identifier, where zero instead of less would be a wrong answer.`,
    };
  const time = names.find((one) => wordsOf(one).some((word) => times.test(word)));
  if (time)
    return { why: `\`${time}\` is a time: clocks that disagree are the cause, and zero would hide it.` };
  const isIndex = upFrom(node, (up) => up.kind() === 'block').some((up) => isIndexIn(up, node));
  if (isIndex)
    return { why: 'The result is a place in memory: another place there would read the wrong thing.' };
  const place = operands.find(
    (side) => isName(side) && wordsOf(lastName(side)).some((word) => places.test(word)),
  );
  if (place)
    return {
      why: `\`${shortText(source, place)}\` is a place and no size: what comes before the first one is for a person to say.`,
    };
  return null;
}

/** Inside `v[…]`, `.get(…)`, `.nth(…)` and their like. */
function isIndexIn(up: SgNode, node: SgNode): boolean {
  if (up.kind() === 'index_expression')
    return (
      up.child(0)?.range().end.index !== undefined &&
      node.range().start.index >= (up.child(0)?.range().end.index ?? 0)
    );
  const call = methodCall(up);
  const given = call?.arguments.some((one) => one.range().start.index <= node.range().start.index);
  return (
    given === true &&
    /^(?:get|get_mut|nth|remove|insert|swap|split_at|split_off|swap_remove|drain|get_unchecked|add|offset)$/.test(
      call?.method.text() ?? '',
    )
  );
}

function isName(node: SgNode): boolean {
  return /^(?:identifier|field_expression)$/.test(String(node.kind()));
}

function lastName(node: SgNode): string {
  return node.text().split('.').at(-1) ?? '';
}

/** Measured on the spot (`.len()`), or named after a size. */
function isSize(node: SgNode): boolean {
  const call = methodCall(node);
  const word = call
    ? call.method.text()
    : node.kind() === 'call_expression'
      ? (node.field('function')?.text() ?? '')
      : lastName(node);
  return wordsOf(word.replace(/^.*::/, '')).some((one) => sizes.test(one));
}

const bounds =
  /^(?:repeat|take|skip|min|max|clamp|with_capacity|truncate|resize|saturating_sub|saturating_add|reserve)$/;

/** Null when a size is computed to be shown or to bound something; else why not. */
function useRefusal(found: Subtraction, owner: SgNode): Declined | null {
  const sides = operandsOf(found);
  const measured = sides.filter((side) => isSize(side)).length;
  const counted = sides.filter((side) => side.kind() === 'integer_literal').length;
  if (measured === 0 || measured + counted < sides.length)
    return { why: 'Nothing shows that both sides are lengths, so zero may be a wrong answer here.' };
  const ups = upFrom(found.node, (up) => up.range().start.index === owner.range().start.index);
  if (ups.some(isLastPlace))
    return {
      why: 'The result is the last place of a list, and an empty list has none: zero would be one too many.',
    };
  if (ups.some(isBound)) return null;
  const name = boundName(ups) ?? (found.assigns ? found.left.text() : (owner.field('name')?.text() ?? ''));
  if (wordsOf(name).some((word) => sizes.test(word))) return null;
  return {
    why: 'Nothing shows that the result only bounds or shows something, so zero may be a wrong answer here.',
  };
}

/** `..=n` and `Included(n)` take the place itself in. */
function isLastPlace(up: SgNode): boolean {
  if (up.kind() === 'range_expression') return up.text().includes('..=');
  return up.kind() === 'call_expression' && /(?:^|::)Included$/.test(up.field('function')?.text() ?? '');
}

function isBound(up: SgNode): boolean {
  return (
    isTextMacro(up) || up.kind() === 'range_expression' || bounds.test(methodCall(up)?.method.text() ?? '')
  );
}

function boundName(ups: readonly SgNode[]): string | null {
  const holder = ups.find((up) =>
    /^(?:let_declaration|field_initializer|assignment_expression)$/.test(String(up.kind())),
  );
  return (holder?.field('pattern') ?? holder?.field('field') ?? holder?.field('left'))?.text() ?? null;
}

// ---------------------------------------------------------------- the change

/** `Some(a - b)` at the end of a function that may return nothing is `a.checked_sub(b)`. */
function checkedAtEnd(
  source: Source,
  { node, left, right, assigns }: Subtraction,
  owner: SgNode,
): Edit[] | null {
  const list = node.parent();
  const call = list?.kind() === 'arguments' ? list.parent() : null;
  const isEnd = call?.parent()?.parent()?.range().start.index === owner.range().start.index;
  if (assigns || !call || call.field('function')?.text() !== 'Some' || !isEnd) return null;
  const { start, end } = call.range();
  return [
    {
      start: start.index,
      end: end.index,
      text: `${receiver(source, left)}.checked_sub(${textOf(source, right)})`,
    },
  ];
}

function saturating(source: Source, found: Subtraction): Edit[] {
  const { node, left, assigns } = found;
  const { start, end } = withNeedlessParentheses(node).range();
  const [first, ...taken] = operandsOf(found);
  const calls = taken.map((one) => `.saturating_sub(${textOf(source, one)})`);
  const value = receiver(source, first) + calls.join('');
  return [
    { start: start.index, end: end.index, text: assigns ? `${textOf(source, left)} = ${value}` : value },
  ];
}

/** `(a - b).min(c)` needs them, `a.saturating_sub(b).min(c)` does not. */
function withNeedlessParentheses(node: SgNode): SgNode {
  const holder = node.parent();
  const isReceiver =
    holder?.kind() === 'parenthesized_expression' && holder.parent()?.kind() === 'field_expression';
  return holder && isReceiver ? holder : node;
}

/** A method binds tighter than what may stand on the left. */
function receiver(source: Source, left: SgNode): string {
  const text = textOf(source, left);
  if (left.kind() === 'integer_literal') return /[a-z]/.test(text) ? text : `${text}_usize`;
  return /^(?:identifier|field_expression|call_expression|index_expression|self|parenthesized_expression|scoped_identifier)$/.test(
    String(left.kind()),
  )
    ? text
    : `(${text})`;
}

type Made = { found: Subtraction; owner: SgNode; edits: Edit[]; how: 'zero' | 'nothing' };

function planOf({ source, suspect }: RustScene, { found, owner, edits, how }: Made): Plan {
  const [left, right] = [shortText(source, found.left), shortText(source, found.right)];
  const function_ = owner.field('name')?.text() ?? 'the function';
  const measured = methodCall(found.left) !== null || methodCall(found.right) !== null;
  return {
    edits,
    description: {
      summary:
        how === 'zero'
          ? 'stop at zero when a size would become negative'
          : 'return nothing when a size would be negative',
      rootCause: `\`${shortText(source, found.node)}\` in line ${suspect.line} of \`${suspect.path}\` takes for granted that \`${right}\` is not larger than \`${left}\`, and it was, so the program panicked.`,
      change:
        how === 'zero'
          ? `\`${function_}\` goes on with zero then.`
          : `\`${function_}\` returns \`None\` then; its callers already handle that.`,
      strategy: name,
      symptom:
        measured || how === 'nothing'
          ? null
          : `Symptom-level guard: the cause is where \`${right}\` came to be larger than \`${left}\`.`,
    },
  };
}
