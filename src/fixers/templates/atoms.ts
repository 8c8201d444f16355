// The question that is asked of a value inside a condition: `row.name === name`, `!row.open`, `list.indexOf(x) !== -1`.
// Syntax only. It must tell a question whose "no" a missing value would answer from one whose "yes" it would.

import { Node } from 'ts-morph';
import type { BinaryExpression } from 'ts-morph';
import type { Dereference } from './dereference.ts';

export type Atom = {
  /** The part of the condition that needs the value: `row.name === name`. */
  atom: Node;
  /** Whether it asks for a "no": `!row.name`, `row.kind !== 'a'`, `rows.length === 0`. */
  negated: boolean;
  /** Two values that are not equal, which only a question as a whole makes a "no" of. */
  differs?: true;
};

/** The smallest part of the condition that needs the value. */
export function atomOf(access: Dereference): Atom {
  if (access.kind === 'contain') return { atom: access.node, negated: false };
  let chain = access.node;
  for (let up = chain.getParent(); up && isStep(up, chain); up = chain.getParent()) chain = up;
  chain = membership(chain) ?? chain;
  const holder = chain.getParent();
  if (Node.isPrefixUnaryExpression(holder) && holder.getText().startsWith('!'))
    return { atom: holder, negated: true };
  if (Node.isTypeOfExpression(holder)) return comparison(holder, true) ?? { atom: chain, negated: false };
  const converted = conversion(chain);
  return comparison(converted ?? chain, false) ?? { atom: chain, negated: false };
}

/** `ids.includes(row.id)`: what is not there is in no list. */
function membership(argument: Node): Node | null {
  const call = argument.getParent();
  if (!Node.isCallExpression(call) || call.getArguments().length !== 1) return null;
  const callee = call.getExpression();
  const asks = Node.isPropertyAccessExpression(callee) && /^(?:includes|has)$/.test(callee.getName());
  return asks && call.getArguments()[0] === argument ? call : null;
}

/** `Number(row.size)`, `parseInt(row.size, 10)`: the same value, written otherwise. */
function conversion(argument: Node): Node | null {
  const call = argument.getParent();
  if (!Node.isCallExpression(call) || call.getArguments()[0] !== argument) return null;
  const name = call.getExpression().getText();
  return /^(?:(?:Number\.)?parse(?:Int|Float)|Number|String)$/.test(name) ? call : null;
}

function isStep(up: Node, inner: Node): boolean {
  if (Node.isPropertyAccessExpression(up) || Node.isElementAccessExpression(up) || Node.isCallExpression(up))
    return up.getExpression() === inner;
  return Node.isNonNullExpression(up);
}

function comparison(side: Node, ofType: boolean): Atom | null {
  const parent = side.getParent();
  if (!Node.isBinaryExpression(parent)) return null;
  const counted = ofAmount(side, parent);
  if (counted !== null) return { atom: parent, negated: counted === 'few' };
  const operator = parent.getOperatorToken().getText();
  if (/^(?:[<>]=?|instanceof)$/.test(operator)) return { atom: parent, negated: false };
  const other = parent.getLeft() === side ? parent.getRight() : parent.getLeft();
  if (/^(?:undefined|null)$/.test(other.getText()) || (ofType && /undefined/.test(other.getText())))
    return null;
  if (/^===?$/.test(operator)) return { atom: parent, negated: false };
  if (!/^!==?$/.test(operator)) return null;
  return isLiteral(other) ? { atom: parent, negated: true } : { atom: parent, negated: false, differs: true };
}

function isLiteral(node: Node): boolean {
  return Node.isLiteralExpression(node) || Node.isTrueLiteral(node) || Node.isFalseLiteral(node);
}

/**
 * What is not there has no entries, and nothing is found in it: `rows.length > 0` is answered with "no", and
 * `rows.length === 0`, `text.indexOf('#') === -1` with "yes". Null for any other comparison.
 */
function ofAmount(side: Node, comparing: BinaryExpression): 'some' | 'few' | null {
  const isLeft = comparing.getLeft() === side;
  const other = (isLeft ? comparing.getRight() : comparing.getLeft()).getText();
  const written = comparing.getOperatorToken().getText();
  const operator = (isLeft ? written : (turned[written] ?? written)).replace(/^([!=]=)=$/, '$1');
  if (isPlace(side)) return places[`${operator} ${other}`] ?? null;
  if (!Node.isPropertyAccessExpression(side) || !/^(?:length|size)$/.test(side.getName())) return null;
  if (operator.startsWith('<')) return 'few';
  if (operator.startsWith('>')) return other === '0' && operator === '>=' ? 'few' : 'some';
  return other === '0' ? (operator === '==' ? 'few' : 'some') : null;
}

/** As it reads with both sides exchanged. */
const turned: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

/** What is asked of a place that is -1 where there is none. */
const places: Readonly<Record<string, 'some' | 'few'>> = {
  '!= -1': 'some',
  '> -1': 'some',
  '>= 0': 'some',
  '== -1': 'few',
  '< 0': 'few',
  '<= -1': 'few',
};

function isPlace(node: Node): boolean {
  const callee = Node.isCallExpression(node) ? node.getExpression() : undefined;
  return (
    Node.isPropertyAccessExpression(callee) &&
    /^(?:indexOf|lastIndexOf|search|findIndex|findLastIndex)$/.test(callee.getName())
  );
}
