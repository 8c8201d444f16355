// Which tests reach a file, and what a suite that takes too long costs: once the short time, then nothing for days.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChecks } from '../../src/checks/checks.ts';
import { cachesOf } from '../../src/checks/kept/caches.ts';
import { runnerCall } from '../../src/checks/related/runner-call.ts';
import type { Check, Related } from '../../src/ports.ts';
import { sandboxForChecks } from '../world/sandbox.ts';
import { silentLog as log } from './fixers-stage.ts';

const confined = await sandboxForChecks();
const { sandbox } = confined;
afterAll(() => confined.close());

let base: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'suture-related-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const dataDir = () => path.join(base, 'data');
const checks = (cheapMs?: number) =>
  createChecks({ dataDir: dataDir(), sandbox, installHosts: [], log, ...(cheapMs ? { cheapMs } : {}) });

function worktree(name: string, files: Readonly<Record<string, string>> = {}): string {
  const root = path.join(base, 'repository', name);
  mkdirSync(root, { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return root;
}

const manifest = (test: string, more: object = {}) => JSON.stringify({ scripts: { test }, ...more });

function callOf(scripts: Record<string, string>): string | null {
  const call = runnerCall({ scripts }, 'test');
  if (call === null) return null;
  const env = Object.entries(call.env).map(([name, value]) => `${name}=${value}`);
  return [...env, call.program, ...call.options, '|', ...call.patterns].join(' ');
}

describe('what a script starts', () => {
  it.each([
    ['vitest', 'vitest |'],
    ['vitest run --coverage --config unit.ts --reporter=dot --silent', 'vitest --config unit.ts --silent |'],
    ['TZ=UTC cross-env LANG="C" vitest --run --project unit', 'TZ=UTC LANG=C vitest --project unit |'],
    ['eslint . && tsc --noEmit && vitest run', 'vitest |'],
    ['jest -i --coverage --no-cache -c jest.unit.js', 'jest -i --no-cache -c jest.unit.js |'],
    ["NODE_OPTIONS='--no-warnings --stack-size=1' jest", 'NODE_OPTIONS=--no-warnings --stack-size=1 jest |'],
    ['node --test', 'node |'],
    [
      'c8 node --import tsx --test --test-reporter spec "test/**/*.js" lib/*.test.js',
      'node --import tsx | test/**/*.js lib/*.test.js',
    ],
    ['tsx --test --test-timeout 900 test/a.ts', 'tsx --test-timeout 900 | test/a.ts'],
  ])('%s', (test, call) => expect(callOf({ test })).toBe(call));

  it.each([
    ['builds first', 'tsc -b && node --test dist'],
    ['starts two runners', 'vitest run && node --test'],
    ['starts a runner that is not known', 'vitest run && playwright test'],
    ['chooses files', 'vitest run src/unit'],
    ['may choose files', 'vitest --browser chromium'],
    ['is for a shell', 'vitest run || true'],
    ['is for a shell in quotes', 'vitest run --dir "$HOME"'],
    ['is for a shell by its redirection', 'jest > out.txt'],
    ['names another root', 'vitest run --root packages/a'],
    ['runs a part only', 'jest --shard=1/3'],
    ['writes snapshots', 'vitest run -u'],
    ['hands options on', 'npm run unit -- --silent'],
    ['starts a program that takes --test itself', 'node scripts/run.js --test'],
    ['calls itself', 'npm run test'],
    ['calls a script that is a word of JavaScript', 'npm run constructor'],
  ])('is not said by one that %s', (_, test) => expect(callOf({ test, unit: 'vitest' })).toBeNull());

  it('is found in the script that it calls, and not where something is built before', () => {
    expect(callOf({ test: 'npm run lint && npm run -s unit', lint: 'oxlint', unit: 'jest' })).toBe('jest |');
    expect(callOf({ test: 'yarn unit', unit: 'jest', preunit: 'node build.js' })).toBeNull();
    expect(callOf({ test: 'jest', pretest: 'npm run build', build: 'tsc' })).toBeNull();
  });
});

const sources = {
  'package.json': manifest('node --test', { name: 'shop', imports: { '#src/*': './src/*' } }),
  'src/a.ts': 'export const a = 1;\n',
  'src/b.js': "export * from './a.js';\n",
  'src/c.js': "module.exports = { later: () => import('./b.js') };\n",
  'src/alone.js': "// import './a.ts';\nexport const alone = '1';\n",
  'src/index.js': "exports.d = require('./c');\n",
  'test/direct.test.ts': "import { a } from '../src/a.ts';\nexport const seen: number = <number>a;\n",
  'test/through.test.js': "import '../src/index.js';\n",
  'test/folder.test.js': "const { d } = require('../src');\n",
  'test/started.js': "import { spawn } from 'node:child_process';\nspawn(process.execPath, ['src/c.js']);\n",
  'test/url.mjs': "new Worker(new URL('../src/b.js?x=1', import.meta.url));\n",
  'test/named.test.js': "import 'shop/anything';\n",
  'test/inner.test.js': "import '#src/any.js';\n",
  'test/other.test.js': "import '../src/alone.js';\nconst shown = 'a shop';\n",
  'test/helper.js': "import '../src/none.js';\n",
  'src/d.test.js': "import './none.js';\n",
  'node_modules/x/test/y.test.js': "import '../../../src/a.ts';\n",
};

const { 'package.json': _, ...withoutManifest } = sources;

const only = (test: string) => worktree('fix', { 'package.json': manifest(test), ...withoutManifest });

const files = (related: Related) =>
  related === null || related === 'none'
    ? related
    : related.command.filter((word) => /^\w.*\.[cm]?[jt]s$/.test(word));

async function testsOf(root: string): Promise<Check> {
  const found = await checks().find(root, []);
  const tests = found.find(({ kind }) => kind === 'tests');
  if (!tests) throw new Error('no tests');
  return tests;
}

const relatedTo = async (root: string, ...paths: string[]) =>
  files(await checks().related(await testsOf(root), paths, root));

describe('tests of node:test that reach a file', () => {
  const anyway = ['test/inner.test.js', 'test/named.test.js'];

  it('do so directly, through others, by starting it, or by the name of the package', async () => {
    const root = worktree('fix', sources);
    const through = ['test/folder.test.js', 'test/started.js', 'test/through.test.js'];
    const ofA = ['test/direct.test.ts', 'test/url.mjs', ...through, ...anyway];
    expect(await relatedTo(root, 'src/a.ts')).toEqual(ofA.toSorted());
    expect(await relatedTo(root, 'src/c.js')).toEqual([...through, ...anyway].toSorted());
    expect(await relatedTo(root, 'src/alone.js')).toEqual([...anyway, 'test/other.test.js']);
    expect(await relatedTo(root, 'test/other.test.js')).toEqual([...anyway, 'test/other.test.js']);
  });

  it('reach a file that is not there yet', async () => {
    const root = worktree('fix', sources);
    expect(await relatedTo(root, 'src/none.js')).toEqual(['src/d.test.js', 'test/helper.js', ...anyway]);
  });

  it('are those that the script names', async () => {
    expect(await relatedTo(only('node --test "test/*.test.*"'), 'src/a.ts')).toEqual([
      'test/direct.test.ts',
      'test/folder.test.js',
      'test/through.test.js',
    ]);
    expect(await relatedTo(only('node --test test/'), 'src/none.js')).toEqual(['test/helper.js']);
    expect(await relatedTo(only('node --test src/*.test.js'), 'src/a.ts')).toBe('none');
    expect(await relatedTo(only("node --test 'test/*.test.?(c)js'"), 'src/a.ts')).toBeNull();
  });

  it('are all of them when what is loaded before each reaches it', async () => {
    const root = worktree('fix', {
      'package.json': manifest('node --import ./src/b.js --test'),
      ...withoutManifest,
    });
    expect(await relatedTo(root, 'src/a.ts')).toHaveLength(10);
    expect(await relatedTo(root, 'src/alone.js')).toEqual(['test/other.test.js']);
  });

  it('cannot be told for what is no script, nor with names that only TypeScript finds', async () => {
    const root = worktree('fix', { ...sources, 'data.json': '{}' });
    expect(await relatedTo(root, 'src/a.ts', 'data.json')).toBeNull();
    const aliased = worktree('aliased', {
      ...withoutManifest,
      'package.json': manifest('tsx --test'),
      'node_modules/.bin/tsx': '',
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
    });
    expect(await relatedTo(aliased, 'src/a.ts')).toBeNull();
    rmSync(path.join(aliased, 'tsconfig.json'));
    expect(await relatedTo(aliased, 'src/a.ts')).toHaveLength(5);
  });

  it('are run where their package is, and a link that leads out is not followed', async () => {
    const outside = worktree('outside', { 'secret.js': "import '../fix/packages/p/src/a.js';\n" });
    const root = worktree('fix', {
      'packages/p/package.json': manifest('node --test --test-reporter=spec'),
      'packages/p/src/a.js': '',
      'packages/p/test/a.js': "import '../src/a.js';\n",
      'packages/q/test/b.js': "import '../../p/src/a.js';\n",
    });
    const check = await testsOf(root);
    const related = await checks().related(check, ['packages/p/src/a.js'], root);
    expect(related).toEqual({
      name: 'npm test (packages/p)',
      kind: 'tests',
      dir: 'packages/p',
      command: ['node', '--test', '--test-reporter=tap', 'test/a.js'],
      env: {},
    });
    rmSync(path.join(root, 'packages/p/test/a.js'));
    symlinkSync(path.join(outside, 'secret.js'), path.join(root, 'packages/p/test/a.js'));
    expect(await checks().related(check, ['packages/p/src/a.js'], root)).toBe('none');
  });
});

describe('checks of which some tests alone cannot be run', () => {
  it.each<[string, Partial<Check>]>([
    ['a compiler', { kind: 'types' }],
    ["a repository's own", { kind: 'own' }],
    ['cargo', { command: ['cargo', 'test', '--no-fail-fast'] }],
    ['pytest', { command: ['/env/bin/python', '-m', 'pytest'] }],
    ['a runner that is not there', { dir: 'packages/v' }],
    ['a script that is not there', { command: ['npm', 'run', '--silent', 'unit'] }],
  ])('%s', async (_name, more) => {
    const root = worktree('fix', { ...sources, 'packages/v/package.json': manifest('vitest') });
    const check = {
      name: 'c',
      kind: 'tests' as const,
      command: ['npm', 'run', '--silent', 'test'],
      dir: '.',
    };
    expect(await checks().related({ ...check, ...more }, ['src/a.ts'], root)).toBeNull();
    expect(await checks().related(check, ['src/a.ts'], root)).not.toBeNull();
  });
});

const sleeping = (ms: number) => ({
  'package.json': manifest('node --test'),
  'test/a.test.mjs': `import { test } from 'node:test';\nimport { writeFileSync } from 'node:fs';\nwriteFileSync('ran', '');\ntest('a', () => new Promise((done) => setTimeout(done, ${ms})));\n`,
});
const marks = () =>
  readdirSync(cachesOf(dataDir(), worktree('any')).baselines).filter((name) => name.startsWith('slow-'));

describe('all tests that take too long', () => {
  const short = 1_500;
  /** A busy machine takes its time. */
  const ample = 200_000;
  let fixes = 0;

  async function atBase(
    files: Record<string, string>,
    { cheapMs = short, ...at }: { whole?: boolean; commit?: string; cheapMs?: number } = {},
  ) {
    const root = worktree(`fix-${(fixes += 1)}`, files);
    const commit = at.commit ?? `c${fixes}`;
    const result = await checks(cheapMs).runAtBase(await testsOf(root), root, {
      fresh: false,
      ...at,
      commit,
    });
    return { ...result, ran: existsSync(path.join(root, 'ran')) };
  }

  it('get a short time, and are not run again at other commits for some days', async () => {
    const slow = { timedOut: true, slow: true, passed: false, summary: 'more than 2 seconds' };
    const first = await atBase(sleeping(100_000));
    expect(first).toMatchObject(slow);
    expect(first.remembered).toBeUndefined();
    expect(first.ms).toBeGreaterThanOrEqual(short);
    expect(first.ms).toBeLessThan(60_000);
    expect(await atBase(sleeping(100_000))).toMatchObject({ ...slow, ran: false, remembered: true });
    const [mark = ''] = marks();
    const then = new Date(Date.now() - 4 * 24 * 60 * 60_000);
    utimesSync(path.join(cachesOf(dataDir(), worktree('any')).baselines, mark), then, then);
    const anew = await atBase(sleeping(100_000));
    expect(anew).toMatchObject(slow);
    expect(anew.remembered).toBeUndefined();
    expect(await atBase(sleeping(100_000))).toMatchObject({ ran: false, remembered: true });
  });

  it('are no longer held slow when they came to their end in time', async () => {
    await atBase(sleeping(100_000));
    expect(marks()).toHaveLength(1);
    const fast = { passed: true, summary: '1 passed', ran: true };
    expect(await atBase(sleeping(1), { cheapMs: ample, whole: true, commit: 'mended' })).toMatchObject(fast);
    expect(marks()).toEqual([]);
    expect(await atBase(sleeping(1), { cheapMs: ample })).toMatchObject(fast);
  });

  it('get the whole time when it is asked for, and stay slow', async () => {
    const whole = await atBase(sleeping(2_500), { whole: true, commit: 'c' });
    expect(whole).toMatchObject({ passed: true, timedOut: false, summary: '1 passed' });
    expect(whole.slow).toBeUndefined();
    expect(await atBase(sleeping(2_500))).toMatchObject({ slow: true, remembered: true, ran: false });
    expect(await atBase(sleeping(2_500), { commit: 'c' })).toMatchObject({ passed: true, remembered: true });
  });

  it('get the whole time where no tests can be run alone', async () => {
    const files = { ...sleeping(2_500), 'package.json': manifest('node --test || exit 1') };
    expect(await atBase(files)).toMatchObject({ passed: true, summary: '1 passed' });
  });

  it('are others when the script is another', async () => {
    await atBase(sleeping(100_000));
    const other = { ...sleeping(1), 'package.json': manifest('node --test test/*.mjs') };
    expect(await atBase(other, { cheapMs: ample })).toMatchObject({ passed: true, ran: true });
  });
});
