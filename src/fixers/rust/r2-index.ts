// R2 and R5: `v[i]` or `map[key]` where nothing is, in a function that can say so (reference fixing.md, 2.4).
// It must decline where the element is written to, where the index is computed, and in loops over indices.

import type { SgNode } from '@ast-grep/napi';
import type { Edit } from '../templates/edits.ts';
import { isDeclined } from '../templates/template.ts';
import type { Declined } from '../templates/template.ts';
import { onlyAt } from './candidates.ts';
import type { Candidate } from './candidates.ts';
import { describeWayOut, isParameter } from './describe.ts';
import { statedInvariant } from './invariant.ts';
import { elementOf, inCaseOf } from './message.ts';
import { ownerOf } from './owner.ts';
import type { Owner } from './owner.ts';
import { textOf, upFrom } from './source.ts';
import type { Source } from './source.ts';
import type { PlanGroups, RustScene, RustTemplate } from './template.ts';
import { noError, waysOutOfNone, withoutWrapping } from './ways-out.ts';
import type { WayOut } from './ways-out.ts';

export const indexed: RustTemplate = {
  name: 'R2 index',
  kinds: ['index'],
  plan: (scene) => plan(scene, 'R2 index'),
};
export const keyed: RustTemplate = { name: 'R5 key', kinds: ['key'], plan: (scene) => plan(scene, 'R5 key') };

type Index = Candidate & { list: SgNode; index: SgNode };

function plan(scene: RustScene, strategy: string): PlanGroups | Declined {
  const { source } = scene;
  const found = onlyAt(scene, source.root.findAll({ rule: { kind: 'index_expression' } }).flatMap(readIndex));
  if (isDeclined(found)) return found;
  const owner = ownerOf(source, found.node);
  if (isDeclined(owner)) return owner;
  const why =
    writeRefusal(found) ??
    indexRefusal(source, found) ??
    loopRefusal(found) ??
    assertRefusal(found, owner) ??
    statedInvariant(source, found.node);
  if (why) return why;
  const text = inCaseOf(source, `${elementOf(found.node, found.list) ?? 'value'} not found`);
  const ways = waysOutOfNone(scene, owner, { text, given: false, about: 'lookup' });
  if (ways.every((group) => group.length === 0)) return noError(owner);
  const told = describeWayOut(scene, {
    owner,
    value: found.list,
    met: 'missing',
    assumption: found.node,
    strategy,
  });
  const description = { ...told, symptom: symptomOf(found, owner) };
  const held = found.node.parent()?.kind() === 'reference_expression' ? found.node.parent() : found.node;
  const tried = withoutWrapping(held ?? found.node, ways);
  return lookupsFor(source, found).flatMap((lookup) =>
    tried.map((group) => group.map((way) => ({ edits: editsFor(found, lookup, way), description }))),
  );
}

function readIndex(node: SgNode): Index[] {
  const [list, index] = node.children().filter((child) => child.isNamed());
  return list && index ? [{ node, list, index, points: [node.range().start.index] }] : [];
}

/** `v[i] = x`, `v[i] += x` and `&mut v[i]` need a place, not a value. */
function writeRefusal({ node }: Index): Declined | null {
  const chain = upFrom(node, (up) => !/^(?:index_expression|field_expression)$/.test(String(up.kind())));
  const top = chain.at(-1) ?? node;
  const holder = top.parent();
  const kind = String(holder?.kind());
  const isTarget =
    /assignment/.test(kind) && holder?.field('left')?.range().start.index === top.range().start.index;
  const isMutable = kind === 'reference_expression' && /^&\s*mut\b/.test(holder?.text() ?? '');
  return isTarget || isMutable
    ? { why: 'The element is written to there: leaving out a write needs a decision of a person.' }
    : null;
}

/** The index as it may stand: a number, a name, the last one, or a range from or to a number or name. */
function indexRefusal(source: Source, { list, index }: Index): Declined | null {
  const text = textOf(source, index).replace(/\s+/g, ' ');
  if (/^(?:&?[\w.]+|&?"[^"]*"|[\w.]*\.\.=?[\w.]*)$/.test(text) || isLast(source, list, index)) return null;
  return {
    why: `The index \`${text.replaceAll('`', "'").slice(0, 60)}\` is computed, and it may be the computation that is wrong.`,
  };
}

function isLast(source: Source, list: SgNode, index: SgNode): boolean {
  return textOf(source, index).replace(/\s+/g, '') === `${textOf(source, list).replace(/\s+/g, '')}.len()-1`;
}

/** A fixed element of something that the same round made is input; everything else in a loop counts on its bounds. */
function loopRefusal({ node, list, index }: Index): Declined | null {
  const [round] = node
    .ancestors()
    .filter((up) => /^(?:for|while|loop)_expression$|^function_item$/.test(String(up.kind())));
  if (!round || round.kind() === 'function_item') return null;
  const isFixed = /^(?:\d+|"[^"]*")$/.test(index.text());
  const madeHere = round
    .findAll({ rule: { kind: 'let_declaration' } })
    .some((one) => one.field('pattern')?.text().replace(/^mut /, '') === list.text());
  if (isFixed && madeHere) return null;
  return {
    why: 'The element is read in a loop, whose bounds are then wrong; leaving early would hide that.',
  };
}

function assertRefusal({ list }: Index, owner: Owner): Declined | null {
  const asserted = owner.node
    .findAll({ rule: { kind: 'call_expression' } })
    .some(
      (call) =>
        /^(?:debug_)?assert\w*$/.test(call.field('function')?.text() ?? '') &&
        call.text().includes(list.text()),
    );
  return asserted
    ? { why: 'The function asserts how long the list is: the cause is where that was broken.' }
    : null;
}

/** Where a name that was handed in is the index, the mistake is further back. */
function symptomOf({ index, list }: Index, owner: Owner): string | null {
  const name = index.text().replace(/^&/, '');
  if (!/^[a-z_]\w*$/.test(name) || !isParameter(owner, name)) return null;
  return `Symptom-level guard: the cause is the caller of \`${owner.name}\` that passed \`${name}\`, which \`${list.text().replaceAll('`', "'").slice(0, 40)}\` does not have.`;
}

// ---------------------------------------------------------------- what stands there instead

/** `v.first()`, `v.last()`, `v.get(i)`: what a reader of Rust expects, in order. */
function lookupsFor(source: Source, { list, index }: Index): string[] {
  const text = textOf(source, index);
  const get = `.get(${text})`;
  if (isLast(source, list, index)) return ['.last()'];
  return /^0(?:_?usize)?$/.test(text) ? ['.first()', get] : [get];
}

/** A borrowed or further used element stays a reference; a value is copied out. */
function editsFor({ node, list }: Index, lookup: string, way: WayOut): Edit[] {
  const holder = node.parent();
  const { start, end } = node.range();
  const also = way.also ?? [];
  const at = { start: list.range().end.index, end: end.index };
  const plain = { ...at, text: lookup + way.text };
  if (holder?.kind() === 'reference_expression')
    return [...also, { start: holder.range().start.index, end: start.index, text: '' }, plain];
  if (/^(?:field|index)_expression$/.test(String(holder?.kind()))) return [...also, plain];
  if (way.bare) return [...also, { ...at, text: `${lookup}.copied()${way.text}` }];
  return [...also, { start: start.index, end: start.index, text: '*' }, plain];
}
