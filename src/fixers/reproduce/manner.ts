// How the tests of a neighbourhood are written: what they import, call and assert with, and how they look.
// It reads text by its lines; where there is no sample, the plainest form counts.

import type { TestRunner } from '../../ports.ts';

export type Manner = {
  runner: Exclude<TestRunner, 'cargo'>;
  /** What a test is declared with. */
  declare: 'test' | 'it';
  /** `assert.equal(a, b)`, or `expect(a).toBe(b)`. */
  assert: 'assert' | 'expect';
  /** Lines that bring both, as they stand in the sample. */
  imports: string[];
  quote: "'" | '"';
  semicolon: '' | ';';
  step: string;
  eol: '\n' | '\r\n';
  /** Modules by `require`. */
  commonJs: boolean;
  /** The ending of relative imports: as in the file, `.js`, or none. */
  ending: 'own' | '.js' | '';
};

type Sample = { sample: string | null; source: string; runner: Manner['runner'] };

/** Takes a test of the neighbourhood (or null), the source under test, and what runs the test. */
export function mannerOf({ sample, source, runner }: Sample): Manner {
  const text = sample ?? source;
  const commonJs = /\brequire\(/.test(text) && !/^import\b/m.test(text);
  const quote = count(text, /"/g) > count(text, /'/g) ? '"' : "'";
  const semicolon = count(text, /;[ \t]*\r?$/gm) * 3 >= count(text, /[)\w'"\]][ \t]*\r?$/gm) ? ';' : '';
  const look = { quote, semicolon, commonJs } as const;
  const declare = /^\s*it(?:\.\w+)*\(/m.test(sample ?? '') ? 'it' : 'test';
  const assert = assertionOf(sample, runner);
  return {
    ...look,
    runner,
    declare,
    assert,
    imports: importsOf(sample, { runner, declare, assert, ...look }),
    step: /^(\t| {2,8})\S/m.exec(text)?.[1] ?? '  ',
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    ending: endingOf(text, source) ?? (runner === 'node:test' && !commonJs ? 'own' : ''),
  };
}

function assertionOf(sample: string | null, runner: Manner['runner']): Manner['assert'] {
  if (runner === 'node:test') return /\bexpect\(/.test(sample ?? '') ? 'expect' : 'assert';
  return /\bassert[.(]/.test(sample ?? '') && !/\bexpect\(/.test(sample ?? '') ? 'assert' : 'expect';
}

type Wanted = Pick<Manner, 'runner' | 'declare' | 'assert' | 'quote' | 'semicolon' | 'commonJs'>;

/** The sample's own lines for the runner and the assertions, narrowed to what one test needs. */
function importsOf(sample: string | null, wanted: Wanted): string[] {
  const { runner, declare, assert } = wanted;
  const lines = sample?.split(/\r?\n/) ?? [];
  const own = lines.filter((line) => assertionModule.test(line) && line.includes(assert));
  if (runner === 'node:test') {
    const fallback = assert === 'assert' ? [bring('assert', 'node:assert/strict', wanted)] : [];
    const runnerLine = bring(`{ ${declare} }`, moduleNamed(sample, /node:test|test/) ?? 'node:test', wanted);
    return [...(own.length > 0 ? own : fallback), runnerLine];
  }
  const module = runner === 'vitest' ? 'vitest' : '@jest/globals';
  const usesGlobals = sample === null ? runner === 'jest' : !sample.includes(module);
  const names = assert === 'expect' ? `{ expect, ${declare} }` : `{ ${declare} }`;
  return [...own, ...(usesGlobals ? [] : [bring(names, module, wanted)])];
}

const assertionModule =
  /^(?:import|const)\s.*\b(?:from\s*|require\()["'](?:node:)?(?:assert|assert\/strict|chai|expect)["']/;

function moduleNamed(sample: string | null, name: RegExp): string | null {
  const found = new RegExp(`(?:from\\s*|require\\()["'](${name.source})["']`).exec(sample ?? '');
  return found?.[1] ?? null;
}

/** One line that brings names from a module. */
export function bring(
  names: string,
  from: string,
  { quote, semicolon, commonJs }: Pick<Manner, 'quote' | 'semicolon' | 'commonJs'>,
): string {
  const module = `${quote}${from}${quote}`;
  return commonJs
    ? `const ${names} = require(${module})${semicolon}`
    : `import ${names} from ${module}${semicolon}`;
}

/** Null where no relative import shows it. */
function endingOf(text: string, source: string): Manner['ending'] | null {
  const specifiers = [...`${text}\n${source}`.matchAll(/(?:from\s*|require\()["'](\.{1,2}\/[^"']+)["']/g)];
  const endings = specifiers.map(([, specifier = '']) => /\.[cm]?([jt])sx?$/.exec(specifier)?.[1] ?? '');
  if (endings.includes('t')) return 'own';
  if (endings.includes('j')) return '.js';
  return endings.length === 0 ? null : '';
}

function count(text: string, pattern: RegExp): number {
  return (text.match(pattern) ?? []).length;
}
