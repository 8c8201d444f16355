// Reads the names of failures out of a check's output, so that two runs can be compared.
// It must not judge them, and a name must not carry a line number or a duration.

import type { CheckKind } from '../ports.ts';
import { cargoErrors, cargoTests } from './output/cargo.ts';
import { goErrors, goTests } from './output/go.ts';
import { pytestTests, pythonErrors, unittestTests } from './output/python.ts';
import { jestTests, mochaTests, avaTests, vitestTests } from './output/runners.ts';
import { nodeSpecTests, nodeTapTests } from './output/node-test.ts';
import { jasmineTests, plainTapTests } from './output/plain.ts';
import { typescriptErrors } from './output/typescript.ts';

type Reader = (lines: readonly string[]) => string[];

const types: readonly Reader[] = [typescriptErrors, cargoErrors, pythonErrors, goErrors];
const tests: readonly Reader[] = [
  nodeTapTests,
  plainTapTests,
  nodeSpecTests,
  vitestTests,
  jestTests,
  mochaTests,
  avaTests,
  jasmineTests,
  cargoTests,
  goTests,
  pytestTests,
  unittestTests,
];

const readers: Readonly<Record<CheckKind, readonly Reader[]>> = {
  types,
  tests,
  own: [...tests, ...types],
};

/**
 * The failures named in the output (plain text, no colours). The first reader that finds any decides; a check of the
 * repository's own may run several programs, so there all are heard.
 */
export function failuresIn(kind: CheckKind, output: string): string[] {
  const lines = output.split(/\r?\n/);
  if (kind === 'own') return numbered(readers.own.flatMap((read) => read(lines)));
  for (const read of readers[kind]) {
    const names = read(lines);
    if (names.length > 0) return numbered(names);
  }
  return [];
}

/** The second failure of one name becomes `name (2)`. */
function numbered(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}
