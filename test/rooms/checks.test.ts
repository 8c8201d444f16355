import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  readdirSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChecks } from '../../src/checks/checks.ts';
import { Refusal } from '../../src/domain/failure.ts';
import type { Check, Log } from '../../src/ports.ts';
import { sandboxForChecks } from '../world/sandbox.ts';
import { checksContract } from './checks.contract.ts';

const warnings: string[] = [];
const log: Log = {
  info: () => undefined,
  warn: (_fields, message) => void warnings.push(message),
  error: () => undefined,
  child: () => log,
};

const confined = await sandboxForChecks();
const { sandbox } = confined;
afterAll(() => confined.close());

let base: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'suture-checks-'));
  warnings.length = 0;
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const dataDir = () => path.join(base, 'data');
const worktree = (name = 'work') => path.join(base, name);
const checks = (timeoutMs?: number) =>
  createChecks({
    dataDir: dataDir(),
    sandbox,
    installHosts: [],
    log,
    ...(timeoutMs ? { timeoutMs } : {}),
  });

function write(root: string, files: Record<string, string | object>): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(
      path.join(root, file),
      typeof content === 'string' ? content : JSON.stringify(content, null, 2),
    );
  }
}

const script = (test: string) => ({ 'package.json': { name: 'shop', version: '1.0.0', scripts: { test } } });
const broken = { 'cart.ts': 'export const total: number = "none";\n', 'cart.test.mjs': testFile(1) };
const mended = { 'cart.ts': 'export const total: number = 0;\n', 'cart.test.mjs': testFile(2) };

function testFile(sum: number): string {
  return `import { describe, it } from 'node:test';\nimport assert from 'node:assert';\ndescribe('cart', () => { it('totals', () => assert.equal(${sum}, 2)); it('adds', () => {}); });\n`;
}

/** The checkout's own TypeScript, by hard links, so that nothing is installed. */
function linkTypeScript(root: string): void {
  mkdirSync(path.join(root, 'node_modules/.bin'), { recursive: true });
  for (const name of ['typescript', '@typescript'])
    execFileSync('cp', ['-al', path.resolve('node_modules', name), path.join(root, 'node_modules', name)]);
  execFileSync('ln', ['-s', '../typescript/bin/tsc', path.join(root, 'node_modules/.bin/tsc')]);
}

checksContract('npm and TypeScript', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'suture-checks-contract-'));
  const root = path.join(dir, 'work');
  write(root, {
    'package.json': {
      name: 'shop',
      scripts: { test: 'node --test' },
      devDependencies: { typescript: '7.0.2' },
    },
    'tsconfig.json': { compilerOptions: { strict: true, skipLibCheck: true, types: [] }, include: ['*.ts'] },
    ...broken,
  });
  linkTypeScript(root);
  return {
    checks: createChecks({ dataDir: path.join(dir, 'data'), sandbox, installHosts: [], log }),
    dir: root,
    reached: 'cart.test.mjs',
    alone: 'cart.ts',
    mend: async () => write(root, mended),
    shiftLines: async () => {
      for (const [file, text] of Object.entries(broken)) write(root, { [file]: `// one\n\n// two\n${text}` });
    },
    end: async () => rmSync(dir, { recursive: true, force: true }),
  };
});

const commands = (found: Check[]) =>
  found.map((check) => `${check.dir}: ${check.command.join(' ')} [${check.name}]`);

describe('finding checks', () => {
  it('takes the nearest project at or above the changed files', async () => {
    write(worktree(), {
      'package.json': { scripts: { test: 'node --test' }, devDependencies: { typescript: '7' } },
      'packages/a/package.json': { scripts: { test: 'vitest run' } },
      'packages/a/tsconfig.json': {},
      'packages/b/package.json': { scripts: { test: 'echo "Error: no test specified" && exit 1' } },
      'packages/b/tsconfig.json': {},
      'tsconfig.json': '{ "files": [], "references": [{ "path": "packages/a" }] }',
    });
    expect(commands(await checks().find(worktree(), ['packages/a/src/x.ts', 'packages/a/y.ts']))).toEqual([
      'packages/a: tsc --noEmit --pretty false [tsc --noEmit (packages/a)]',
      'packages/a: npm run --silent test [npm test (packages/a)]',
    ]);
    expect(commands(await checks().find(worktree(), ['packages/b/x.ts']))).toEqual([
      'packages/b: tsc --noEmit --pretty false [tsc --noEmit (packages/b)]',
      '.: npm run --silent test [npm test]',
    ]);
    expect(commands(await checks().find(worktree(), []))).toEqual([
      '.: tsc --build --noEmit --pretty false [tsc --build --noEmit]',
      '.: npm run --silent test [npm test]',
    ]);
  });

  it('knows which other scripts start the runner themselves', async () => {
    const scripts = {
      pretest: 'eslint .',
      test: 'npm run test:unit',
      'test:unit': 'nyc mocha test/*.js',
      'test:debug': 'mocha --inspect test/*.js',
      back: 'cross-env BACK=1 jest --config=back.js',
      watch: 'mocha --watch',
      start: 'vite --port 3000',
    };
    write(worktree('parts'), { 'package.json': { scripts } });
    const [check] = await checks().find(worktree('parts'), []);
    expect(commands([...(check?.parts ?? [])])).toEqual([
      '.: npm run --silent test:unit [npm run test:unit]',
      '.: npm run --silent back [npm run back]',
    ]);
  });

  it("uses the project's own script where it is a check, and its package manager", async () => {
    write(worktree('vue'), {
      'package.json': { scripts: { 'type-check': 'vue-tsc --noEmit', test: 'vitest run' } },
      'tsconfig.json': '{}',
      'pnpm-lock.yaml': '',
    });
    expect(commands(await checks().find(worktree('vue'), ['src/App.vue']))).toEqual([
      '.: pnpm run --silent type-check [pnpm run type-check]',
      '.: pnpm run --silent test [pnpm test]',
    ]);
    write(worktree('emits'), {
      'package.json': { scripts: { tsc: 'tsc' }, dependencies: { typescript: '7' } },
      'tsconfig.json': '{}',
    });
    expect(commands(await checks().find(worktree('emits'), ['a.ts']))).toEqual([
      '.: tsc --noEmit --pretty false [tsc --noEmit]',
    ]);
  });

  it('finds nothing where there is nothing, and survives files that are not what they seem', async () => {
    mkdirSync(worktree());
    expect(await checks().find(worktree(), ['main.c'])).toEqual([]);
    write(worktree(), {
      'package.json': '{ "scripts": ["test"]',
      'tsconfig.json': '{}',
      'sub/package.json': '[1]',
    });
    expect(await checks().find(worktree(), [])).toEqual([]);
    expect(await checks().find(worktree(), ['sub/a.ts'])).toEqual([]);
  });

  it('finds the checks of a crate', async () => {
    write(worktree(), { 'Cargo.toml': '', 'crates/a/Cargo.toml': '' });
    expect(commands(await checks().find(worktree(), ['crates/a/src/lib.rs']))).toEqual([
      'crates/a: cargo check --all-targets [cargo check --all-targets (crates/a)]',
      'crates/a: cargo test --no-fail-fast [cargo test --no-fail-fast (crates/a)]',
    ]);
  });
});

const runScript = async (code: string, timeoutMs?: number) => {
  write(worktree(), { ...script('node check.cjs'), 'check.cjs': code });
  const room = checks(timeoutMs);
  const [check] = await room.find(worktree(), []);
  return room.run(check as Check, worktree());
};

describe('running a check', () => {
  it('shows the program almost nothing of this machine', async () => {
    process.env['SENTRY_AUTH_TOKEN'] = 'sntrys_not_for_you';
    const result = await runScript(
      `console.log(JSON.stringify({ names: Object.keys(process.env).filter((name) => !/^npm_|^(INIT_CWD|NODE|COLOR|EDITOR|PWD)$/i.test(name)), home: process.env.HOME, path: process.env.PATH }))`,
    );
    delete process.env['SENTRY_AUTH_TOKEN'];
    expect(result.passed).toBe(true);
    const seen = JSON.parse(result.output) as { names: string[]; home: string; path: string };
    // Where toolchains and what was fetched lie; everything else is of this one run.
    const places = /^(?:CARGO|GO|YARN|COREPACK|RUSTUP|PYENV)/;
    expect(seen.names.filter((name) => !places.test(name)).toSorted()).toEqual([
      'CI',
      'FORCE_COLOR',
      'HOME',
      'LANG',
      'NO_COLOR',
      'PATH',
      'TERM',
    ]);
    expect(path.dirname(seen.home)).toBe(path.join(dataDir(), 'homes'));
    expect(existsSync(seen.home)).toBe(false);
    expect(seen.path).not.toContain(path.resolve('node_modules/.bin'));
  });

  it('cleans and trims the output, keeping the end', async () => {
    const result = await runScript(`
      console.log('x'.repeat(20000));
      console.log('\\u001b[31mred\\u001b[0m ghs_16C7e42F292c6912E7710c838347Ae178B4a Bearer abcdef0123456789');
      console.log('sntryu_0123456789abcdef at ' + process.cwd() + '/cart.js');
      console.log('the end'); process.exit(7);`);
    expect(result).toMatchObject({ passed: false, failures: [], summary: 'exit status 7' });
    expect(result.output.length).toBe(8000);
    expect(result.output.split('\n').slice(-3)).toEqual([
      'red [secret] Bearer [secret]',
      '[secret] at cart.js',
      'the end',
    ]);
  });

  it('stops when time is up', async () => {
    const result = await runScript('setInterval(() => {}, 1000)', 1500);
    expect(result).toMatchObject({
      passed: false,
      timedOut: true,
      failures: [],
      summary: 'stopped after 2 seconds',
    });
  });

  it('ends when nobody wants it any more, with everything that it started', async () => {
    const beat = path.join(worktree(), 'beat');
    write(worktree(), {
      ...script('node hang.cjs & wait'),
      'hang.cjs': `setInterval(() => require('node:fs').writeFileSync('beat', ''), 20);`,
    });
    const [check] = await checks().find(worktree(), []);
    const wish = new AbortController();
    const running = checks().run(check as Check, worktree(), wish.signal);
    await expect.poll(() => existsSync(beat), { timeout: 10_000 }).toBe(true);
    wish.abort(new Error('withdrawn'));
    await expect(running).rejects.toThrow('withdrawn');
    rmSync(beat, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(existsSync(beat)).toBe(false);
  });

  it('says which program is missing', async () => {
    mkdirSync(worktree());
    const check: Check = { name: 'x', kind: 'tests', command: ['suture-no-such-runner'], dir: '.' };
    await expect(checks().run(check, worktree())).rejects.toThrow(Refusal);
  });
});

/** A project that depends on a package from a tarball beside it, so that no registry is asked. */
const project = (name: string) => {
  const root = worktree(name);
  write(root, {
    'vendor/left/package.json': {
      name: 'left',
      version: '1.0.0',
      main: 'index.js',
      scripts: { install: 'touch ran' },
    },
  });
  write(root, { 'vendor/left/index.js': 'module.exports = 1;\n' });
  execFileSync('tar', ['-czf', 'left-1.0.0.tgz', '--transform', 's,^left,package,', 'left'], {
    cwd: path.join(root, 'vendor'),
  });
  write(root, {
    'package.json': {
      name: 'shop',
      version: '1.0.0',
      dependencies: { left: 'file:vendor/left-1.0.0.tgz' },
    },
  });
  return root;
};
const installed = (root: string) => path.join(root, 'node_modules/left/index.js');
const kept = () =>
  readdirSync(path.join(dataDir(), 'caches')).flatMap((repository) => {
    const folder = path.join(dataDir(), 'caches', repository, 'installs');
    return existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
  });
const clone = (from: string, to: string) => {
  execFileSync('cp', ['-a', from, to]);
  rmSync(path.join(to, 'node_modules'), { recursive: true, force: true });
};

describe('installing', () => {
  it('installs once per lock file, without scripts, and hands it on by links', async () => {
    const first = project('first');
    execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], {
      cwd: first,
      stdio: 'ignore',
    });
    clone(first, worktree('second'));
    await checks().install(first);
    expect(readFileSync(installed(first), 'utf8')).toBe('module.exports = 1;\n');
    expect(existsSync(path.join(first, 'node_modules/left/ran'))).toBe(false);
    expect(kept()).toHaveLength(1);
    // Without the tarball a second install could not work: what comes now comes from the first.
    rmSync(path.join(worktree('second'), 'vendor'), { recursive: true });
    await checks().install(worktree('second'));
    expect(statSync(installed(worktree('second'))).ino).toBe(statSync(installed(first)).ino);
    expect(statSync(installed(first)).mode & 0o222).toBe(0);

    clone(first, worktree('third'));
    execFileSync('sh', ['-c', 'chmod u+w index.js && echo evil > index.js'], {
      cwd: path.dirname(installed(first)),
    });
    await checks().install(worktree('third'));
    expect(warnings).toEqual(['A kept install was changed and is thrown away']);
    expect(readFileSync(installed(worktree('third')), 'utf8')).toBe('module.exports = 1;\n');
  });

  it.skipIf(!confined.isReal)('lets no check change what other worktrees share', async () => {
    const root = project('shared');
    execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], {
      cwd: root,
      stdio: 'ignore',
    });
    await checks().install(root);
    const command = [
      'node',
      '-e',
      `
      const fs = require('node:fs');
      const tried = [
        () => fs.chmodSync('node_modules/left/index.js', 0o644),
        () => fs.writeFileSync('node_modules/left/index.js', 'evil'),
        () => fs.linkSync('node_modules/left/index.js', 'index.js'),
        () => fs.renameSync('node_modules', 'moved'),
        () => fs.writeFileSync('node_modules/.cache/mine', 'allowed'),
      ].map((act) => { try { act(); return 'done'; } catch (error) { return error.code; } });
      console.log(tried.join(' '));`,
    ];
    const result = await checks().run({ name: 'evil', kind: 'tests', command, dir: '.' }, root);
    expect(result.output).toBe('EROFS EROFS EXDEV EBUSY done');
    expect(readFileSync(installed(root), 'utf8')).toBe('module.exports = 1;\n');
  });

  it('installs without a lock file too, and keeps nothing then', async () => {
    const root = project('loose');
    await checks().install(root);
    expect(existsSync(installed(root))).toBe(true);
    expect(existsSync(path.join(root, 'package-lock.json'))).toBe(false);
    expect(kept()).toEqual([]);
  });

  it('says why it failed and leaves nothing half done', async () => {
    const root = project('wrong');
    write(root, { 'package-lock.json': '{' });
    const failure = checks().install(root);
    await expect(failure).rejects.toThrow(Refusal);
    await expect(failure).rejects.toThrow(
      /npm ci failed, so the checks cannot run\. It says: .*package-lock\.json/s,
    );
    expect(existsSync(path.join(root, 'node_modules'))).toBe(false);
  });

  it('goes on without what no changed file is written for, and says so', async () => {
    const root = project('mixed');
    write(root, { 'package-lock.json': '{' });
    const install = (file: string) => checks().install(root, { paths: [file] });
    expect(await install('src/lib.rs')).toEqual([
      'Installing with npm ci failed. No file of this change is written for it, so I went on without.',
    ]);
    await expect(install('src/shop.js')).rejects.toThrow(Refusal);
    await expect(install('src/shop.xyz')).rejects.toThrow(Refusal);
  });

  it('does nothing where there is nothing to install or packages are committed', async () => {
    write(worktree(), script('node --test'));
    await checks().install(worktree());
    const committed = project('committed');
    write(committed, { 'node_modules/left/index.js': 'committed' });
    await checks().install(committed);
    expect(readFileSync(installed(committed), 'utf8')).toBe('committed');
    expect(existsSync(path.join(worktree(), 'node_modules'))).toBe(false);
  });

  it('names a package manager that is missing', async () => {
    const root = project('pnpm');
    write(root, { 'pnpm-lock.yaml': '' });
    const before = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      await expect(checks().install(root)).rejects.toThrow(
        'The program pnpm was not found on this machine. Install pnpm',
      );
    } finally {
      process.env['PATH'] = before;
    }
  });
});
