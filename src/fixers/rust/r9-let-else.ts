// R9: `let row = rows.get(id).unwrap();` in a function that returns nothing, in a round of a loop, or in the block of an
// `if`: leave without it.
// It must decline where an error would be swallowed, and where other work would be skipped in silence.

import type { SgNode } from '@ast-grep/napi';
import { effectful, namesIn } from './effects.ts';
import { isDeclined } from '../templates/template.ts';
import type { Declined, Plan } from '../templates/template.ts';
import { onlyAt } from './candidates.ts';
import { shortText, symptomAt } from './describe.ts';
import { functionRound } from './owner.ts';
import { invariantRefusal, lockRefusal, unwrapsIn } from './r3-unwrap.ts';
import type { Unwrap } from './r3-unwrap.ts';
import { textOf, upFrom } from './source.ts';
import type { PlanGroups, RustScene, RustTemplate } from './template.ts';

const name = 'R9 let else';

export const letElse: RustTemplate = { name, kinds: ['none', 'said'], plan };

function plan(scene: RustScene): PlanGroups | Declined {
  const found = onlyAt(scene, unwrapsIn(scene));
  if (isDeclined(found)) return found;
  if (found.met === 'err') return { why: 'An error was met, and leaving without a word would swallow it.' };
  const owner = functionRound(scene.source, found.node);
  if (isDeclined(owner)) return owner;
  const binding = bindingOf(found);
  if (!binding)
    return {
      why: 'The value gets no name of its own in a statement, so nothing can be left out without it.',
    };
  const exit = exitOf(owner, binding);
  if (isDeclined(exit)) return exit;
  const why =
    lockRefusal(found.receiver) ?? invariantRefusal(scene.source, found) ?? otherWork(binding, exit);
  if (why) return why;
  const plans = plansFor(scene, { found, owner, binding, exit });
  return isDeclined(plans) ? plans : plans.map((one) => [one]);
}

type Binding = { statement: SgNode; block: SgNode; name: string };

/** `let name = value.unwrap();`, and nothing else in the statement. */
function bindingOf({ node }: Unwrap): Binding | null {
  const statement = node.parent();
  const block = statement?.parent();
  if (statement?.kind() !== 'let_declaration' || block?.kind() !== 'block') return null;
  const pattern = statement.field('pattern');
  const plain = /^[a-z_]\w*$/.test(pattern?.text() ?? '') && statement.field('type') === null;
  const isMutable = statement.children().some((child) => child.kind() === 'mutable_specifier');
  return pattern && plain ? { statement, block, name: `${isMutable ? 'mut ' : ''}${pattern.text()}` } : null;
}

/** `skip`: what is left of the block is left out. */
type Exit = 'return' | 'continue' | 'skip';

function exitOf(owner: SgNode, { block }: Binding): Exit | Declined {
  const holder = block.parent();
  if (holder?.kind() === 'for_expression') return 'continue';
  // Without an `else` it gives nothing, so nothing has to be given in place of it.
  const isBranch = holder?.kind() === 'if_expression' && !holder.field('alternative');
  if (holder?.kind() !== 'function_item' && (!isBranch || isInClosure(block)))
    return { why: 'The line stands in an inner block, and what comes after that may not need the value.' };
  if (owner.field('return_type'))
    return {
      why: `\`${owner.field('name')?.text() ?? 'the function'}\` returns a value: what to return without this one is a person's decision.`,
      far: true,
    };
  if (owner.field('name')?.text() === 'main')
    return { why: 'The line stands in `main`: what the program should do instead is for a person to say.' };
  return isBranch ? 'skip' : 'return';
}

/** What a closure gives is its caller's business. */
function isInClosure(block: SgNode): boolean {
  return upFrom(block, (up) => up.kind() === 'function_item').some((up) =>
    /^(?:closure_expression|async_block)$/.test(String(up.kind())),
  );
}

/** Everything after must need the value; in a loop nothing of the round may be done before. */
function otherWork({ statement, block, name: bound }: Binding, exit: Exit): Declined | null {
  const all = block.children().filter((one) => one.isNamed() && !String(one.kind()).endsWith('comment'));
  const at = all.findIndex((one) => one.range().start.index === statement.range().start.index);
  const half = exit !== 'return' ? all.slice(0, at).find(effectful) : undefined;
  if (half) {
    const what = exit === 'skip' ? 'block' : 'round';
    return { why: `A part of this ${what} is done before, and leaving would keep it half done.` };
  }
  const reached = new Set([bound.replace(/^mut /, '')]);
  for (const later of all.slice(at + 1)) {
    const names = namesIn(later);
    if (![...reached].some((one) => names.has(one))) {
      if (effectful(later))
        return {
          why: `\`${later
            .text()
            .replace(/[`\s]+/g, ' ')
            .slice(0, 60)}\` does not need the value, and leaving before it would skip it in silence.`,
        };
      continue;
    }
    const made = later.kind() === 'let_declaration' ? later.field('pattern') : null;
    for (const one of made ? namesIn(made) : []) reached.add(one);
  }
  return null;
}

type Made = { found: Unwrap; owner: SgNode; binding: Binding; exit: Exit };

/** The rest of the block goes into an `if let`, indented by one step. */
function wrapped(scene: RustScene, { found, binding }: Made): Plan['edits'] | Declined {
  const { source } = scene;
  const { statement, block, name: bound } = binding;
  const start = statement.range().end.index;
  const end = block.range().end.index - 1;
  const rest = source.text.slice(start, end);
  const texts = block.findAll({
    rule: { any: [{ kind: 'string_literal' }, { kind: 'raw_string_literal' }] },
  });
  if (texts.some((text) => text.text().includes('\n')))
    return { why: 'The block holds a text of several lines, which would have to be moved.' };
  if (/\.(?:try_)?(?:lock|read|write|borrow|borrow_mut)\(/.test(found.receiver.text()))
    return {
      why: 'The value comes out of something that is held meanwhile, and an `if let` would hold it longer.',
    };
  const indent = /[^\S\n]*$/.exec(source.text.slice(0, statement.range().start.index))?.[0] ?? '';
  const step = indent.includes('\t') ? '\t' : '    ';
  const inner = rest.trimEnd().replace(/\n(?=[^\n])/g, `\n${step}`);
  const head = `if let Some(${bound}) = ${textOf(source, found.receiver)} {`;
  const outer = rest.slice(rest.trimEnd().length);
  return [{ start: statement.range().start.index, end, text: `${head}${inner}\n${indent}}${outer}` }];
}

/** `let … else` first; a `match` where the compiler is older than 1.65. */
function plansFor(scene: RustScene, made: Made): Plan[] | Declined {
  const { source } = scene;
  const { found, binding, exit } = made;
  const { start, end } = binding.statement.range();
  const value = textOf(source, found.receiver);
  const bare = binding.name.replace(/^mut /, '');
  const texts = [
    `let Some(${binding.name}) = ${value} else { ${exit} };`,
    `let ${binding.name} = match ${value} { Some(${bare}) => ${bare}, None => ${exit} };`,
  ];
  const description = describe(scene, made);
  if (exit === 'skip') {
    const edits = wrapped(scene, made);
    return isDeclined(edits) ? edits : [{ edits, description }];
  }
  return texts.map((text) => ({ edits: [{ start: start.index, end: end.index, text }], description }));
}

function describe(scene: RustScene, { found, owner, binding, exit }: Made): Plan['description'] {
  const { source, suspect } = scene;
  const who = owner.field('name')?.text() ?? 'the function';
  const noun = binding.name.replace(/^mut /, '').replaceAll('_', ' ');
  const how = { continue: 'skip the round', skip: 'skip a step', return: 'return early' }[exit];
  const then = {
    continue: 'goes on with the next round without it',
    skip: 'leaves out the rest of the block, which needs it,',
    return: 'returns early without it',
  }[exit];
  return {
    summary: noun.length > 24 ? `${how} when a value is missing` : `${how} when there is no ${noun}`,
    rootCause: `\`${shortText(source, found.node)}\` in line ${suspect.line} of \`${suspect.path}\` takes its value for granted, and there was none, so the program panicked.`,
    change: `\`${who}\` ${then}${exit === 'return' ? '; it returns nothing anyway' : ' and goes on'}.`,
    strategy: name,
    symptom: symptomAt(scene, found.receiver, owner),
  };
}
