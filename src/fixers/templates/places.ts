// Whether the entries of two lists are matched by their place: `ids[index]` for `rows[index]`, where the ids were made
// of the rows. An entry less in one of them would then give every later one the wrong partner.

import { Node } from 'ts-morph';
import type { CallExpression } from 'ts-morph';
import { usesOf } from './flow.ts';
import { isStable } from './guard.ts';
import { shortCode } from './quote.ts';
import { enclosingFunction } from './scope.ts';
import type { Declined } from './template.ts';

/** Takes the call that makes a list of another. Declines where either is used by the places of its entries. */
export function refusalOfPlaces(call: CallExpression, list: Node): Declined | null {
  const { end, isSorted } = chainFrom(call);
  if (isSorted) return null;
  const made = madeName(end);
  const within = enclosingFunction(call) ?? call.getSourceFile();
  const names = [made, isStable(list) ? list : null].flatMap((name) => name ?? []);
  const use = names.flatMap((name) => usesOf(name, within)).find(isByPlace);
  return use
    ? {
        why: `Line ${use.getStartLineNumber()} goes by the places of the entries (\`${shortCode(use.getParentOrThrow())}\`), and with one left out they would no longer fit.`,
      }
    : null;
}

/** The end of the chain of calls; where it sorts, places mean nothing afterwards. */
function chainFrom(call: CallExpression): { end: Node; isSorted: boolean } {
  let end: Node = call;
  let isSorted = false;
  for (let up = end.getParent(); up; up = end.getParent()) {
    if (!Node.isPropertyAccessExpression(up) && !Node.isCallExpression(up)) break;
    if (up.getExpression() !== end) break;
    isSorted ||= Node.isPropertyAccessExpression(up) && /^(?:sort|toSorted)$/.test(up.getName());
    end = up;
  }
  return { end, isSorted };
}

/** `ids` of `const ids = …` and of `ids = …`. */
function madeName(end: Node): Node | null {
  const holder = end.getParent();
  const name = Node.isVariableDeclaration(holder)
    ? holder.getNameNode()
    : Node.isBinaryExpression(holder) && holder.getOperatorToken().getText() === '='
      ? holder.getLeft()
      : null;
  return name && isStable(name) ? name : null;
}

/** `ids[index]`, `ids.at(2)`, `ids.indexOf(id)`, `ids.forEach((id, index) => …)`. */
function isByPlace(use: Node): boolean {
  const parent = use.getParent();
  if (Node.isElementAccessExpression(parent))
    return parent.getExpression() === use && !Node.isStringLiteral(parent.getArgumentExpression());
  if (!Node.isPropertyAccessExpression(parent) || parent.getExpression() !== use) return false;
  if (/^(?:at|entries|keys|indexOf|lastIndexOf|findIndex|findLastIndex)$/.test(parent.getName())) return true;
  const call = parent.getParent();
  if (!Node.isCallExpression(call) || call.getExpression() !== parent) return false;
  const [callback] = call.getArguments();
  if (!Node.isArrowFunction(callback) && !Node.isFunctionExpression(callback)) return false;
  return callback.getParameters().length > (parent.getName().startsWith('reduce') ? 2 : 1);
}
