// R1: `&text[..500]` cut a character in two where the text is only shortened for people (reference fixing.md, 2.4).
// It must decline where the offset means a place in the text: then the offset is wrong, not the cut.

import type { SgNode } from '@ast-grep/napi';
import { indentAt, lineStart } from '../templates/edits.ts';
import type { Edit } from '../templates/edits.ts';
import { isDeclined } from '../templates/template.ts';
import type { Declined, Plan } from '../templates/template.ts';
import { methodCalls, onlyAt } from './candidates.ts';
import type { Candidate } from './candidates.ts';
import { shortText } from './describe.ts';
import { statedInvariant } from './invariant.ts';
import { functionRound } from './owner.ts';
import { shorteners } from './shorteners.ts';
import { isShortening } from './shortening.ts';
import { textOf } from './source.ts';
import type { Source } from './source.ts';
import type { PlanGroups, RustScene, RustTemplate } from './template.ts';

const name = 'R1 char boundary';

export const charBoundary: RustTemplate = { name, kinds: ['cut'], plan };

/** `text[..end]`, or `text.truncate(end)` when `truncates`. */
export type Cut = Candidate & { text: SgNode; end: SgNode; truncates: boolean };

function plan(scene: RustScene): PlanGroups | Declined {
  const { source } = scene;
  const cut = onlyAt(scene, cutsIn(source));
  if (isDeclined(cut)) return cut;
  const owner = functionRound(source, cut.node);
  if (isDeclined(owner)) return owner;
  const why = statedInvariant(source, cut.node) ?? isShortening(source, cut, owner);
  if (why) return why;
  const subject = textOf(source, cut.text);
  if (!/^[\w.]+$/.test(subject))
    return { why: 'The text that is cut is computed on the spot, and would have to be computed twice.' };
  const limit = limitOf(source, cut);
  const ways = [...byHelper(scene, cut, limit), ...byLibrary(scene, cut, limit)];
  return (ways.length > 0 ? ways : byLoop(scene, cut)).map((edits) => [planOf(scene, { cut, owner, edits })]);
}

function cutsIn(source: Source): Cut[] {
  const slices = source.root.findAll({ rule: { kind: 'index_expression' } }).flatMap((node) => {
    const [text, range] = node.children().filter((child) => child.isNamed());
    const end =
      range?.kind() === 'range_expression' && /^\.\.(?!=)/.test(range.text())
        ? range.children().at(-1)
        : null;
    return text && end?.isNamed()
      ? [{ node, text, end, truncates: false, points: [node.range().start.index] }]
      : [];
  });
  const truncations = methodCalls(source, /^truncate$/).flatMap((call) => {
    const [end] = call.arguments;
    return end ? [{ node: call.node, text: call.receiver, end, truncates: true, points: call.points }] : [];
  });
  return [...slices, ...truncations];
}

/** `text.len().min(500)` is 500 to whoever shortens only what is longer. */
function limitOf(source: Source, { text, end }: Cut): string {
  const written = textOf(source, end).replace(/\s+/g, '');
  const length = `${textOf(source, text)}.len()`;
  const inner = /^(?:(?:std::)?cmp::min\((.+),(.+)\)|(.+)\.min\((.+)\))$/
    .exec(written)
    ?.slice(1)
    .filter((part) => part !== undefined);
  const rest = inner?.filter((part) => part !== length) ?? [];
  return inner?.length === 2 && rest.length === 1 ? (rest[0] ?? written) : textOf(source, end);
}

// ---------------------------------------------------------------- three ways to cut

/** The project's own function for it, as whole value: `truncate_str(content, 500)`. */
function byHelper(scene: RustScene, cut: Cut, limit: string): Edit[][] {
  const holder = cut.node.parent();
  if (cut.truncates || holder?.kind() !== 'reference_expression') return [];
  const subject = textOf(scene.source, cut.text);
  const { start, end } = holder.range();
  return shorteners(scene)
    .slice(0, 1)
    .flatMap((helper) =>
      ['', '&'].map((borrow) => [
        { start: start.index, end: end.index, text: `${helper}(${borrow}${subject}, ${limit})` },
      ]),
    );
}

/** `floor_char_boundary` where every promised compiler has it (1.91). */
function byLibrary(scene: RustScene, cut: Cut, limit: string): Edit[][] {
  const [major, minor] = scene.crate.rustVersion ?? [0, 0];
  if (major < 1 || (major === 1 && minor < 91)) return [];
  const { start, end } = cut.end.range();
  const subject = textOf(scene.source, cut.text);
  return [[{ start: start.index, end: end.index, text: `${subject}.floor_char_boundary(${limit})` }]];
}

/** Steps back to the boundary before the statement. */
function byLoop({ source }: RustScene, cut: Cut): Edit[][] {
  const statement = statementBefore(cut.node);
  if (!statement) return [];
  const at = statement.range().start.index;
  const indent = indentAt(source.text, at);
  if (source.text.slice(lineStart(source.text, at), at).trim() !== '') return [];
  const eol = source.text.includes('\r\n') ? '\r\n' : '\n';
  const step = /^\t/m.test(source.text) ? '\t' : '    ';
  const name = /\bend\b/.test(statement.parent()?.text() ?? '') ? 'cut' : 'end';
  const subject = textOf(source, cut.text);
  const lines = [
    `let mut ${name} = ${textOf(source, cut.end)};`,
    `${indent}while !${subject}.is_char_boundary(${name}) {`,
    `${indent}${step}${name} -= 1;`,
    `${indent}}`,
    indent,
  ];
  const range = cut.end.range();
  return [
    [
      { start: at, end: at, text: lines.join(eol) },
      { start: range.start.index, end: range.end.index, text: name },
    ],
  ];
}

/** The statement of the innermost block; null where something stands between that runs at another time. */
function statementBefore(node: SgNode): SgNode | null {
  for (let at = node; ;) {
    const up = at.parent();
    if (!up || /^(?:match_arm|closure_expression|while_expression|let_chain)$/.test(String(up.kind())))
      return null;
    if (up.kind() === 'block') return at;
    at = up;
  }
}

function planOf(
  { source, suspect }: RustScene,
  { cut, owner, edits }: { cut: Cut; owner: SgNode; edits: Edit[] },
): Plan {
  const function_ = owner.field('name')?.text() ?? 'the function';
  const code = shortText(source, cut.node);
  return {
    edits,
    description: {
      summary: 'cut a long text between two characters',
      rootCause: `\`${code}\` in line ${suspect.line} of \`${suspect.path}\` counts bytes, and the limit fell into the middle of a character that takes several, so the program panicked.`,
      change: `\`${function_}\` cuts at the last whole character that fits; shorter texts and plain ones come out as before.`,
      strategy: name,
      symptom: null,
    },
  };
}
