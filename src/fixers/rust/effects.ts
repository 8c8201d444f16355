// Whether a piece of Rust leaves something behind, and which names it uses. By syntax, erring on the side of "yes".

import type { SgNode } from '@ast-grep/napi';
import { macroName } from './source.ts';

/** Any call that is no log, an assignment, or a macro that is not opened to the parser. */
export function effectful(node: SgNode): boolean {
  return [
    node,
    ...node.findAll({
      rule: {
        any: [
          { kind: 'call_expression' },
          { kind: 'macro_invocation' },
          { kind: 'assignment_expression' },
          { kind: 'compound_assignment_expr' },
        ],
      },
    }),
  ].some(hasEffect);
}

function hasEffect(node: SgNode): boolean {
  const kind = String(node.kind());
  if (kind === 'call_expression')
    return !/^(?:trace|debug|info|warn|error|eprintln|format)$/.test(macroName(node) ?? '');
  return /^(?:macro_invocation|assignment_expression|compound_assignment_expr)$/.test(kind);
}

/** Identifiers in it, those inside of texts with `{name}` as well. */
export function namesIn(node: SgNode): Set<string> {
  const found = [
    node,
    ...node.findAll({ rule: { any: [{ kind: 'identifier' }, { kind: 'shorthand_field_identifier' }] } }),
  ]
    .filter((one) => String(one.kind()).endsWith('identifier'))
    .map((one) => one.text());
  const shown = node
    .findAll({ rule: { kind: 'string_literal' } })
    .flatMap((one) => [...one.text().matchAll(/\{(\w+)(?::[^}]*)?\}/g)].map((match) => match[1] ?? ''));
  return new Set([...found, ...shown]);
}
