// Crashes of small projects shown by a test of their own runner: written, run at the base, run with the change.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { LocatedFrame } from '../../src/domain/crash/location.ts';
import type { Fixer } from '../../src/ports.ts';
import { climbIn, type Climbing } from './reproduce-stage.ts';

vi.setConfig({ testTimeout: 240_000 });

const shop = path.resolve(import.meta.dirname, '../../demo/shop');
const reading = (property: string) => `Cannot read properties of undefined (reading '${property}')`;

/** The last row of the proof, and what the change does to tests. */
async function shown(climbing: Climbing): Promise<string> {
  const result = await climbIn(climbing);
  const last = result.ladder.at(-1);
  if (result.outcome !== 'fixed') throw new Error(JSON.stringify(result, null, 2));
  const added = result.diff.split(/^diff --git /m).filter((part) => /^a\/\S+\.(?:test|spec)\./.test(part));
  const lines = added.flatMap((part) => part.split('\n').filter((line) => /^[+-]/.test(line)));
  return [`${last?.result}: ${last?.detail}`, ...lines, result.evidence?.text ?? ''].join('\n').trim();
}

describe('the sample shop, by node:test', () => {
  it('adds to the test that is there, where nothing is found', async () => {
    expect(
      await shown({
        files: shop,
        facts: {
          file: 'src/catalogue.ts',
          at: ')!.^category',
          message: reading('category'),
          function: 'relatedProduct',
        },
      }),
    ).toMatchInlineSnapshot(`
      "passed: a test in \`test/catalogue.test.ts\` fails at the base with \`TypeError\` in \`relatedProduct\`, and passes with the change
      --- a/test/catalogue.test.ts
      +++ b/test/catalogue.test.ts
      +
      +test('relatedProduct copes with a missing product', () => {
      +  assert.equal(relatedProduct({ products: [] }, ''), undefined);
      +});"
    `);
  });

  it('adds to the test that is there, where a list is missing', async () => {
    expect(
      await shown({
        files: shop,
        facts: { file: 'src/orders.ts', at: '!.^map', message: reading('map'), function: 'renderOrder' },
      }),
    ).toMatchInlineSnapshot(`
      "passed: a test in \`test/orders.test.ts\` fails at the base with \`TypeError\` in \`renderOrder\`, and passes with the change
      --- a/test/orders.test.ts
      +++ b/test/orders.test.ts
      +
      +test('renderOrder copes with missing gift messages', () => {
      +  assert.equal(typeof renderOrder({ id: '', customer: '', lines: [], total: 0, receipt: '' }), 'string');
      +});"
    `);
  });

  it('adds to the test that is there, for a method of a class', async () => {
    expect(
      await shown({
        files: shop,
        facts: {
          file: 'src/sessions.ts',
          at: 'session.^customer });',
          message: reading('customer'),
          function: 'end',
        },
      }),
    ).toMatchInlineSnapshot(`
      "passed: a test in \`test/sessions.test.ts\` fails at the base with \`TypeError\` in \`end\`, and passes with the change
      --- a/test/sessions.test.ts
      +++ b/test/sessions.test.ts
      +
      +test('Sessions.end copes with a missing session', () => {
      +  new Sessions().end('');
      +});"
    `);
  });
});

const tsconfig = JSON.stringify({
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    types: [],
  },
  include: ['src'],
});
const source = [
  'export type Row = { id: string; tags?: string[] };',
  'export enum Side {',
  "  Left = 'left',",
  '}',
  '',
  'export class Table {',
  '  readonly rows: Row[];',
  '  constructor(rows: Row[]) {',
  '    this.rows = rows;',
  '  }',
  '}',
  '',
  'export async function firstTag(table: Table, side: Side, at: Date): Promise<string | null> {',
  "  if (side !== Side.Left || at.getTime() < 0) return '';",
  '  for (const row of table.rows) {',
  '    const tag = row.tags!.find((one) => one !== row.id);',
  '    if (tag) return tag;',
  '  }',
  '  return null;',
  '}',
  '',
  'function hidden(rows: Row[], id: string): string | undefined {',
  '  const row = rows.find((one) => one.id === id)!;',
  '  return row.id;',
  '}',
  '',
  'export function outer(rows: Row[]): string | undefined {',
  "  return hidden(rows, 'x');",
  '}',
  '',
].join('\n');
/** The frame of `outer`, in which the crash of `hidden` came out. */
function callerIn(text: string): LocatedFrame {
  const line = text.split('\n').findIndex((one) => one.includes("hidden(rows, 'x')")) + 1;
  const reported = { path: null, line: null, column: null };
  const place = { path: 'src/table.ts', line, rule: 'x', confidence: 1, contextMatches: true };
  return { index: 1, function: 'outer', reported, inApp: true, ...place };
}
const neighbour = (from: string) =>
  `import { expect, it } from 'vitest';\n\nimport { one } from '${from}';\n\nit('is one', () => {\n  expect(one).toBe(1);\n});\n`;
const vitestFiles = {
  'package.json': JSON.stringify({
    type: 'module',
    scripts: { test: 'npm run test:unit', 'test:unit': 'vitest run --config ./none.ts' },
    devDependencies: { vitest: '*' },
  }),
  'none.ts': 'export default {};\n',
  'tsconfig.json': tsconfig,
  'src/table.ts': source,
  'src/one.ts': 'export const one = 1;\n',
  'src/one.spec.ts': neighbour('./one.ts'),
};

describe('a project with vitest', () => {
  it('gets a new test beside those of its neighbours, in their manner', async () => {
    expect(
      await shown({
        files: vitestFiles,
        facts: {
          file: 'src/table.ts',
          at: '!.^find((one) => one !== row.id)',
          message: reading('find'),
          function: 'firstTag',
        },
      }),
    ).toMatchInlineSnapshot(`
      "passed: a test in \`src/table.spec.ts\` fails at the base with \`TypeError\` in \`firstTag\`, and passes with the change
      --- /dev/null
      +++ b/src/table.spec.ts
      +import { expect, it } from 'vitest';
      +import { firstTag, Table, Side } from './table.ts';
      +
      +it('firstTag copes with missing tags', async () => {
      +  expect(await firstTag(new Table([{ id: 'a' }]), Side.Left, new Date(0))).toBe(null);
      +});"
    `);
  });

  it('calls what cannot be called from a test through the nearest caller that can', async () => {
    const caller = callerIn(source);
    expect(
      await shown({
        files: vitestFiles,
        facts: {
          file: 'src/table.ts',
          at: 'row.^id;',
          message: reading('id'),
          function: 'hidden',
          frames: [caller],
        },
      }),
    ).toMatchInlineSnapshot(`
      "passed: a test in \`src/table.spec.ts\` fails at the base with \`TypeError\` in \`hidden\`, and passes with the change
      --- /dev/null
      +++ b/src/table.spec.ts
      +import { expect, it } from 'vitest';
      +import { outer } from './table.ts';
      +
      +it('outer copes with a missing row', () => {
      +  expect(outer([])).toBe(undefined);
      +});"
    `);
  });
});

/** Node itself strips types and knows no enum. */
const plainSource = source
  .replace("export enum Side {\n  Left = 'left',\n}", "export type Side = 'left';")
  .replace('Side.Left', "'left'");
const nodeFiles = {
  'package.json': JSON.stringify({ type: 'module', scripts: { test: 'node --test' } }),
  'tsconfig.json': tsconfig,
  'src/table.ts': plainSource,
};
const hidden = { file: 'src/table.ts', at: 'row.^id;', message: reading('id'), function: 'hidden' };

describe('where nothing says that a test belongs', () => {
  it('shows the test and does not commit it', async () => {
    const frames = [callerIn(plainSource)];
    const result = await climbIn({ files: nodeFiles, facts: { ...hidden, frames } });
    if (result.outcome !== 'fixed') throw new Error(result.reason);
    expect(result.files).toEqual(['src/table.ts']);
    expect(result.reproduced).toBe(true);
    expect(result.evidence?.text).toMatchInlineSnapshot(`
      "import assert from 'node:assert/strict';
      import { test } from 'node:test';
      import { outer } from './table.ts';

      test('outer copes with a missing row', () => {
        assert.equal(outer([]), undefined);
      });
      "
    `);
  });

  it.each([
    ['a function that no test can call', nodeFiles, 'no test can call it: `hidden` is not exported'],
    [
      'a runner that we do not know',
      {
        ...nodeFiles,
        'package.json': JSON.stringify({ type: 'module', scripts: { test: 'node run-tests.js' } }),
        'run-tests.js': '',
      },
      'the project has no test runner that I know how to run a single test with',
    ],
  ])('says why not: %s', async (_, files, why) => {
    const result = await climbIn({ files, facts: hidden });
    expect(result).toMatchObject({ outcome: 'fixed', reproduced: false, evidence: null });
    expect(result.ladder.at(-1)).toEqual({
      step: 'reproduced',
      result: 'skipped',
      detail: `not reproduced: ${why}`,
    });
  });
});

/** Writes what it is given, as an agent would, one change for each try. */
function writer(...changes: Record<string, string>[]): Fixer & { heard: (string | null)[] } {
  const heard: (string | null)[] = [];
  return {
    name: 'writer',
    heard,
    fix: async (task, dir) => {
      heard.push(task.previousFailure);
      for (const [file, text] of Object.entries(changes[Math.min(heard.length, changes.length) - 1] ?? {})) {
        mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
        writeFileSync(path.join(dir, file), text);
      }
      const description = {
        summary: 'return early when there is no row',
        rootCause: 'R.',
        change: 'C.',
        strategy: 'writer',
        symptom: null,
      };
      return { outcome: 'changed', description };
    },
  };
}

const mended = plainSource
  .replace('=== id)!;', '=== id);')
  .replace('return row.id;', 'return row === undefined ? undefined : row.id;');
const ownTest = (call: string, wanted = 'undefined') =>
  `import assert from 'node:assert';\nimport { test } from 'node:test';\nimport { outer } from '../src/table.ts';\n\ntest('no row', () => {\n  assert.strictEqual(${call}, ${wanted});\n});\n`;

describe('a test that came with the change', () => {
  it('counts when it fails at the base with the same exception, and only then', async () => {
    const good = await climbIn({
      files: nodeFiles,
      facts: hidden,
      fixer: writer({ 'src/table.ts': mended, 'test/table.test.ts': ownTest('outer([])') }),
    });
    expect(good).toMatchObject({
      outcome: 'fixed',
      reproduced: true,
      evidence: null,
      files: ['src/table.ts', 'test/table.test.ts'],
    });
    const idle = await climbIn({
      files: nodeFiles,
      facts: hidden,
      fixer: writer({
        'src/table.ts': mended,
        'test/table.test.ts': ownTest("outer([{ id: 'x' }])", "'x'"),
      }),
    });
    expect(idle.ladder.at(-1)?.detail).toMatch(
      /not reproduced: no test of the change shows the crash, and no test can/,
    );
  });

  it('is told what failed, at most twice', async () => {
    const broken = { 'src/table.ts': mended.replace('row.id;', 'row.gone;') };
    const fixer = writer(broken, { ...broken, 'src/more.ts': 'export {};\n' }, { 'src/table.ts': mended });
    const result = await climbIn({ files: nodeFiles, facts: hidden, fixer });
    expect(result.outcome).toBe('fixed');
    expect(fixer.heard[0]).toBeNull();
    expect(fixer.heard[1]).toMatch(
      /tsc --noEmit: The change causes 1 new failure\.\n\nNew failures:\n- src\/table\.ts TS2339/,
    );
    expect(result.ladder.map(({ step, result }) => `${step} ${result}`)).toEqual([
      'clean worktree passed',
      'checks at the base passed',
      'try 1 (writer) failed',
      'try 2 (writer) failed',
      'change passed',
      'policy passed',
      'tsc --noEmit passed',
      // There is no test in this project.
      'npm test skipped',
      'reproduced skipped',
    ]);
    expect(result.attempts).toEqual([
      { fixer: 'writer', strategy: 'writer', outcome: 'fixed', tries: 3, spent: null },
    ]);
  });
});
