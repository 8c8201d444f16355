// The words of a way out for the commit and the pull request: built from names in the code, never from the event.
// Only sentences; it must not decide anything.

import type { SgNode } from '@ast-grep/napi';
import type { FixDescription } from '../../ports.ts';
import { elementOf, subjectOf } from './message.ts';
import type { Owner } from './owner.ts';
import { textOf } from './source.ts';
import type { Source } from './source.ts';
import type { RustScene } from './template.ts';

type Told = {
  owner: Owner;
  /** The expression that had no value. */
  value: SgNode;
  met: 'none' | 'err' | 'missing';
  /** The code that took the value for granted. */
  assumption: SgNode;
  strategy: string;
};

/** Describes a panic that became an early return of the function. */
export function describeWayOut(scene: RustScene, told: Told): FixDescription {
  const { owner, value, met, assumption, strategy } = told;
  const { source, suspect } = scene;
  const leaves = owner.returns === 'option' ? 'returns `None`' : 'returns an error';
  const was = { none: 'there was none', err: 'it was an error', missing: 'it was not there' }[met];
  return {
    summary: summaryOf(told),
    rootCause: `\`${shortText(source, assumption)}\` in line ${suspect.line} of \`${suspect.path}\` takes its value for granted, and ${was}, so the program panicked.`,
    change: `\`${owner.name}\` ${leaves} instead of panicking; its callers already handle that.`,
    strategy,
    symptom: symptomOf(scene, value, owner),
  };
}

const longestSummary = 56;

function summaryOf({ owner, value, met, assumption }: Told): string {
  const how = owner.returns === 'option' ? 'return nothing' : 'return an error';
  if (met === 'err')
    return `${how} where ${owner.returns === 'option' ? 'a text does not parse' : 'a step fails'}`;
  const noun = met === 'missing' ? elementOf(assumption, value) : subjectOf(value);
  const summary = `${how} when there is no ${noun}`;
  return noun !== null && summary.length <= longestSummary ? summary : `${how} when a value is missing`;
}

/** Set when the value was handed in or kept from before: then it went missing further back. */
export function symptomOf(scene: RustScene, value: SgNode, owner: Owner): string | null {
  return symptomAt(scene, value, owner.node);
}

/** The same for a function that says nothing of its result. */
export function symptomAt({ source, frames }: RustScene, value: SgNode, owner: SgNode): string | null {
  const held = past(value);
  if (held.kind() === 'field_expression')
    return `Symptom-level guard: the cause is where \`${shortText(source, held)}\` was left empty.`;
  if (held.kind() !== 'identifier' || !hasParameter(owner, held.text())) return null;
  const caller = frames.find(
    (frame) => frame.index > 0 && frame.inApp && frame.path !== null && frame.line !== null,
  );
  const where = caller ? ` (\`${caller.path}:${caller.line}\`)` : '';
  return `Symptom-level guard: the cause is the caller of \`${owner.field('name')?.text() ?? 'the function'}\` that passed no \`${held.text()}\`${where}.`;
}

/** Past `.as_ref()` and its like, which only pass a value on. */
function past(node: SgNode): SgNode {
  const callee = node.kind() === 'call_expression' ? node.field('function') : null;
  const name = callee?.kind() === 'field_expression' ? callee.field('field')?.text() : undefined;
  const inner = callee?.field('value');
  return inner && /^(?:as_ref|as_mut|as_deref|take|clone|cloned|copied)$/.test(name ?? '')
    ? past(inner)
    : node;
}

export function isParameter(owner: Owner, name: string): boolean {
  return hasParameter(owner.node, name);
}

function hasParameter(owner: SgNode, name: string): boolean {
  const parameters = owner.field('parameters')?.children() ?? [];
  return parameters.some((one) => one.field('pattern')?.text().replace(/^mut /, '') === name);
}

/** Code for a sentence: call arguments shortened, one line, no backticks. */
export function shortText(source: Source, node: SgNode): string {
  const text = textOf(source, node)
    .replace(/[`\s]+/g, ' ')
    .replace(/ (?=\??\.\w)/g, '')
    .replace(/(?<=[\w>\])!])\((?:[^()]|\((?:[^()]|\([^()]*\))*\))+\)/g, '(...)');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
