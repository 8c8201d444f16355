// The project's own formatter on touched lines: which one, which lines, and what happens without one.

import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChecks } from '../../src/checks/checks.ts';
import { withLines } from '../../src/checks/format/format.ts';
import { createNoSandbox } from '../../src/run/no-sandbox.ts';
import { silentLog } from './fixers-stage.ts';

const packages = path.resolve(import.meta.dirname, '../../node_modules');

let base: string;
let dir: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(path.join(tmpdir(), 'suture-format-')));
  dir = path.join(base, 'work');
  mkdirSync(path.join(dir, 'node_modules/.bin'), { recursive: true });
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const checks = () =>
  createChecks({
    dataDir: path.join(base, 'data'),
    sandbox: createNoSandbox(),
    installHosts: [],
    log: silentLog,
  });
const write = (file: string, text: string) => writeFileSync(path.join(dir, file), text);

const ugly = 'const one   =   1 ;\nconst two   =   2 ;\nconst three   =   3 ;\n';

/** This checkout's own formatter. */
function useOxfmt(): void {
  write('package.json', JSON.stringify({ name: 'shop', devDependencies: { oxfmt: '*' } }));
  symlinkSync(path.join(packages, '.bin/oxfmt'), path.join(dir, 'node_modules/.bin/oxfmt'));
}

describe('formatting touched lines', () => {
  it('changes those lines and no other', async () => {
    useOxfmt();
    write('a.ts', ugly);
    expect(await checks().format('a.ts', [2], dir)).toBe(
      'const one   =   1 ;\nconst two = 2;\nconst three   =   3 ;\n',
    );
    write('a.ts', 'const two = 2;\nconst x=1\n');
    expect(await checks().format('a.ts', [1], dir)).toBeNull();
  });

  it('leaves the file alone where the project has no formatter, or it fails, or it is a link', async () => {
    write('a.ts', ugly);
    expect(await checks().format('a.ts', [2], dir)).toBeNull();
    write('package.json', JSON.stringify({ name: 'shop', devDependencies: { prettier: '*' } }));
    expect(await checks().format('a.ts', [2], dir)).toBeNull();
    useOxfmt();
    write('broken.ts', 'const = ;\n');
    expect(await checks().format('broken.ts', [1], dir)).toBeNull();
    symlinkSync(path.join(dir, 'a.ts'), path.join(dir, 'link.ts'));
    expect(await checks().format('link.ts', [2], dir)).toBeNull();
  });
});

/** Prints what ESLint prints, and refuses to be asked for more than white space. */
function useEslint(result: object): void {
  write('package.json', JSON.stringify({ name: 'shop', devDependencies: { eslint: '*' } }));
  const asked = [
    '--stdin',
    '--stdin-filename',
    'a.ts',
    '--fix-dry-run',
    '--fix-type',
    'layout',
    '--format',
    'json',
  ];
  const program = `#!/usr/bin/env node
if (process.argv.slice(2).join() !== ${JSON.stringify(asked.join())}) process.exit(2);
process.stdin.resume().on('end', () => {
  console.log(${JSON.stringify(JSON.stringify([{ filePath: 'a.ts', messages: [], ...result }]))});
  process.exitCode = 1;
});
`;
  write('node_modules/.bin/eslint', program);
  chmodSync(path.join(dir, 'node_modules/.bin/eslint'), 0o755);
}

describe('a linter that formats', () => {
  it.each([
    ['what it would repair', { output: 'const one = 1;\nconst two = 2;\nconst three = 3;\n' }, true],
    ['nothing to repair', {}, false],
    ['a file that it cannot read', { output: 'const two = 2;\n', fatalErrorCount: 1 }, false],
  ])('%s', async (_, result, changes) => {
    useEslint(result);
    write('a.ts', ugly);
    const text = await checks().format('a.ts', [2], dir);
    expect(text).toBe(changes ? 'const one   =   1 ;\nconst two = 2;\nconst three   =   3 ;\n' : null);
  });
});

describe('lines of two texts', () => {
  it.each([
    ['a\nb\nc\n', 'A\nB\nC\n', [2], 'a\nB\nc\n'],
    ['a\nb\nc\n', 'A\nB1\nB2\nC\n', [2], 'A\nB1\nB2\nC\n'],
    ['f(a, b);\ng();\n', 'f(\n  a,\n  b,\n);\ng();\n', [2], 'f(a, b);\ng();\n'],
    ['a\nsame\nc\n', 'A\nsame\nC\n', [3], 'a\nsame\nC\n'],
    ['a\nc\n', 'a\nb\nc\n', [1], 'a\nb\nc\n'],
    ['a\nc\nd\n', 'a\nb\nc\nd\n', [3], 'a\nc\nd\n'],
    ['a\n\n\nd\n', 'a\n\nd\n', [4], 'a\n\n\nd\n'],
    ['a', 'a\n', [1], 'a\n'],
  ])('%j to %j, lines %j', (text, formatted, lines, result) => {
    expect(withLines(text, formatted, new Set(lines))).toBe(result);
  });
});
