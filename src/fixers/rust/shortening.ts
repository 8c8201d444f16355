// Whether a cut only shortens a text for people, told from its limit and from what becomes of it.
// Doubt means no: an offset into a format that is moved to another place reads the wrong thing.

import type { SgNode } from '@ast-grep/napi';
import { wordsOf } from '../../domain/proof/delicate.ts';
import type { Declined } from '../templates/template.ts';
import { isTextMacro, textOf, upFrom } from './source.ts';
import type { Source } from './source.ts';

const limits =
  /^(?:max|most|longest|limit|width|maximum|cap|budget|len|length|size|chars|bytes|cols|columns|truncate|truncated|preview|short)$/;
const places =
  /^(?:pos|position|offset|idx|index|start|end|cursor|at|span|range|begin|i|j|n|split|header|prefix)$/;
const shown =
  /^(?:preview|previews|snippet|excerpt|summary|short|shortened|truncated|truncate|trunc|ellipsis|ellipsize|abbreviate|abbreviated|clip|clipped|label|title|display|shown|description|caption|message|msg|log|debug|fmt|format|render|print|content|text|body|line)$/;

/** Null when both the limit and the use say so; else why not. */
export function isShortening(
  source: Source,
  cut: { node: SgNode; end: SgNode; truncates: boolean },
  owner: SgNode,
): Declined | null {
  const limit = textOf(source, cut.end);
  if (!isLimit(limit))
    return {
      why: `\`${limit.replace(/[`\s]+/g, ' ').slice(0, 60)}\` is a place in the text and no limit of its length: the place is wrong then, and not the cut.`,
    };
  if (isShown(cut.node, owner) || namesSaySo(cut, owner)) return null;
  return {
    why: 'Nothing shows that the text is only shortened to be shown or logged; what is stored or parsed must not lose its end in silence.',
  };
}

/** `500`, `MAX_LEN`, `max_bytes`, `content.len().min(500)`. */
function isLimit(limit: string): boolean {
  const parts = limit
    .replace(/\s+/g, '')
    .split(/\.min\(|(?:std::)?cmp::min\(|[(),]/)
    .filter((part) => part !== '');
  return parts.every((part) => {
    if (/^\d[\d_]*(?:usize)?$/.test(part)) return Number(part.replace(/\D/g, '')) >= 8;
    if (/^[\w.]+\.len$/.test(part)) return true;
    if (/^(?:\w+::)*[A-Z][A-Z\d_]+$/.test(part)) return true;
    const words = wordsOf(part.split(/\.|::/).at(-1) ?? '');
    return words.some((word) => limits.test(word)) && !words.some((word) => places.test(word));
  });
}

/** Right in a macro that makes or shows text. */
function isShown(node: SgNode, owner: SgNode): boolean {
  return upFrom(
    node,
    (up) =>
      up.range().start.index === owner.range().start.index ||
      /^(?:block|closure_expression)$/.test(String(up.kind())),
  ).some(isTextMacro);
}

/** A function or variable whose name says what it is for. */
function namesSaySo({ node, truncates }: { node: SgNode; truncates: boolean }, owner: SgNode): boolean {
  const holder = node
    .ancestors()
    .find((up) => /^(?:let_declaration|field_initializer)$/.test(String(up.kind())));
  const bound = holder?.field('pattern')?.text() ?? holder?.field('field')?.text() ?? '';
  const names = [
    owner.field('name')?.text() ?? '',
    bound,
    ...(truncates ? [node.field('function')?.text().split('.')[0] ?? ''] : []),
  ];
  return names.some((name) => wordsOf(name).some((word) => shown.test(word)));
}
