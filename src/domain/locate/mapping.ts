// An operator's own code mapping, as it is written on a command line.
// It must not check whether the folders exist: only files that are there are ever named.

import type { PathMapping } from './find-path.ts';

/** Reads `STACK_ROOT=SOURCE_ROOT`, such as `/app/=` or `D:\a\shop\=packages/shop/`. Null when there is no `=`. */
export function parseMapping(text: string): PathMapping | null {
  const at = text.indexOf('=');
  if (at < 1) return null;
  return { stackRoot: text.slice(0, at), sourceRoot: text.slice(at + 1) };
}
