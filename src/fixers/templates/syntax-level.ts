// Whether a file may be written with `??`: older engines do not parse it.
// It must not guess: TypeScript compiles it away, and plain JavaScript has it when it, or its package, says so.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Node, SourceFile } from 'ts-morph';

/** `??` where the engines of this file know it, else `||`. */
export function fallbackOperator(node: Node): '??' | '||' {
  return knowsOptional(node.getSourceFile()) ? '??' : '||';
}

/** The first Node that parses `a?.b` is 14. */
function knowsOptional(file: SourceFile): boolean {
  const path = file.getFilePath();
  if (/\.[cm]?tsx?$/.test(path)) return true;
  if (/[\w)\]]\?\.[\w([]| \?\? /.test(file.getFullText())) return true;
  const oldest = /(\d+)/.exec(enginesOf(dirname(path)) ?? '')?.[1];
  return oldest !== undefined && Number(oldest) >= 14;
}

function enginesOf(dir: string): string | null {
  for (let at = dir; ; at = dirname(at)) {
    const file = join(at, 'package.json');
    if (existsSync(file)) return /"node"\s*:\s*"([^"]*)"/.exec(readFileSync(file, 'utf8'))?.[1] ?? null;
    if (at === dirname(at)) return null;
  }
}
