// The names that a value flows into within one function: what was made with it, and what it was put into.
// It must not follow values out of the function.

import { Node } from 'ts-morph';
import type { Symbol as NamedSymbol } from 'ts-morph';
import { isAssignment } from './effects.ts';
import { usesOf } from './flow.ts';

/** A value in its function, and every name it reaches. */
export type Reach = { owner: Node; uses: readonly Node[]; touched: ReadonlySet<NamedSymbol> };

/** Every name that holds something made with the value, or something it was put into. */
export function touchedBy(uses: readonly Node[], owner: Node): Set<NamedSymbol> {
  const touched = new Set<NamedSymbol>();
  const open = [...uses];
  for (let use = open.pop(); use; use = open.pop()) {
    for (const name of receivers(use, owner)) {
      const symbol = name.getSymbol();
      if (!symbol || touched.has(symbol)) continue;
      touched.add(symbol);
      open.push(...usesOf(name, owner));
    }
  }
  return touched;
}

/** The names that a use flows into: `const a = …use…`, `a.b = …use…`, `a.push(use)`. */
function receivers(use: Node, owner: Node): Node[] {
  const found: Node[] = [];
  for (let at = use.getParent(); at && at !== owner && !Node.isStatement(at); at = at.getParent()) {
    if (Node.isVariableDeclaration(at)) found.push(...namesOf(at.getNameNode()));
    if (Node.isBinaryExpression(at) && isAssignment(at.getOperatorToken().getKind()))
      found.push(...rootOf(at.getLeft()));
    if (Node.isCallExpression(at) && !isWithin(use, at.getExpression()))
      found.push(...rootOf(at.getExpression()));
  }
  const loop = use.getFirstAncestor((up) => Node.isForOfStatement(up) && isWithin(use, up.getExpression()));
  const item = Node.isForOfStatement(loop) ? loop.getInitializer() : undefined;
  if (Node.isVariableDeclarationList(item))
    found.push(...item.getDeclarations().flatMap((one) => namesOf(one.getNameNode())));
  return found;
}

function namesOf(name: Node): Node[] {
  if (Node.isIdentifier(name)) return [name];
  if (!Node.isObjectBindingPattern(name) && !Node.isArrayBindingPattern(name)) return [];
  return name
    .getElements()
    .flatMap((element) => (Node.isBindingElement(element) ? namesOf(element.getNameNode()) : []));
}

/** `list` of `list.items.push`; nothing for a plain function. */
function rootOf(node: Node): Node[] {
  let root = node;
  while (Node.isPropertyAccessExpression(root) || Node.isElementAccessExpression(root))
    root = root.getExpression();
  return root !== node || !Node.isCallExpression(root.getParent())
    ? [root].filter((one) => Node.isIdentifier(one))
    : [];
}

function isWithin(node: Node, other: Node): boolean {
  return node.getStart() >= other.getStart() && node.getEnd() <= other.getEnd();
}

/** Whether a piece of code has anything to do with the value. */
export function needs(node: Node, { uses, touched }: Reach): boolean {
  if (uses.some((use) => isWithin(use, node))) return true;
  return node.getDescendants().some((one) => {
    const symbol = Node.isIdentifier(one) ? one.getSymbol() : undefined;
    return symbol !== undefined && touched.has(symbol);
  });
}
