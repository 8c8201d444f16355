// Where the repository itself would put a test of a file, by where it puts those of its neighbours.
// It looks at names of files and the head of one test; it must not decide how a test is written.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { isTestPath } from '../../domain/proof/path-rules.ts';
import { readWithin } from '../../run/read-within.ts';

export type TestPlace = {
  /** Repository-relative. */
  path: string;
  /** A test that stands there already, to be added to. */
  exists: boolean;
  /** Whether the layout says that a test of this file belongs there. */
  obvious: boolean;
  /** A test of the neighbourhood, to write like; null when there is none. */
  sample: { path: string; text: string } | null;
};

const script = /\.[cm]?[jt]sx?$/;
/** `cart.test.ts` is `cart` and `.test.ts`; `cart_test.ts` too. */
const testName = /^(?<stem>.+?)(?<suffix>[._-](?:test|spec)\.[cm]?[jt]sx?)$/;

/** Takes the checkout and a repository-relative source file. */
export function testPlaceOf(root: string, source: string): TestPlace {
  const stem = path.posix.basename(source).replace(script, '');
  const folders = testFolders(source).map((folder) => ({ folder, tests: testsIn(root, folder) }));
  const own = folders.find(({ tests }) => tests.some((test) => test.stem === stem));
  if (own)
    return placed(
      root,
      own.folder,
      own.tests.find((test) => test.stem === stem)!,
    );
  const modules = stemsBeside(root, source);
  const mirror = folders.find(({ tests }) => tests.some((test) => modules.has(test.stem)));
  const like = mirror?.tests.find((test) => modules.has(test.stem));
  if (mirror && like) {
    const there = placed(root, mirror.folder, like);
    const file = path.posix.join(mirror.folder, `${stem}${like.suffix}`);
    return { ...there, path: file, exists: false };
  }
  return beside(
    root,
    source,
    folders.find(({ tests }) => tests.length > 0),
  );
}

type Named = { name: string; stem: string; suffix: string };

function placed(root: string, folder: string, test: Named): TestPlace {
  const file = path.posix.join(folder, test.name);
  const sample = { path: file, text: readWithin(root, file) ?? '' };
  return { path: file, exists: true, obvious: true, sample };
}

/** Nothing says where it belongs: it is run beside the file, and does not stay. */
function beside(
  root: string,
  source: string,
  near: { folder: string; tests: Named[] } | undefined,
): TestPlace {
  const [test] = near?.tests ?? [];
  const stem = source.replace(script, '');
  const suffix = test?.suffix ?? `.test${path.posix.extname(source)}`;
  const sample = near && test ? placed(root, near.folder, test).sample : null;
  return { path: `${stem}${suffix}`, exists: false, obvious: false, sample };
}

/** Nearest first: beside the file, then in the test folders of each folder above it. */
function testFolders(source: string): string[] {
  const home = path.posix.dirname(source);
  const above = home === '.' ? ['.'] : [...ancestors(home), '.'];
  const mirrored = above.flatMap((at) => {
    const inner = path.posix.relative(at, home).replace(/^(?:src|lib|app)(?:\/|$)/, '');
    return ['test', 'tests', '__tests__', 'spec'].flatMap((name) => [
      ...new Set([path.posix.join(at, name, inner), path.posix.join(at, name)]),
    ]);
  });
  return [...new Set([home, ...mirrored])];
}

function ancestors(folder: string): string[] {
  const parts = folder.split('/');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
}

function testsIn(root: string, folder: string): Named[] {
  return filesIn(root, folder).flatMap((name) => {
    const groups = testName.exec(name)?.groups;
    if (groups?.['stem'] && groups['suffix'])
      return [{ name, stem: groups['stem'], suffix: groups['suffix'] }];
    const inTests = script.test(name) && isTestPath(`${folder}/x`) && !name.endsWith('.d.ts');
    return inTests && looksLikeTest(root, path.join(folder, name))
      ? [{ name, stem: name.replace(script, ''), suffix: script.exec(name)?.[0] ?? '' }]
      : [];
  });
}

function looksLikeTest(root: string, file: string): boolean {
  return /^\s*(?:test|it|describe)(?:\.\w+)*\(/m.test(readWithin(root, file) ?? '');
}

function stemsBeside(root: string, source: string): Set<string> {
  const names = filesIn(root, path.posix.dirname(source)).filter((name) => script.test(name));
  return new Set(names.map((name) => name.replace(script, '')));
}

function filesIn(root: string, folder: string): string[] {
  const dir = path.join(root, folder);
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .toSorted();
}
