// What a second fix finds of the first: results at the same commit, and installs. Starts are counted by the programs
// themselves, in a folder of the repository that outlives a worktree.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChecks } from '../../src/checks/checks.ts';
import { cachesOf } from '../../src/checks/kept/caches.ts';
import type { Check, Log } from '../../src/ports.ts';
import { createNoSandbox } from '../../src/run/no-sandbox.ts';
import { findSandbox } from '../world/sandbox.ts';

const silent = () => undefined;
const log: Log = { info: silent, warn: silent, error: silent, child: () => log };
const found = await findSandbox();
const sandbox = found.sandbox ?? createNoSandbox();
afterAll(() => {
  if (found.sandbox) found.close();
});

let base: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'suture-kept-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const dataDir = () => path.join(base, 'data');
const checks = (timeoutMs?: number) =>
  createChecks({ dataDir: dataDir(), sandbox, installHosts: [], log, ...(timeoutMs ? { timeoutMs } : {}) });

/** A fresh worktree of the one repository, as each fix has one. */
function worktree(name: string, files: Readonly<Record<string, string>> = {}): string {
  const root = path.join(base, 'repository', name);
  mkdirSync(root, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(root, file), text);
  return root;
}

const count = 'echo start >> "$CARGO_TARGET_DIR/starts"; n=$(wc -l < "$CARGO_TARGET_DIR/starts");';

function starts(): number {
  const [target = ''] = cachesOf(dataDir(), worktree('any')).built;
  try {
    return readFileSync(path.join(target, 'starts'), 'utf8').split('\n').length - 1;
  } catch {
    return 0;
  }
}

const check = (script: string, kind: Check['kind'] = 'tests'): Check => ({
  name: 'counted',
  kind,
  command: ['sh', '-c', `${count} ${script}`],
  dir: '.',
});

let fixes = 0;
const atBase = (one: Check, at: { commit?: string; fresh?: boolean; timeoutMs?: number } = {}) =>
  checks(at.timeoutMs).runAtBase(one, worktree(`fix-${(fixes += 1)}`), {
    commit: at.commit ?? 'c1',
    fresh: at.fresh ?? false,
  });

const tap = (...failing: string[]) =>
  `printf 'TAP version 13\\n'; ${failing.map((name) => `printf 'not ok 1 - ${name}\\n';`).join(' ')} exit 1`;

describe('a check at the base', () => {
  it('that passed is not run again at the same commit, and is at another, or as another', async () => {
    const first = await atBase(check('echo "# pass 3"; echo "# fail 0"'));
    expect(first).toMatchObject({ passed: true, summary: '3 passed' });
    expect(first.remembered).toBeUndefined();
    const second = await atBase(check('echo "# pass 3"; echo "# fail 0"'));
    const { ms: _, ...same } = first;
    expect(second).toMatchObject({ ...same, remembered: true });
    expect(starts()).toBe(1);
    await atBase(check('echo "# pass 3"; echo "# fail 0"'), { commit: 'c2' });
    expect(starts()).toBe(2);
    await atBase(check('echo other'));
    expect(starts()).toBe(3);
    await atBase({ ...check('echo other'), install: { command: ['true'], cache: [] } });
    expect(starts()).toBe(4);
  });

  it('is run again when a fresh result is asked for, and what contradicts the earlier one ends its belief', async () => {
    const now = check('test $n -ne 2');
    expect(await atBase(now)).toMatchObject({ passed: true });
    expect(await atBase(now, { fresh: true })).toMatchObject({ passed: false });
    expect(await atBase(now)).toMatchObject({ passed: true });
    expect(await atBase(now)).toMatchObject({ passed: true });
    expect(starts()).toBe(4);
  });

  it('whose tests fail is believed when two runs have named the same ones, in whatever order', async () => {
    const failing = check(
      `if [ $n -eq 1 ]; then ${tap('adds', 'totals')}; else ${tap('totals', 'adds')}; fi`,
    );
    expect((await atBase(failing)).failures).toEqual(['adds', 'totals']);
    expect((await atBase(failing)).remembered).toBeUndefined();
    expect(await atBase(failing)).toMatchObject({ remembered: true, passed: false });
    expect(starts()).toBe(2);
  });

  it('whose tests fail now and then is run each time', async () => {
    const flaky = check(`if [ $((n % 2)) -eq 1 ]; then ${tap('totals')}; fi`);
    for (let run = 1; run <= 4; run += 1) {
      const result = await atBase(flaky);
      expect(result).toMatchObject({ passed: run % 2 === 0 });
      expect(result.remembered).toBeUndefined();
    }
    expect(starts()).toBe(4);
  });

  it('that a compiler failed is believed at once', async () => {
    const compiled = check('echo "src/a.ts(1,7): error TS2322: No."; exit 2', 'types');
    await atBase(compiled);
    expect(await atBase(compiled)).toMatchObject({ remembered: true, summary: '1 error' });
    expect(starts()).toBe(1);
  });

  it.each([
    ['was ended by a signal', 'kill -9 $$'],
    ['names no failure', 'exit 3'],
  ])('that %s is run again', async (_, script) => {
    const cut = check(script);
    expect(await atBase(cut)).toMatchObject({ passed: false });
    expect((await atBase(cut)).remembered).toBeUndefined();
    expect(starts()).toBe(2);
  });

  it('that was stopped is run again', async () => {
    const endless: Check = { name: 'endless', kind: 'tests', command: ['sleep', '60'], dir: '.' };
    for (let run = 1; run <= 2; run += 1) {
      const result = await atBase(endless, { timeoutMs: 400 });
      expect(result).toMatchObject({ passed: false, timedOut: true });
      expect(result.remembered).toBeUndefined();
    }
  });

  it.skipIf(!found.sandbox)('cannot be forged by a check or an install', async () => {
    const forge = `for f in ${cachesOf(dataDir(), worktree('any')).baselines}/*; do echo x > "$f" || exit 9; done`;
    await atBase(check('exit 0'));
    expect(await checks().run(check(forge), worktree('forger'))).toMatchObject({ summary: 'exit status 9' });
    const install = { command: ['sh', '-c', forge], cache: [] };
    await expect(
      checks().install(worktree('installer'), { given: [{ ...check(''), install }] }),
    ).rejects.toThrow('Read-only file system');
  });
});

const own = (script: string, cache: string[] = []) => ({
  given: [{ ...check(''), install: { command: ['sh', '-ec', `${count} ${script}`], cache } }],
});
const makes = 'mkdir -p out/inner; echo made > out/inner/file; ln -s inner/file out/link';
const made = (root: string) => readFileSync(path.join(root, 'out/link'), 'utf8');

describe("a repository's own install", () => {
  it('runs once for the same files, and what it made is a copy that a check may change', async () => {
    const first = worktree('first', { lock: 'one' });
    expect(await checks().install(first, own(makes, ['lock']))).toEqual([]);
    expect(made(first)).toBe('made\n');
    writeFileSync(path.join(first, 'out/inner/file'), 'changed');
    const second = worktree('second', { lock: 'one' });
    await checks().install(second, own(makes, ['lock']));
    expect(made(second)).toBe('made\n');
    expect(starts()).toBe(1);
    await checks().install(worktree('third', { lock: 'two' }), own(makes, ['lock']));
    await checks().install(worktree('fourth', { lock: 'two' }), own(`${makes}; true`, ['lock']));
    expect(starts()).toBe(3);
  });

  it('runs each time without files to go by, and when what it made names its folder', async () => {
    for (const name of ['a', 'b']) await checks().install(worktree(name), own(makes));
    expect(starts()).toBe(2);
    for (const name of ['c', 'd'])
      await checks().install(worktree(name, { lock: '1' }), own(`${makes}; pwd > out/home`, ['lock']));
    expect(starts()).toBe(4);
    expect(readFileSync(path.join(worktree('d'), 'out/home'), 'utf8')).toContain('/d\n');
  });

  it('runs once for several checks that name the same', async () => {
    const [one] = own(makes).given;
    await checks().install(worktree('a'), { given: [one!, { ...one!, name: 'another' }] });
    expect(starts()).toBe(1);
  });

  it('that fails says why', async () => {
    await expect(checks().install(worktree('a'), own('echo no such thing >&2; exit 4'))).rejects.toThrow(
      'Installing with sh -ec failed, so the checks cannot run. It says: no such thing',
    );
  });
});
