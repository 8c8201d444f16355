// What JSDoc declares in plain JavaScript, where TypeScript has syntax for it.
// It must not read TypeScript's own annotations.

import { ts } from 'ts-morph';
import type { Node } from 'ts-morph';

/** Whether a function says what it returns: by a type, or by `@returns {…}`. */
export function declaresResult(owner: Node & { getReturnTypeNode(): Node | undefined }): boolean {
  return owner.getReturnTypeNode() !== undefined || ts.getJSDocReturnType(owner.compilerNode) !== undefined;
}
