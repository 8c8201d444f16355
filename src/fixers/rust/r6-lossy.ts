// R6: `from_utf8(bytes).unwrap()` met other bytes where the text is only shown or logged (reference fixing.md, 2.4).
// It must decline where the text is stored, hashed or compared: replacement characters would change it in silence.

import type { SgNode } from '@ast-grep/napi';
import type { Edit } from '../templates/edits.ts';
import { isDeclined } from '../templates/template.ts';
import type { Declined, Plan } from '../templates/template.ts';
import { methodCalls, onlyAt } from './candidates.ts';
import type { MethodCall } from './candidates.ts';
import { shortText } from './describe.ts';
import { statedInvariant } from './invariant.ts';
import { functionRound } from './owner.ts';
import { isTextMacro, textOf, upFrom } from './source.ts';
import type { Source } from './source.ts';
import type { PlanGroups, RustScene, RustTemplate } from './template.ts';

const name = 'R6 lossy text';

export const lossyText: RustTemplate = { name, kinds: ['err', 'said'], plan };

type Reading = MethodCall & { reader: SgNode; bytes: SgNode };

function plan(scene: RustScene): PlanGroups | Declined {
  const { source, panic } = scene;
  if (!/Utf8Error/.test(panic.message))
    return { why: 'What failed was no reading of bytes as text.', far: true };
  const found = onlyAt(scene, methodCalls(source, /^(?:unwrap|expect)$/).flatMap(readReading));
  if (isDeclined(found)) return found;
  const owner = functionRound(source, found.node);
  if (isDeclined(owner)) return owner;
  if (!isOnlyShown(found.node, owner))
    return {
      why: 'The text is more than shown or logged, so replacing what is not UTF-8 would change it in silence.',
    };
  const stated = statedInvariant(source, found.node);
  if (stated) return stated;
  return waysOf(source, found).map((edits) => [planOf(scene, { found, owner, edits })]);
}

function readReading(call: MethodCall): Reading[] {
  const reader = call.receiver.kind() === 'call_expression' ? call.receiver.field('function') : null;
  const bytes = call.receiver
    .field('arguments')
    ?.children()
    .find((child) => child.isNamed());
  return reader && bytes && /(?:^|::)from_utf8$/.test(reader.text()) ? [{ ...call, reader, bytes }] : [];
}

/** Right in a text macro, or bound to a name that is used in such macros only. */
function isOnlyShown(node: SgNode, owner: SgNode): boolean {
  const ups = upFrom(node, (up) => /^(?:block|closure_expression)$/.test(String(up.kind())));
  if (ups.some(isTextMacro)) return true;
  const holder = ups.find((up) => up.kind() === 'let_declaration');
  const bound =
    holder?.field('value')?.range().start.index === node.range().start.index ? holder.field('pattern') : null;
  return (
    bound?.kind() === 'identifier' &&
    usesOf(bound, owner).every((use) => upFrom(use, (up) => up.kind() === 'block').some(isTextMacro))
  );
}

function usesOf(bound: SgNode, owner: SgNode): SgNode[] {
  const same = owner.findAll({ rule: { kind: 'identifier' } }).filter((one) => one.text() === bound.text());
  const inTexts = new RegExp(`\\{${bound.text()}[:}]`);
  const texts = owner.findAll({ rule: { kind: 'string_literal' } }).filter((one) => inTexts.test(one.text()));
  return [...same.filter((one) => one.range().start.index !== bound.range().start.index), ...texts];
}

/** Bytes that were handed over are borrowed instead; those that were borrowed stay as they are. */
function waysOf(source: Source, { node, bytes }: Reading): Edit[][] {
  const { start, end } = node.range();
  const plain = textOf(source, bytes).replace(/\.(?:to_vec|clone|to_owned|into_bytes)\(\)$/, '');
  const borrowed = plain.startsWith('&') ? plain : `&${plain}`;
  return [plain, borrowed]
    .filter((one, index, all) => all.indexOf(one) === index)
    .map((given) => [{ start: start.index, end: end.index, text: `String::from_utf8_lossy(${given})` }]);
}

function planOf(
  { source, suspect }: RustScene,
  { found, owner, edits }: { found: Reading; owner: SgNode; edits: Edit[] },
): Plan {
  const function_ = owner.field('name')?.text() ?? 'the function';
  return {
    edits,
    description: {
      summary: 'show text that is not UTF-8 instead of panicking',
      rootCause: `\`${shortText(source, found.node)}\` in line ${suspect.line} of \`${suspect.path}\` takes for granted that the bytes are UTF-8, and they were not, so the program panicked.`,
      change: `\`${function_}\` shows a replacement character for what is not UTF-8; everything else reads as before.`,
      strategy: name,
      symptom: null,
    },
  };
}
