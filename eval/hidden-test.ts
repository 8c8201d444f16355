// Runs a project's own test of its fix against ours: red at the base, and green with the change?
// It must not run where the change is kept: it overwrites test files.

import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { authorities, checkEnvironment, registryEnvironment } from '../src/checks/environment.ts';
import { foldersUpTo, exists } from '../src/checks/project.ts';
import type { Check, Checks, Repository, Worktree } from '../src/ports.ts';
import { run } from '../src/run.ts';
import type { HiddenTest } from './fix-case.ts';

export type Judgement = 'green' | 'red' | { unknown: string };

type Place = { repository: Repository; worktree: Worktree; checks: Checks };

/** Judges the change that stands in the worktree, and leaves the worktree at its base. */
export async function judge(test: HiddenTest, place: Place): Promise<Judgement> {
  const { worktree } = place;
  const withChange = await runTest(test, place);
  await worktree.reset();
  const atBase = await runTest(test, place);
  await worktree.reset();
  if (typeof withChange !== 'boolean') return withChange;
  if (atBase === true) return { unknown: 'its test does not fail at the base here' };
  return withChange ? 'green' : 'red';
}

async function runTest(
  test: HiddenTest,
  { repository, worktree, checks }: Place,
): Promise<boolean | { unknown: string }> {
  for (const file of test.files) {
    const [commit = '', ...rest] = file.at.split(':');
    const text = await repository.readText(commit, rest.join(':'));
    if (text === null) return { unknown: `the clone lacks ${file.at}` };
    const target = path.join(worktree.dir, file.path);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
  }
  const check = await checkOf(test, worktree.dir);
  if (!check) return { unknown: `tests of ${test.framework} are not run here` };
  return (await checks.run(check, worktree.dir)).passed;
}

/** With time to spare: a test that a busy machine slows down says nothing about the change. */
const commands: Readonly<Record<string, readonly string[]>> = {
  mocha: ['mocha', '--timeout', '60000'],
  // Older ones know no such option, and give it to waiting tests only.
  jest: ['jest'],
  vitest: ['vitest', 'run', '--testTimeout=60000'],
  tap: ['tap', '--timeout=300'],
  'node:test': ['node', '--test'],
};

async function checkOf({ framework, files }: HiddenTest, dir: string): Promise<Check | null> {
  const first = files.find((file) => isTest(file.path))?.path ?? '';
  const name = `the test of the project's own fix (${framework})`;
  if (framework === 'cargo') {
    const folder = await folderWith(dir, first, 'Cargo.toml');
    return { name, kind: 'tests', command: ['cargo', 'test'], dir: folder };
  }
  const command = commands[framework];
  if (!command) return null;
  const folder = await folderWith(dir, first, 'package.json');
  const tests = files
    .filter((file) => isTest(file.path))
    .map((file) => path.posix.relative(folder, file.path));
  return { name, kind: 'tests', command: [...command, ...tests], dir: folder };
}

function isTest(file: string): boolean {
  return (
    /\.(?:[cm]?[jt]sx?|rs)$/.test(file) && !/(?:^|\/)_?_?(?:fixtures|testutils|helpers)(?:\/|$)/.test(file)
  );
}

async function folderWith(dir: string, file: string, name: string): Promise<string> {
  for (const folder of foldersUpTo(path.posix.dirname(file)))
    if (await exists(path.join(dir, folder, name))) return folder;
  return '.';
}

/** Puts the versions that the test was seen with where the project's packages would be. */
export async function installPackages(
  packages: Readonly<Record<string, string>>,
  dir: string,
): Promise<void> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'suture-packages-'));
  try {
    await writeFile(path.join(scratch, 'package.json'), '{"private":true}');
    const wanted = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
    const args = [
      'install',
      '--no-save',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--legacy-peer-deps',
      ...wanted,
    ];
    const env = {
      ...checkEnvironment({ root: scratch, folder: '.', home: scratch, node: null }),
      ...registryEnvironment(process.env),
      ...authorities(process.env),
    };
    const result = await run('npm', args, { cwd: scratch, env, timeoutMs: 10 * 60_000 });
    if (result.exitCode !== 0) throw new Error(`npm could not install them: ${result.stderr.slice(0, 300)}`);
    await rename(path.join(scratch, 'node_modules'), path.join(dir, 'node_modules'));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
