// The function round a place: what it returns, and where no template may put a way out.
// It reads syntax only; whether a way out compiles, the compiler says.

import type { SgNode } from '@ast-grep/napi';
import type { Declined } from '../templates/template.ts';
import { textOf, upFrom } from './source.ts';
import type { Source } from './source.ts';

export type Owner = {
  node: SgNode;
  name: string;
  returns: 'option' | 'result';
  /** As written: `io::Result<Config>`. */
  type: string;
};

/** The function item round the node, or why nothing there may be changed at all. */
export function functionRound(source: Source, node: SgNode): SgNode | Declined {
  const ups = [node, ...node.ancestors()];
  if (ups.some((up) => /^(?:const_item|static_item|const_block)$/.test(String(up.kind()))))
    return { why: 'The line is part of a constant, where nothing can be returned or computed differently.' };
  const owner = ups.find((up) => up.kind() === 'function_item');
  if (!owner) return { why: 'The line stands in no function.' };
  if (ups.some((up) => isTest(source, up)))
    return { why: 'The line is part of a test, and a test that panics must be read by a person.' };
  const modifiers = owner.children().find((child) => child.kind() === 'function_modifiers');
  if (/\bconst\b/.test(modifiers?.text() ?? ''))
    return { why: 'The function is `const`, where the compiler computes.' };
  if (
    /\bunsafe\b/.test(modifiers?.text() ?? '') ||
    upFrom(node, (up) => up.kind() === 'function_item').some((up) => up.kind() === 'unsafe_block')
  )
    return { why: 'The line is part of `unsafe` code, where a person must weigh every way out.' };
  if (traitOf(owner) === 'Drop')
    return { why: 'The line is part of a `Drop`, which has nobody to return an error to.' };
  return owner;
}

/** The function that an early return at the node would leave, or why it would leave something else or nobody would hear of it. */
export function functionToLeave(source: Source, node: SgNode): SgNode | Declined {
  const owner = functionRound(source, node);
  if ('why' in owner) return owner;
  const inner = upFrom(node, (up) => up.kind() === 'function_item').find((up) =>
    /^(?:closure_expression|async_block|try_block|gen_block)$/.test(String(up.kind())),
  );
  if (inner)
    return {
      why: 'The line stands in a closure or an `async` block: a return there leaves only that, and what then happens is decided by its caller.',
    };
  const name = owner.field('name')?.text() ?? '';
  if (name === 'main')
    return { why: 'The line stands in `main`: what the program should do instead is for a person to say.' };
  return hasPanicsSection(source, owner)
    ? { why: `The documentation of \`${name}\` says that it panics, so callers count on it.` }
    : owner;
}

/** The function that an early return would leave, when its type admits one; else why there is none. */
export function ownerOf(source: Source, node: SgNode): Owner | Declined {
  const owner = functionToLeave(source, node);
  if ('why' in owner) return owner;
  const name = owner.field('name')?.text() ?? '';
  const fixed = traitOf(owner) === null ? null : meanings[name];
  if (fixed) return { why: `The line stands in \`${name}\`, where ${fixed}.` };
  const type = owner.field('return_type');
  const returns = type ? returnsOf(type) : null;
  if (!type || returns === null)
    return {
      why: `\`${name}\` returns neither \`Option\` nor \`Result\`, so there is no way out of it that says what went wrong.`,
    };
  return { node: owner, name, returns, type: textOf(source, type) };
}

/** Methods of traits in which "nothing" or an error already means something else. */
const meanings: Readonly<Record<string, string>> = {
  next: 'returning `None` says that the iteration is over',
  next_back: 'returning `None` says that the iteration is over',
  nth: 'returning `None` says that the iteration is over',
  poll_next: 'returning `None` says that the stream is over',
  fmt: 'an error makes the printing itself panic',
  partial_cmp: 'returning `None` says that two values cannot be compared',
  source: 'returning `None` says that an error has no cause',
};

/** Read from the name alone, so that an alias like `io::Result` is one, too. */
export function returnsOf(type: SgNode): Owner['returns'] | null {
  const name = /^(?:[\w:]+::)?(\w+)\s*(?:<|$)/.exec(type.text())?.[1] ?? '';
  if (name === 'Option') return 'option';
  return name.endsWith('Result') ? 'result' : null;
}

function traitOf(owner: SgNode): string | null {
  const holder = owner.ancestors().find((up) => up.kind() === 'impl_item');
  const trait = holder?.field('trait')?.text();
  return trait === undefined ? null : (/(\w+)(?:<.*)?$/s.exec(trait)?.[1] ?? trait);
}

/** `#[test]`, `#[tokio::test]`, `#[cfg(test)]` right above a function or module. */
function isTest(source: Source, node: SgNode): boolean {
  if (node.kind() !== 'function_item' && node.kind() !== 'mod_item') return false;
  return attributesOf(node).some((one) =>
    /^#\[(?:\w+::)*test\b|^#\[cfg\((?:.*\W)?test\b/.test(textOf(source, one)),
  );
}

function attributesOf(node: SgNode): SgNode[] {
  return leading(node).filter((one) => one.kind() === 'attribute_item');
}

function hasPanicsSection(source: Source, owner: SgNode): boolean {
  return leading(owner).some((one) => /^\s*\/\/\/\s*#+\s*Panics\b/m.test(textOf(source, one)));
}

/** Attributes and comments directly above, nearest first. */
function leading(node: SgNode): SgNode[] {
  const found: SgNode[] = [];
  for (
    let at = node.prev();
    at && /^(?:attribute_item|line_comment|block_comment)$/.test(String(at.kind()));
    at = at.prev()
  )
    found.push(at);
  return found;
}
