// Reads the calls of a stack that stand in files of the repository. It must not know which runner printed it.

import path from 'node:path';
import type { ThrownFrame } from '../domain/proof/reproduction.ts';

/** `at first (file:///shop/src/a.ts:2:38)`, with or without `at`, with or without a function. */
const call =
  /^\s*(?:at )?(?:(?<name>[^()]*?(?:\[as [^\]]*\])?) \()?(?:file:\/\/)?(?<file>\/[^:()]+):(?<line>\d+):\d+\)?$/;

/** Innermost first; packages and the engine's own calls are left out. */
export function framesIn(stack: string, root: string): ThrownFrame[] {
  return stack.split('\n').flatMap((line) => {
    const found = call.exec(line.slice(0, 1_000))?.groups;
    const file = repositoryPath(found?.['file'] ?? '', root);
    if (file === null) return [];
    const name = found?.['name']?.trim() ?? '';
    return [{ function: name === '' ? null : name, path: file, line: Number(found?.['line']) }];
  });
}

function repositoryPath(file: string, root: string): string | null {
  const plain = decoded(file.replace(/\?.*$/, ''));
  if (!plain.startsWith(root + path.sep)) return null;
  const inside = path.relative(root, plain).split(path.sep);
  return inside.includes('node_modules') ? null : inside.join('/');
}

function decoded(file: string): string {
  try {
    return decodeURIComponent(file);
  } catch {
    return file;
  }
}
