// The packages of a Go module whose tests reach some files: `go list` says who imports whom.

import path from 'node:path';
import { Refusal } from '../../domain/failure.ts';
import { type Ground, runOnGround } from '../ground.ts';

type Package = { name: string; folder: string; imports: string[]; ofTests: string[]; hasTests: boolean };

const timeoutMs = 60_000;
const format = [
  '{{.ImportPath}}',
  '{{.Dir}}',
  '{{with .Module}}{{.Dir}}{{end}}',
  '{{len .TestGoFiles}}{{len .XTestGoFiles}}',
  '{{join .Imports " "}}',
  '{{join .TestImports " "}} {{join .XTestImports " "}}',
].join('\t');

/** Import paths; null when `go list` does not say. `files` are relative to the module's folder. */
export async function goTestsReaching(
  files: readonly string[],
  { root, folder, ground }: { root: string; folder: string; ground: Ground },
): Promise<string[] | null> {
  const command = ['go', 'list', '-e', '-f', format, './...'];
  const maxOutputBytes = 16 * 1024 * 1024;
  const result = await runOnGround(ground, { command, root, folder, timeoutMs, maxOutputBytes }).catch(
    noProgram,
  );
  if (result?.exitCode !== 0 || result.truncated) return null;
  const packages = result.stdout.split('\n').flatMap(packageIn);
  const folders = new Set(files.map((file) => path.posix.dirname(file)));
  const reached = reachedFrom(
    packages,
    packages.filter((one) => folders.has(one.folder)).map(({ name }) => name),
  );
  const related = packages.filter(
    ({ name, ofTests, hasTests }) =>
      hasTests && (reached.has(name) || ofTests.some((one) => reached.has(one))),
  );
  return related.map(({ name }) => name);
}

function noProgram(error: unknown): null {
  if (error instanceof Refusal) return null;
  throw error;
}

function packageIn(line: string): Package[] {
  const [name = '', dir = '', module = '', tests = '', imports = '', ofTests] = line.split('\t');
  if (ofTests === undefined || module === '' || !/^\w/.test(name)) return [];
  const folder = path.relative(module, dir).split(path.sep).join('/') || '.';
  return [
    { name, folder, imports: imports.split(' '), ofTests: ofTests.split(' '), hasTests: tests !== '00' },
  ];
}

/** The packages themselves, and all that import them, directly or through others. */
function reachedFrom(packages: readonly Package[], names: readonly string[]): Set<string> {
  const reached = new Set(names);
  for (let before = -1; before < reached.size;) {
    before = reached.size;
    for (const { name, imports } of packages) if (imports.some((one) => reached.has(one))) reached.add(name);
  }
  return reached;
}
