// The words of an error that a template makes: built from names in the code, in the letter case of the file.
// Never from the event.

import type { SgNode } from '@ast-grep/napi';
import { wordsOf } from '../../domain/proof/delicate.ts';
import { singular } from '../templates/words.ts';
import { methodCall } from './candidates.ts';
import type { Source } from './source.ts';

/** Methods that look something up: their receiver is what it was looked for in. */
const lookups =
  /^(?:get|get_mut|find|find_map|position|first|last|nth|next|pop|pop_front|pop_back|peek|remove|min|max|min_by_key|max_by_key|entry|lookup|iter)$/;

/** Methods that only pass a value on. */
const passing =
  /^(?:as_ref|as_mut|as_deref|cloned|copied|clone|borrow|to_owned|into_iter|iter|ok|err|map|and_then|filter|as_slice|trim|await|rev|skip|keys|values)$/;

const notA: Readonly<Record<string, string>> = {
  to_str: 'is not valid UTF-8',
  as_str: 'is not a string',
  as_object: 'is not an object',
  as_array: 'is not an array',
  as_bool: 'is not a boolean',
  as_u64: 'is not a number',
  as_i64: 'is not a number',
  as_f64: 'is not a number',
};

/** What to say when the value of that expression is not there: `session not found`, `missing file name`. */
export function absenceOf(receiver: SgNode): string {
  const call = lastCall(receiver);
  const method = call?.method.text() ?? '';
  const bound = boundName(receiver);
  const held = call ? nounOf(call.receiver) : null;
  if (call && notA[method] !== undefined) return `${held ?? 'value'} ${notA[method]}`;
  if (call && lookups.test(method)) return `${bound ?? (held && oneOf(held)) ?? 'value'} not found`;
  return `missing ${nounOf(receiver) ?? bound ?? 'value'}`;
}

/** Whether the value was looked for among others. */
export function isLookup(receiver: SgNode): boolean {
  return lookups.test(lastCall(receiver)?.method.text() ?? '');
}

/** What is missing, for a title: the name it was to get, else its own. */
export function subjectOf(value: SgNode): string | null {
  return isLookup(value) ? (boundName(value) ?? nounOf(value)) : (nounOf(value) ?? boundName(value));
}

/** What to say when that text does not parse: `invalid port`. */
export function invalidityOf(receiver: SgNode): string {
  const call = lastCall(receiver);
  return `invalid ${boundName(receiver) ?? (call && nounOf(call.receiver)) ?? 'value'}`;
}

/** What an index expression is to give: the name it is bound to, else one of the list. */
export function elementOf(node: SgNode, list: SgNode): string | null {
  const noun = nounOf(list);
  return boundName(node) ?? (noun && oneOf(noun));
}

/** As the other messages of the file begin: mostly lower case. */
export function inCaseOf(source: Source, message: string): string {
  const begun = [
    ...source.text.matchAll(
      /(?:context|anyhow!|bail!|eyre!|ok_or|Err)\(\s*(?:\|\|\s*)?(?:[\w:]+[(!]+)*"([A-Za-z])/g,
    ),
  ];
  const upper = begun.filter((match) => /[A-Z]/.test(match[1] ?? '')).length;
  return upper * 2 > begun.length ? message.charAt(0).toUpperCase() + message.slice(1) : message;
}

/** The call that made the value, past what only hands it on. */
function lastCall(node: SgNode): ReturnType<typeof methodCall> {
  if (node.kind() === 'await_expression' || node.kind() === 'try_expression') {
    const inner = node.child(0);
    return inner ? lastCall(inner) : null;
  }
  const call = methodCall(node);
  return call && passing.test(call.method.text()) ? (lastCall(call.receiver) ?? null) : call;
}

/** `let port = …`, `port: …` and `self.port = …` name their value. */
function boundName(node: SgNode): string | null {
  const holder = node
    .ancestors()
    .find((up) =>
      /^(?:let_declaration|field_initializer|assignment_expression|block|arguments)$/.test(String(up.kind())),
    );
  const name =
    holder?.kind() === 'let_declaration'
      ? holder.field('pattern')
      : holder?.kind() === 'field_initializer'
        ? holder.field('field')
        : null;
  return name && /^(?:mut )?\w+$/.test(name.text()) ? spoken(name.text().replace(/^mut /, '')) : null;
}

const verbs = /^(?:get|find|lookup|load|read|fetch|take|to|as|into|try|try_get|current)_/;

const wrapping = /^(?:await_expression|try_expression|parenthesized_expression|reference_expression)$/;

/** What an expression is called: its last name. */
export function nounOf(node: SgNode): string | null {
  const kind = String(node.kind());
  if (wrapping.test(kind)) {
    const inner = node.children().find((child) => child.isNamed() && child.kind() !== 'mutable_specifier');
    return inner ? nounOf(inner) : null;
  }
  if (kind === 'identifier' || kind === 'field_identifier') return spoken(node.text());
  if (kind === 'field_expression') return nounOf(node.field('field') ?? node.field('value') ?? node);
  return kind === 'call_expression' ? nounOfCall(node) : null;
}

function nounOfCall(node: SgNode): string | null {
  const call = methodCall(node);
  const method = call?.method.text() ?? '';
  if (call && (passing.test(method) || lookups.test(method) || method === 'parse'))
    return nounOf(call.receiver);
  const callee = call
    ? method
    : (node.field('function')?.text().split('::').at(-1)?.replace(/<.*$/, '') ?? '');
  return !call && /^(?:new|from|open|create|args|default|)$/.test(callee)
    ? null
    : spoken(callee.replace(verbs, ''));
}

function oneOf(noun: string): string {
  const words = noun.split(' ');
  const last = words.at(-1) ?? noun;
  return [...words.slice(0, -1), singular(last) ?? last].join(' ');
}

function spoken(name: string): string | null {
  const words = wordsOf(name).join(' ');
  return words.length < 2 ? null : words;
}
