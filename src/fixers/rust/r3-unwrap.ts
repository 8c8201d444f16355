// R3: `x.unwrap()` met nothing or an error in a function that can say so: let it say so (reference fixing.md, 2.4).
// It must decline where the author wrote down that it cannot happen, and where nobody would hear the error.

import type { SgNode } from '@ast-grep/napi';
import type { Edit } from '../templates/edits.ts';
import type { Declined } from '../templates/template.ts';
import { isDeclined } from '../templates/template.ts';
import { methodCall, methodCalls, onlyAt } from './candidates.ts';
import type { MethodCall } from './candidates.ts';
import { describeWayOut } from './describe.ts';
import { statedInvariant, statesInvariant } from './invariant.ts';
import { absenceOf, inCaseOf, invalidityOf, isLookup } from './message.ts';
import { ownerOf } from './owner.ts';
import type { Panic } from './panic.ts';
import { textOf } from './source.ts';
import type { Source } from './source.ts';
import type { PlanGroups, RustScene, RustTemplate } from './template.ts';
import { noError, waysOutOfErr, waysOutOfNone, withoutWrapping } from './ways-out.ts';
import type { WayOut, Words } from './ways-out.ts';

/** R7, `parse().unwrap()`, is the same with an error that says what did not parse. */
export const unwrapped: RustTemplate = { name: 'R3 unwrap', kinds: ['none', 'err', 'said'], plan };

export type Unwrap = MethodCall & {
  met: 'none' | 'err';
  /** The text of an `expect`. */ said: string | null;
};

function plan(scene: RustScene): PlanGroups | Declined {
  const { source } = scene;
  const found = onlyAt(scene, unwrapsIn(scene));
  if (isDeclined(found)) return found;
  const owner = ownerOf(source, found.node);
  if (isDeclined(owner)) return owner;
  const why =
    lockRefusal(found.receiver) ?? extremeRefusal(found.receiver) ?? invariantRefusal(source, found);
  if (why) return why;
  const words = wordsFor(source, found);
  const ways = found.met === 'none' ? waysOutOfNone(scene, owner, words) : waysOutOfErr(scene, owner, words);
  if (ways.every((group) => group.length === 0)) return noError(owner);
  const told = { owner, value: found.receiver, met: found.met, assumption: found.node };
  const strategy = methodCall(found.receiver)?.method.text() === 'parse' ? 'R7 parse' : 'R3 unwrap';
  const description = describeWayOut(scene, { ...told, strategy });
  return withoutWrapping(found.node, ways).map((group) =>
    group.map((way) => ({ edits: editsOf(way, found), description })),
  );
}

/** Every call of the file that fits the message. */
export function unwrapsIn({ source, panic }: Pick<RustScene, 'source' | 'panic'>): Unwrap[] {
  return methodCalls(source, /^(?:unwrap|expect)$/).flatMap((call) => readUnwrap(source, call, panic));
}

/** The call as the message tells it: what it met, and the text it was given. */
function readUnwrap(source: Source, call: MethodCall, { kind, message }: Panic): Unwrap[] {
  const isExpect = call.method.text() === 'expect';
  if (call.arguments.length !== (isExpect ? 1 : 0)) return [];
  if (!isExpect) return kind === 'none' || kind === 'err' ? [{ ...call, met: kind, said: null }] : [];
  const literal = call.arguments[0];
  if (kind !== 'said' || literal?.kind() !== 'string_literal') return [];
  const said = unescaped(textOf(source, literal).slice(1, -1));
  if (message === said) return [{ ...call, met: 'none', said }];
  return message.startsWith(`${said}: `) ? [{ ...call, met: 'err', said }] : [];
}

function unescaped(text: string): string {
  return text
    .replace(/\\\n\s*/g, '')
    .replace(/\\(["'\\])/g, '$1')
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t');
}

/** Conversions whose error says no more than that the value is none of that type. */
function isConversion(receiver: SgNode): boolean {
  const name = methodCall(receiver)?.method.text() ?? receiver.field('function')?.text() ?? '';
  return /(?:^|::)(?:parse|try_into|try_from|from_str|from_utf8|from_str_radix|to_digit)$/.test(name);
}

const locks =
  /^(?:lock|try_lock|read|write|try_read|try_write|borrow|borrow_mut|try_borrow|try_borrow_mut|join|wait|into_inner|get_mut)$/;

export function lockRefusal(receiver: SgNode): Declined | null {
  const call = methodCall(receiver);
  const name = call?.method.text() ?? '';
  if (!call || !locks.test(name) || (call.arguments.length > 0 && name !== 'wait')) return null;
  return {
    why: `\`${name}()\` fails when another part of the program has panicked before or still holds the value: that is where to look.`,
  };
}

/** The largest of none is no error: what stands for it depends on what it is for. */
function extremeRefusal(receiver: SgNode): Declined | null {
  const name = methodCall(receiver)?.method.text() ?? '';
  if (!/^(?:max|min)(?:_by(?:_key)?)?$/.test(name)) return null;
  return {
    why: `\`${name}()\` found nothing to choose from: what holds for an empty list is a person's decision.`,
  };
}

export function invariantRefusal(source: Source, { node, said }: Unwrap): Declined | null {
  if (said !== null && statesInvariant(said))
    return {
      why: 'The text of the `expect` states what must hold there, and it did not: the cause is where it was broken.',
    };
  return statedInvariant(source, node);
}

function wordsFor(source: Source, { receiver, met, said }: Unwrap): Words {
  const about = isConversion(receiver) ? 'parse' : met === 'none' && isLookup(receiver) ? 'lookup' : 'other';
  if (said !== null) return { text: said, given: true, about };
  const text = met === 'none' ? absenceOf(receiver) : invalidityOf(receiver);
  return { text: inCaseOf(source, text), given: false, about };
}

function editsOf(way: WayOut, { node, receiver, method }: Unwrap): Edit[] {
  const end = node.range().end.index;
  const also = way.also ?? [];
  // A method call keeps its dot and the line it stands on; anything else follows the value.
  return way.text.startsWith('.')
    ? [...also, { start: method.range().start.index, end, text: way.text.slice(1) }]
    : [...also, { start: receiver.range().end.index, end, text: way.text }];
}
