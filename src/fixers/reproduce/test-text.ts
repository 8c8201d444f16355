// The text of a test file: one that tries every call, and the one that stays.
// It must not know types of the target beyond what a call gives.

import path from 'node:path';
import type { Node } from 'ts-morph';
import type { Call } from './calls.ts';
import { bring, type Manner } from './manner.ts';
import type { Subject } from './subject.ts';

type Writing = {
  root: string;
  /** Where the test stands, repository-relative. */ file: string;
  manner: Manner;
};

/** A file with one test for each call, named by its number. */
export function scoutText(subject: Subject, calls: readonly Call[], writing: Writing): string {
  const { manner } = writing;
  const needs = new Map(calls.flatMap((call) => [...call.needs]));
  const tests = calls.map((call, index) =>
    testText({ name: scoutName(index), body: plainBody(call), isAsync: call.isAsync }, manner),
  );
  return fileText([...importLines(subject, needs, writing)], tests, manner);
}

export function scoutName(index: number): string {
  return `call ${index + 1}`;
}

/** The strictest assertion first, then the call alone. */
export function bodiesOf(call: Call, { assert }: Manner): string[] {
  const given = call.isAsync ? `await ${call.text}` : call.text;
  const is = (actual: string, wanted: string): string =>
    assert === 'assert' ? `assert.equal(${actual}, ${wanted})` : `expect(${actual}).toBe(${wanted})`;
  const parts = call.gives.isUnion() ? call.gives.getUnionTypes() : [call.gives];
  const bodies: string[] = [];
  if (parts.some((part) => part.isUndefined())) bodies.push(is(given, 'undefined'));
  if (parts.some((part) => part.isNull())) bodies.push(is(given, 'null'));
  if (call.gives.isString()) bodies.push(is(`typeof ${bracketed(given)}`, `'string'`));
  if (call.gives.isNumber()) bodies.push(is(`typeof ${bracketed(given)}`, `'number'`));
  if (call.gives.isArray() || call.gives.isReadonlyArray())
    bodies.push(is(`Array.isArray(${given})`, 'true'));
  return [...bodies, given];
}

function bracketed(given: string): string {
  return given.startsWith('await ') || given.startsWith('new ') ? `(${given})` : given;
}

function plainBody(call: Call): string {
  return call.isAsync ? `await ${call.text}` : call.text;
}

type Test = { name: string; body: string; isAsync: boolean };

/** One test, at the top level of its file. */
export function testText({ name, body, isAsync }: Test, manner: Manner): string {
  const { declare, quote, semicolon, step, eol } = manner;
  const title = `${quote}${name.replaceAll(quote, '')}${quote}`;
  const statement = inQuotes(body, quote) + semicolon;
  const opening = `${declare}(${title}, ${isAsync ? 'async ' : ''}() => {`;
  return [opening, step + statement, `})${semicolon}`, ''].join(eol);
}

/** Values were written with the quotes of JSON. */
function inQuotes(body: string, quote: string): string {
  return body.replace(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g, (_, double?: string, single?: string) => {
    const inner = (double ?? single ?? '').replace(/\\(["'])/g, '$1').replaceAll(quote, `\\${quote}`);
    return quote + inner + quote;
  });
}

/** A new file with this one test. */
export function newFile(
  subject: Subject,
  test: Test & { needs: Map<string, Node> },
  writing: Writing,
): string {
  return fileText(
    importLines(subject, test.needs, writing),
    [testText(test, writing.manner)],
    writing.manner,
  );
}

function fileText(imports: readonly string[], tests: readonly string[], { eol }: Manner): string {
  return [...imports, '', tests.join(eol)].join(eol);
}

function importLines(subject: Subject, needs: Map<string, Node>, writing: Writing): string[] {
  const { manner, root } = writing;
  const { name, isDefault } = subject.imported;
  const byModule = new Map<string, string[]>();
  for (const [needed, node] of needs) {
    const module = path.relative(root, node.getSourceFile().getFilePath()).split(path.sep).join('/');
    byModule.set(module, [...(byModule.get(module) ?? []), needed]);
  }
  const besides = byModule.get(subject.path) ?? [];
  byModule.delete(subject.path);
  const own = isDefault
    ? [name, ...(besides.length > 0 ? [`{ ${besides.join(', ')} }`] : [])].join(', ')
    : `{ ${[name, ...besides].join(', ')} }`;
  return [
    ...manner.imports,
    bring(own, specifierOf(subject.path, writing), manner),
    ...[...byModule].map(([module, names]) =>
      bring(`{ ${names.join(', ')} }`, specifierOf(module, writing), manner),
    ),
  ];
}

/** From the test to a file of the repository, ending as its neighbours do. */
export function specifierOf(module: string, { file, manner }: Writing): string {
  const relative = path.posix.relative(path.posix.dirname(file), module);
  const dotted = relative.startsWith('.') ? relative : `./${relative}`;
  if (manner.ending === 'own') return dotted;
  const ending = manner.ending === '.js' ? (/\.m[jt]s$/.test(dotted) ? '.mjs' : '.js') : '';
  return dotted.replace(/\.[cm]?[jt]sx?$/, ending);
}
