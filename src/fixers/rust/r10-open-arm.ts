// R10: `Err(_) => todo!()` was never written, and the error came: hand it to the caller, who can be told of errors.
// It must touch no other arm: what belongs there only its author knows.

import type { SgNode } from '@ast-grep/napi';
import { isDeclined } from '../templates/template.ts';
import type { Declined, Plan } from '../templates/template.ts';
import { onlyAt } from './candidates.ts';
import type { Candidate } from './candidates.ts';
import { statedInvariant } from './invariant.ts';
import { functionToLeave, returnsOf } from './owner.ts';
import type { PlanGroups, RustScene, RustTemplate } from './template.ts';
import { err } from './ways-out.ts';

const name = 'R10 open arm';

export const openArm: RustTemplate = { name, kinds: ['todo'], plan };

const onPurpose =
  'The program panics on purpose here: the code says that it was never written, and a person has to say what should stand there.';

function plan(scene: RustScene): PlanGroups | Declined {
  const { source } = scene;
  const found = onlyAt(scene, todosIn(scene));
  if (isDeclined(found)) return found;
  const arm = errorArm(found.node);
  if (!arm) return { why: onPurpose };
  const owner = functionToLeave(source, found.node);
  if (isDeclined(owner)) return owner;
  const wrap = wrapOf(owner);
  if (isDeclined(wrap)) return wrap;
  const why = statedInvariant(source, found.node);
  if (why) return why;
  const caught = arm.bound ?? err(scene);
  const edits = (handed: string): Plan['edits'] => [
    ...(arm.bound === null ? [{ ...spanOf(arm.caught), text: caught }] : []),
    { ...spanOf(found.node), text: `${arm.isResult ? '' : 'return '}${wrap(`Err(${handed})`)}` },
  ];
  const description = describe(scene, owner);
  // The error as it is; where the function's own is another, as that one is made of it.
  return [caught, `${caught}.into()`].map((handed) => [{ edits: edits(handed), description }]);
}

function todosIn({ source }: RustScene): Candidate[] {
  return source.root
    .findAll({ rule: { kind: 'macro_invocation' } })
    .filter((node) => node.field('macro')?.text() === 'todo')
    .map((node) => ({ node, points: [node.range().start.index] }));
}

type Arm = {
  /** What stands between the brackets of `Err(…)`. */
  caught: SgNode;
  bound: string | null;
  /** Whether what the arm gives is what the function gives. */
  isResult: boolean;
};

/** The arm that consists of the macro alone and takes every error: `Err(_)`, `Err(error)`. */
function errorArm(node: SgNode): Arm | null {
  const arm = armOf(node);
  const pattern = arm?.field('pattern');
  if (!pattern || pattern.field('condition')) return null;
  const caught = /^(?:Result::)?Err\(\s*(?:_|[a-z_]\w*)\s*\)$/.test(pattern.text())
    ? pattern
        .child(0)
        ?.children()
        .findLast((child) => /^(?:_|[a-z]\w*)$/.test(child.text()))
    : undefined;
  if (!caught) return null;
  const text = caught.text();
  return { caught, bound: text.startsWith('_') ? null : text, isResult: endsFunction(arm) };
}

/** The `match` is the last expression of its function, and nothing is made of it. */
function endsFunction(arm: SgNode | null): boolean {
  const match = arm?.ancestors().find((up) => up.kind() === 'match_expression');
  const holder = match?.parent();
  const last = holder?.kind() === 'expression_statement' ? holder : match;
  const block = last?.parent();
  if (!last || block?.kind() !== 'block' || block.parent()?.kind() !== 'function_item') return false;
  const [end] = block
    .children()
    .filter((child) => child.isNamed())
    .slice(-1);
  return end?.range().start.index === last.range().start.index && !last.text().endsWith(';');
}

/** `=> todo!()`, `=> { todo!() }` and `=> { todo!(); }`. */
function armOf(node: SgNode): SgNode | null {
  let at = node;
  for (let up = at.parent(); up; up = at.parent()) {
    if (up.kind() === 'match_arm') return up;
    const holdsNothingElse = up.children().filter((child) => child.isNamed()).length === 1;
    if (!/^(?:expression_statement|block)$/.test(String(up.kind())) || !holdsNothingElse) return null;
    at = up;
  }
  return null;
}

/** How the function hands back an error: `Err(…)`, or `Some(Err(…))` where it gives one result after another. */
function wrapOf(owner: SgNode): ((error: string) => string) | Declined {
  const type = owner.field('return_type');
  const who = owner.field('name')?.text() ?? 'the function';
  const returns = type ? returnsOf(type) : null;
  if (returns === 'result') return (error) => error;
  if (type && returns === 'option' && holdsResult(type, owner)) return (error) => `Some(${error})`;
  return { why: `\`${who}\` returns no \`Result\`, so there is nobody to hand the error to.` };
}

/** `Option<Result<…>>`, and `Option<Self::Item>` where the items are results. */
function holdsResult(type: SgNode, owner: SgNode): boolean {
  const inner = /^(?:[\w:]+::)?Option\s*<\s*(.+)>$/s.exec(type.text())?.[1]?.trim() ?? '';
  const associated = /^Self::(\w+)$/.exec(inner)?.[1];
  const named = associated === undefined ? inner : (associatedType(owner, associated) ?? '');
  return /^(?:[\w:]+::)?\w*Result\s*(?:<|$)/.test(named);
}

function associatedType(owner: SgNode, wanted: string): string | null {
  const items =
    owner
      .ancestors()
      .find((up) => up.kind() === 'impl_item')
      ?.field('body')
      ?.children() ?? [];
  const found = items.find((item) => item.kind() === 'type_item' && item.field('name')?.text() === wanted);
  return found?.field('type')?.text() ?? null;
}

function spanOf(node: SgNode): { start: number; end: number } {
  const { start, end } = node.range();
  return { start: start.index, end: end.index };
}

function describe({ suspect }: RustScene, owner: SgNode): Plan['description'] {
  const who = owner.field('name')?.text() ?? 'the function';
  return {
    summary: 'return an error where a step fails',
    rootCause: `The arm for errors in line ${suspect.line} of \`${suspect.path}\` was never written (\`todo!()\`), and an error came, so the program panicked.`,
    change: `\`${who}\` hands the error to its caller instead of panicking.`,
    strategy: name,
    symptom: null,
  };
}
