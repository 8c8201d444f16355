// A compiler that remembers packages says of each checkout what a fresh one says: own files are read anew, and so are
// packages that are others.

import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { keepPackages } from '../../src/fixers/templates/kept-packages.ts';
import { openProject } from '../../src/fixers/templates/project.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'suture-kept-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = 'src/a.ts';
const declaration = 'node_modules/pkg/index.d.ts';

const sources: Readonly<Record<string, string>> = {
  'tsconfig.json': JSON.stringify({
    compilerOptions: { strict: true, module: 'nodenext', target: 'es2022', lib: ['es2022'], types: [] },
    include: ['src'],
  }),
  'package.json': '{"type":"module"}',
  'node_modules/pkg/package.json': '{"name":"pkg","version":"1.0.0","types":"index.d.ts"}',
  [declaration]: 'export declare const size: number;\n',
  [file]: "import { size } from 'pkg';\nimport { b } from './b.js';\nexport const sum: string = b + size;\n",
  'src/b.ts': "export { b } from './c.js';\n",
  'src/c.ts': "export const b = 'text';\n",
};

let made = 0;
const home = path.join(folder, 'home');

/** Packages are linked from one install, as they are for fixes. */
function checkout(changes: Readonly<Record<string, string>> = {}): void {
  const dir = path.join(folder, `checkout-${(made += 1)}`);
  const install = path.join(folder, 'install.d.ts');
  if (made === 1) writeFileSync(install, sources[declaration] ?? '');
  for (const [name, text] of Object.entries({ ...sources, ...changes })) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    if (name === declaration && changes[name] === undefined) linkSync(install, path.join(dir, name));
    else writeFileSync(path.join(dir, name), text);
  }
  rmSync(home, { force: true });
  symlinkSync(dir, home);
}

const packages = keepPackages(home);
const projects = new Set<unknown>();

/** What the compiler complains of, or why there is no telling. */
function problems(): string | readonly string[] {
  packages.release();
  const opened = openProject(home, path.join(home, file), (options) => {
    const project = packages.make(options);
    projects.add(project);
    return project;
  });
  return 'why' in opened ? opened.why : opened.problems();
}

describe('kept packages', () => {
  it('reads the files of each checkout anew, however far from the one that is asked about', () => {
    checkout();
    expect(problems()).toEqual([]);
    checkout({ 'src/c.ts': 'export const b = 1;\n' });
    expect(problems()).toEqual([expect.stringContaining('TS2322')]);
    checkout({ 'src/b.ts': "export { b } from './gone.js';\n" });
    expect(problems()).toEqual([]);
    checkout({ 'src/b.ts': "export { b } from './gone.js';\n", 'src/gone.ts': 'export const b = 1;\n' });
    expect(problems()).toEqual([expect.stringContaining('TS2322')]);
    checkout();
    expect(problems()).toEqual([]);
    expect(projects.size).toBe(1);
  });

  it('makes a new one where a package is another, or where the first one is still in use', () => {
    projects.clear();
    checkout({ [declaration]: 'export declare const other: number;\n' });
    expect(problems()).toEqual([expect.stringContaining('TS2305')]);
    expect(projects.size).toBe(1);
    const [kept] = projects;
    expect(packages.make({})).not.toBe(kept);
    checkout({ 'tsconfig.json': (sources['tsconfig.json'] ?? '').replace('true', 'false') });
    problems();
    expect(projects.size).toBe(2);
  });
});
