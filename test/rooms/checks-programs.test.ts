// The package managers, runners and compilers of other worlds, really run: what a second fix does not do again,
// and what their failures are called. What is not on this machine, or cannot be fetched, is skipped with a word.

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { standIn } from '../../src/checks/rust-toolchain.ts';
import { createChecks } from '../../src/checks/checks.ts';
import type { CheckResult, Log } from '../../src/ports.ts';
import { sandboxForChecks } from '../world/sandbox.ts';

const infos: string[] = [];
const log: Log = {
  info: (_fields, message) => void infos.push(message),
  warn: (_fields, message) => void infos.push(message),
  error: () => undefined,
  child: () => log,
};
const confined = await sandboxForChecks();
const { sandbox } = confined;

function works(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore', timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
}

function runs(program: string, ...args: string[]): boolean {
  const found = works(program, ...args);
  if (!found) console.warn(`Skipped: ${[program, ...args].join(' ')} does not work here.`);
  return found;
}

const has = {
  go: runs('go', 'version'),
  cargo: runs('cargo', '--version'),
  python: runs('python3', '-m', 'venv', '--help'),
};

/** pnpm and yarn from the registry, in a folder of ours. */
let managers: string;
let base: string;
const before = process.env['PATH'] ?? '';
beforeAll(() => {
  managers = mkdtempSync(path.join(tmpdir(), 'suture-managers-'));
  writeFileSync(path.join(managers, 'package.json'), '{}');
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', 'pnpm@10.12.1', 'yarn@1.22.22'];
  try {
    execFileSync('npm', install, { cwd: managers, stdio: 'ignore', timeout: 240_000 });
  } catch {
    console.warn('Skipped: pnpm and yarn cannot be fetched from a registry.');
  }
  const bin = path.join(managers, 'bin');
  mkdirSync(bin);
  // Not below node_modules/.bin: what lies there of ours is no part of the PATH that checks get.
  for (const [name, file] of [
    ['pnpm', 'pnpm/bin/pnpm.cjs'],
    ['yarn', 'yarn/bin/yarn.js'],
  ] as const) {
    const text = `#!/usr/bin/env node\nrequire(${JSON.stringify(path.join(managers, 'lib', file))});\n`;
    writeFileSync(path.join(bin, name), text, { mode: 0o755 });
  }
  if (existsSync(path.join(managers, 'node_modules')))
    execFileSync('mv', [path.join(managers, 'node_modules'), path.join(managers, 'lib')]);
  process.env['PATH'] = `${bin}${path.delimiter}${before}`;
});
afterAll(() => {
  process.env['PATH'] = before;
  rmSync(managers, { recursive: true, force: true });
  confined.close();
});

/** Whether a registry could be reached at the start. */
const fetched = () => existsSync(path.join(managers, 'lib'));

beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'suture-programs-'));
  infos.length = 0;
});
afterEach(() => {
  // Go's caches are of folders that nobody may write.
  execFileSync('chmod', ['-R', 'u+w', base]);
  rmSync(base, { recursive: true, force: true });
});

const checks = () => createChecks({ dataDir: path.join(base, 'data'), sandbox, installHosts: [], log });

/** A fresh worktree of the one repository. */
function worktree(name: string, files: Readonly<Record<string, string>>): string {
  const root = path.join(base, 'repository', name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return root;
}

/** While no such program can be found: what is done then is done with what was kept. */
async function without<T>(program: string, work: () => Promise<T>): Promise<T> {
  const all = process.env['PATH'] ?? '';
  const others = all.split(path.delimiter).filter((entry) => !existsSync(path.join(entry, program)));
  process.env['PATH'] = others.join(path.delimiter);
  try {
    expect(works(program, '--version')).toBe(false);
    return await work();
  } finally {
    process.env['PATH'] = all;
  }
}

async function runAll(root: string): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of await checks().find(root, [])) results.push(await checks().run(check, root));
  return results;
}

/** Every name below the folder, without what is hidden. */
const namesBelow = (folder: string) =>
  existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];

const plugged = 'node_modules/plugin/index.js';

describe('npm', () => {
  it('whose peers conflict installs once more without them, says so, and says it of the kept install, too', async () => {
    if (!fetched()) return;
    // A plugin that wants an older host than the one that is there.
    const plugin = { name: 'plugin', version: '1.0.0', peerDependencies: { 'is-number': '^6.0.0' } };
    const manifest = {
      name: 'shop',
      version: '1.0.0',
      dependencies: { 'is-number': '7.0.0', plugin: 'file:packed/plugin.tgz' },
    };
    const root = worktree('conflict', {
      'package.json': JSON.stringify(manifest),
      'packed/package/package.json': JSON.stringify(plugin),
      'packed/package/index.js': '',
    });
    execFileSync('tar', ['-czf', 'plugin.tgz', 'package'], { cwd: path.join(root, 'packed') });
    rmSync(path.join(root, 'packed/package'), { recursive: true });
    const lock = ['install', '--package-lock-only', '--ignore-scripts', '--legacy-peer-deps'];
    execFileSync('npm', lock, { cwd: root, stdio: 'ignore' });
    const second = path.join(base, 'repository', 'second');
    execFileSync('cp', ['-a', root, second]);
    const notes = [
      'npm ci found a conflict of peer dependencies (ERESOLVE); with --legacy-peer-deps it installed.',
    ];
    expect(await checks().install(root)).toEqual(notes);
    expect(namesBelow(path.join(root, 'node_modules'))).toEqual(['is-number', 'plugin']);
    rmSync(path.join(second, 'packed'), { recursive: true });
    expect(await checks().install(second)).toEqual(notes);
    const [inode, same] = [root, second].map((at) => statSync(path.join(at, plugged)).ino);
    expect(same).toBe(inode);
  });

  it('whose lock file is out of step installs what both ask for, says so, and leaves the lock file as it is', async () => {
    if (!fetched()) return;
    const manifest = { name: 'shop', version: '1.0.0', dependencies: { 'is-number': '7.0.0' } };
    const root = worktree('out-of-step', { 'package.json': JSON.stringify(manifest) });
    execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], {
      cwd: root,
      stdio: 'ignore',
    });
    const more = { ...manifest, dependencies: { ...manifest.dependencies, 'is-odd': '3.0.1' } };
    writeFileSync(path.join(root, 'package.json'), JSON.stringify(more));
    const lock = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
    expect(await checks().install(root)).toEqual([
      'npm ci found package.json and its lock file out of step (EUSAGE); `npm install --no-save` installed what both ask for.',
    ]);
    expect(namesBelow(path.join(root, 'node_modules'))).toEqual(
      expect.arrayContaining(['is-number', 'is-odd']),
    );
    expect(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).toBe(lock);
  });
});

describe.each([
  ['pnpm', 'pnpm-lock.yaml'],
  ['yarn', 'yarn.lock'],
] as const)('%s', (manager, lockFile) => {
  it('installs from its lock file, and a second fix takes that over without a network', async () => {
    if (!fetched()) return;
    const manifest = {
      name: 'shop',
      version: '1.0.0',
      scripts: { test: 'node -e "console.log(require(\'is-number\')(5))"' },
      dependencies: { 'is-number': '7.0.0' },
    };
    const root = worktree('first', { 'package.json': JSON.stringify(manifest) });
    const lock = manager === 'pnpm' ? ['install', '--lockfile-only'] : ['install', '--ignore-scripts'];
    execFileSync(manager, lock, { cwd: root, stdio: 'ignore', timeout: 120_000 });
    rmSync(path.join(root, 'node_modules'), { recursive: true, force: true });
    const files = {
      'package.json': JSON.stringify(manifest),
      [lockFile]: readFileSync(path.join(root, lockFile), 'utf8'),
    };
    await checks().install(root);
    expect(await runAll(root)).toMatchObject([{ passed: true, output: expect.stringMatching(/^true$/m) }]);
    const second = worktree('second', files);
    await without(manager, () => checks().install(second));
    expect(await runAll(second)).toMatchObject([{ passed: true, output: expect.stringMatching(/^true$/m) }]);
  });
});

it('a package made for another Node is checked on that one, fetched from the registry', async () => {
  if (!fetched()) return;
  const manifest = { name: 'shop', version: '1.0.0', scripts: { test: 'node -p process.version' } };
  const root = worktree('first', { 'package.json': JSON.stringify(manifest), '.nvmrc': 'lts/gallium\n' });
  expect(await checks().install(root)).toEqual([
    expect.stringMatching(
      /^The checks run on Node 16\.\d+\.\d+, because `\.nvmrc` asks for Node `lts\/gallium`\.$/,
    ),
  ]);
  expect(await runAll(root)).toMatchObject([{ passed: true, output: expect.stringMatching(/^v16\./m) }]);
});

/** The compiler that is taken on this machine for one that it does not have; null without rustup, or where it has it. */
function standInFor(version: string): string | null {
  const dir = mkdtempSync(path.join(tmpdir(), 'suture-pinned-'));
  try {
    writeFileSync(path.join(dir, 'rust-toolchain'), version);
    return standIn(dir, '.')?.name ?? null;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

describe.skipIf(!has.cargo)('cargo', () => {
  const files = {
    'Cargo.toml':
      '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nitoa = "=1.0.15"\n',
    'src/lib.rs':
      '#[test]\nfn totals() { assert_eq!(itoa::Buffer::new().format(1), "2"); }\n#[test]\nfn adds() {}\n',
  };

  it('fetches and compiles what the crate needs once: a second worktree uses what the first has built', async () => {
    if (!fetched()) return;
    const first = worktree('first', files);
    execFileSync('cargo', ['generate-lockfile'], { cwd: first, stdio: 'ignore', timeout: 120_000 });
    const lock = { 'Cargo.lock': readFileSync(path.join(first, 'Cargo.lock'), 'utf8') };
    await checks().install(first);
    const [types, tests] = await runAll(first);
    expect(types).toMatchObject({ passed: true, summary: '0 errors' });
    expect(types?.output).toContain('Checking itoa');
    expect(tests).toMatchObject({ passed: false, failures: ['totals'] });
    const second = worktree('second', { ...files, ...lock });
    await without('cargo', () => checks().install(second));
    // It was not even asked for.
    expect(infos).not.toContain('Nothing was fetched for a folder');
    const again = await runAll(second);
    expect(again.map(({ passed }) => passed)).toEqual([true, false]);
    for (const { output } of again) expect(output).not.toMatch(/(?:Checking|Compiling|Downloaded) itoa/);
  });

  it.skipIf(standInFor('1.66.1') === null)(
    'compiles what is pinned to a Rust that is not here with a newer one, and says so',
    async () => {
      const root = worktree('pinned', {
        ...files,
        'Cargo.toml': files['Cargo.toml'].replace(/\[dep[^]*/, ''),
      });
      writeFileSync(path.join(root, 'src/lib.rs'), '#[test]\nfn adds() {}\n');
      execFileSync('cargo', ['generate-lockfile'], { cwd: root, stdio: 'ignore', timeout: 120_000 });
      writeFileSync(path.join(root, 'rust-toolchain'), '1.66.1\n');
      expect(await checks().install(root)).toEqual([
        `\`rust-toolchain\` asks for Rust 1.66.1, which is not installed here; it is compiled with \`${standInFor('1.66.1')}\`.`,
      ]);
      expect((await runAll(root)).map(({ passed }) => passed)).toEqual([true, true]);
    },
  );
});

describe.skipIf(!has.go)('go', () => {
  it('vets and tests a module, and names what fails by package', async () => {
    const root = worktree('module', {
      'go.mod': 'module example.org/shop\n\ngo 1.21\n',
      'cart/cart.go': 'package cart\n\nfunc Total(prices []int) int { return 1 }\n',
      'cart/cart_test.go':
        'package cart\n\nimport "testing"\n\nfunc TestTotal(t *testing.T) {\n\tt.Run("an empty one", func(t *testing.T) {\n\t\tif Total(nil) != 0 {\n\t\t\tt.Error("not 0")\n\t\t}\n\t})\n}\n',
      'order/order.go': 'package order\n\nfunc F() int { return missing }\n',
    });
    await checks().install(root);
    const [vet, tests] = await runAll(root);
    expect(vet).toMatchObject({ passed: false, failures: ['order/order.go: undefined: missing'] });
    expect(tests?.failures).toEqual([
      'example.org/shop/cart TestTotal',
      'example.org/shop/cart TestTotal/an_empty_one',
      'example.org/shop/order does not build',
    ]);
  });
});

describe.skipIf(!has.python)('python', () => {
  it('runs unittest in an environment of the project', async () => {
    const root = worktree('project', {
      'setup.cfg': '[metadata]\nname = shop\n',
      'test_cart.py':
        'import unittest\n\n\nclass Cart(unittest.TestCase):\n    def test_totals(self):\n        for n in (1, 2):\n            with self.subTest(n=n):\n                self.assertEqual(n, 1)\n\n    def test_adds(self):\n        pass\n',
    });
    await checks().install(root);
    const [tests] = await runAll(root);
    expect(tests).toMatchObject({ passed: false, timedOut: false });
    expect(tests?.failures).toEqual(['test_cart.Cart.test_totals (n=2)']);
  });
});
