import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bug, Refusal } from '../../src/domain/failure.ts';
import { run, type RunOptions } from '../../src/run.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'suture-run-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const options = (more: Partial<RunOptions> = {}): RunOptions => ({
  cwd: dir,
  env: { HOME: dir },
  timeoutMs: 20_000,
  ...more,
});

const node = (script: string, more: Partial<RunOptions> = {}) =>
  run(process.execPath, ['-e', script], options(more));

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (!alive(pid)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

/** A program that starts a child of its own, writes the child's id to a file, and waits. */
const family = (childScript: string) => `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', ${JSON.stringify(childScript)}], { stdio: 'inherit' });
  require('node:fs').writeFileSync('child.pid', String(child.pid));
  process.stdout.write('ready\\n');
  setInterval(() => {}, 1000);`;

describe('run', () => {
  it('gives both streams apart and together, and the exit status', async () => {
    const result = await node(`
      process.stdout.write('one ');
      setTimeout(() => { process.stderr.write('two '); setTimeout(() => { process.stdout.write('three'); process.exitCode = 3; }, 100); }, 100);`);
    expect(result).toMatchObject({
      exitCode: 3,
      signal: null,
      stdout: 'one three',
      stderr: 'two ',
      output: 'one two three',
      timedOut: false,
      aborted: false,
      truncated: false,
    });
  });

  it('inherits nothing but PATH and LANG', async () => {
    process.env['SUTURE_TEST_SECRET'] = 'inherited';
    const result = await node('process.stdout.write(JSON.stringify(process.env))', {
      env: { HOME: dir, ONE: '1' },
    });
    delete process.env['SUTURE_TEST_SECRET'];
    expect(Object.keys(JSON.parse(result.stdout) as object).toSorted()).toEqual([
      'HOME',
      'LANG',
      'ONE',
      'PATH',
    ]);
  });

  it('never uses a shell', async () => {
    const result = await run(
      process.execPath,
      ['-e', 'process.stdout.write(process.argv[1])', '$(id); `id` "'],
      options(),
    );
    expect(result.stdout).toBe('$(id); `id` "');
    expect(result.command).toContain(`'$(id); \`id\` "'`);
  });

  it('passes input, and survives a program that does not read it', async () => {
    const echoed = await node('process.stdin.pipe(process.stdout)', { input: 'typed' });
    expect(echoed.stdout).toBe('typed');
    const deaf = await node('process.exit(4)', { input: 'x'.repeat(5_000_000) });
    expect(deaf.exitCode).toBe(4);
  });

  it('keeps head and tail of a long output and says so', async () => {
    const result = await node(`process.stdout.write('head' + 'x'.repeat(100000) + 'tail')`, {
      maxOutputBytes: 1000,
    });
    expect(result.truncated).toBe(true);
    expect(result.stdout).toMatch(/^headx+\n\[… 99008 bytes of output left out …\]\nx+tail$/);
  });

  it('replaces secrets everywhere, also at the cut', async () => {
    const secret = 'hunter2-hunter2-hunter2';
    const result = await run(
      process.execPath,
      [
        '-e',
        'process.stderr.write(process.argv[1]); process.stdout.write(process.argv[1].repeat(500))',
        secret,
      ],
      options({ secrets: [secret], maxOutputBytes: 1000 }),
    );
    expect(result.truncated).toBe(true);
    expect(JSON.stringify(result)).not.toContain('unter');
    expect(result.stderr).toBe('[secret]');
  });

  it('ends the whole tree when time is up, also those who ignore the first signal', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;
    const result = await node(family(stubborn), { timeoutMs: 3000, graceMs: 100 });
    expect(result).toMatchObject({ timedOut: true, aborted: false, stdout: 'ready\n' });
    expect(result.signal).toBe('SIGTERM');
    expect(await gone(Number(await readFile(path.join(dir, 'child.pid'), 'utf8')))).toBe(true);
  });

  it('ends the whole tree on abort', async () => {
    const controller = new AbortController();
    const running = node(family('setInterval(() => {}, 1000)'), { signal: controller.signal });
    const pid = await waitForPid(path.join(dir, 'child.pid'));
    controller.abort();
    expect(await running).toMatchObject({ aborted: true, timedOut: false });
    expect(await gone(pid)).toBe(true);
  });

  it('starts nothing when already aborted', async () => {
    const result = await node(`require('node:fs').writeFileSync('ran', '')`, { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ aborted: true, exitCode: null });
    await expect(readFile(path.join(dir, 'ran'))).rejects.toThrow('ENOENT');
  });

  it('is not held up by something left behind that keeps the pipes open', async () => {
    const result = await node(`
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit', detached: true });
      child.unref();
      require('node:fs').writeFileSync('child.pid', String(child.pid));
      process.stdout.write('done');`);
    const pid = Number(await readFile(path.join(dir, 'child.pid'), 'utf8'));
    process.kill(pid);
    expect(result).toMatchObject({ exitCode: 0, stdout: 'done', timedOut: false });
  });

  it('ends what a program leaves running in its group', async () => {
    const result = await node(`
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      child.unref();
      process.stdout.write(String(child.pid));`);
    expect(await gone(Number(result.stdout))).toBe(true);
  });

  it('says which program is missing and what to install', async () => {
    const failure = run('suture-no-such-program', [], options());
    await expect(failure).rejects.toThrow(Refusal);
    await expect(failure).rejects.toThrow(
      'The program suture-no-such-program was not found on this machine. Install suture-no-such-program or put it on PATH.',
    );
    await expect(run('git', [], options({ env: { PATH: dir } }))).rejects.toThrow(
      'Install git 2.38 or newer.',
    );
  });

  it('tells a missing folder and a file that is no program from a missing program', async () => {
    await expect(run('git', [], options({ cwd: path.join(dir, 'nowhere') }))).rejects.toThrow(Bug);
    const file = path.join(dir, 'plain.txt');
    await writeFile(file, 'text');
    await expect(run(file, [], options())).rejects.toThrow('could not be started');
  });
});

async function waitForPid(file: string): Promise<number> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text) return Number(text);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
