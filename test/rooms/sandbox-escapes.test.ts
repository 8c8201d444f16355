import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNoSandbox } from '../../src/run/no-sandbox.ts';
import { usualLimits } from '../../src/run/sandbox.ts';
import { attempt, attempts, call, calls, insideOf, openPrey, type Prey } from '../world/escapes.ts';
import { findSandbox } from '../world/sandbox.ts';

const found = await findSandbox();
if (!found.sandbox) console.warn(`Skipped: no sandbox on this machine. ${found.why}`);
const sandbox = found.sandbox ?? createNoSandbox();
const none = createNoSandbox();
const isRoot = process.getuid?.() === 0;
const setpriv = '/usr/bin/setpriv';

let prey: Prey;
beforeAll(async () => {
  prey = await openPrey();
});
afterAll(() => {
  prey.close();
  if (found.sandbox) found.close();
});

describe.skipIf(!found.sandbox)('escapes from the sandbox', () => {
  it.each(attempts)('cannot $name', async (one) => {
    expect(await attempt(sandbox, prey, one)).toBe('held');
  });

  // On a prey of their own, which they spoil.
  it('every attempt that does no harm succeeds where there is no sandbox', async () => {
    const victim = await openPrey();
    const outcomes: Record<string, string> = {};
    for (const one of attempts.filter(({ safe, asRoot }) => safe && (isRoot || !asRoot)))
      outcomes[one.name] = await attempt(none, victim, one);
    victim.close();
    expect(Object.entries(outcomes).filter(([, outcome]) => !outcome.startsWith('escaped'))).toEqual([]);
  });

  it.skipIf(process.arch !== 'x64' || !existsSync('/usr/bin/perl')).each(Object.entries(calls))(
    'cannot %s',
    async (_name, list) => expect(await call(sandbox, prey, list)).toMatch(/^refused: /),
  );

  it.skipIf(!isRoot || !existsSync(setpriv))('holds an ordinary user, too', () => {
    const args = [
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      process.execPath,
      'test/rooms/sandbox-child.ts',
    ];
    const told = JSON.parse(execFileSync(setpriv, args, { encoding: 'utf8' })) as {
      user?: number;
      why?: string;
      outcomes: Record<string, string>;
    };
    if (told.why !== undefined) return console.warn(`Not for ordinary users on this machine. ${told.why}`);
    expect(told.user).toBe(65534);
    const all = Object.entries(told.outcomes);
    expect(all.length).toBeGreaterThanOrEqual(attempts.length);
    expect(all.filter(([, outcome]) => outcome !== 'held' && !outcome.startsWith('refused: '))).toEqual([]);
  });
});

const run = (script: string, limits: Partial<typeof usualLimits>, more = {}) =>
  sandbox.run(process.execPath, ['-e', script], {
    ...insideOf(prey, { limits: { ...usualLimits, ...limits } }),
    ...more,
  });

describe.skipIf(!found.sandbox)('limits of the sandbox', () => {
  it('ends what starts too many processes', async () => {
    const result = await run(
      `const { spawn } = require('node:child_process');
       let refused = 0;
       setInterval(() => { for (let i = 0; i < 5; i += 1) spawn('sleep', ['60']).on('error', () => { refused += 1; if (refused > 20) { console.log('refused'); process.exit(9); } }); }, 30);`,
      { processes: 60 },
    );
    // The kernel refuses ordinary users; the watch ends what root starts.
    expect(result.exceeded ?? result.stdout).toMatch(/^It had more than 60 processes\.$|^refused$/m);
    expect(result.timedOut).toBe(false);
  });

  it('ends what uses too much memory, though each part is small', async () => {
    const result = await run(
      `const grow = "const kept = []; setInterval(() => kept.push(Buffer.alloc(2e6, 1)), 40)";
       for (let i = 0; i < 2; i += 1) require('node:child_process').spawn(process.execPath, ['-e', grow], { stdio: 'inherit' });
       eval(grow);`,
      { memoryMb: 300 },
    );
    expect(result).toMatchObject({ exceeded: 'It used more than 300 MB of memory.', output: '' });
  });

  it('ends what uses too much processor time, that of its children included', async () => {
    const result = await run(
      `const { spawnSync } = require('node:child_process');
       for (;;) spawnSync('perl', ['-e', 'my $end = (times)[0] + 0.3; while ((times)[0] < $end) {}']);`,
      { cpuSeconds: 2 },
    );
    expect(result.exceeded).toBe('It used more than 2 seconds of processor time.');
  });

  it.each([
    ['many files', `fs.writeFileSync('fill' + i, block)`],
    [
      'a file without a name',
      `const file = fs.openSync('fill' + i, 'w'); fs.unlinkSync('fill' + i); fs.writeSync(file, block)`,
    ],
  ])('ends what fills the disk with %s', async (_name, step) => {
    const result = await run(
      `const fs = require('node:fs'); const block = Buffer.alloc(4e6, 1); let i = 0;
       setInterval(() => { i += 1; if (i < 40) { ${step}; } }, 50);`,
      { diskMb: 16 },
    );
    expect(result.exceeded).toBe('It wrote more than 16 MB.');
  });

  it('lets no file grow past the limit, and its temporary folders hold no more', async () => {
    const result = await run(
      `const fs = require('node:fs'); const block = Buffer.alloc(4e6, 1);
       process.on('SIGXFSZ', () => {});
       const fill = (file) => { try { const to = fs.openSync(file, 'w'); for (let i = 0; i < 30; i += 1) fs.writeSync(to, block); return 'all'; } catch (error) { return error.code; } };
       console.log(fill('large'), fill('/dev/shm/a'), fill('/tmp/a'), fill('/tmp/b')); fs.rmSync('large');`,
      { diskMb: 64 },
    );
    expect(result.stdout).toBe('EFBIG EFBIG EFBIG ENOSPC\n');
  });

  it('leaves nothing behind: not by a new session, not after its end, not when time is up', async () => {
    const daemon = `const { spawn } = require('node:child_process');
      spawn('setsid', ['sh', '-c', 'trap "" TERM HUP; i=0; while [ $i -lt 100 ]; do date +%s%N > beat; sleep 0.1; i=$((i+1)); done'], { detached: true, stdio: 'ignore' }).unref();`;
    const beat = path.join(prey.work, 'beat');
    const lives = async () => {
      const before = readFileSync(beat, 'utf8');
      await wait(600);
      return readFileSync(beat, 'utf8') !== before;
    };
    const started = `const until = setInterval(() => { if (require('node:fs').existsSync('beat')) { clearInterval(until); console.log('left'); } }, 20);`;
    expect(await run(daemon + started, {})).toMatchObject({ exitCode: 0, stdout: 'left\n' });
    expect(await lives()).toBe(false);
    const stuck = await run(`${daemon} setInterval(() => {}, 1000)`, {}, { timeoutMs: 1500 });
    expect(stuck.timedOut).toBe(true);
    expect(await lives()).toBe(false);
    // Without a sandbox the same daemon outlives its parent; it ends by itself.
    await none.run(process.execPath, ['-e', daemon + started], insideOf(prey));
    expect(await lives()).toBe(true);
  });

  it('runs no program with the rights of the one it belongs to', async () => {
    const copy = path.join(prey.work, 'whoami');
    copyFileSync('/usr/bin/id', copy);
    if (isRoot) execFileSync('chown', ['65534', copy]);
    execFileSync('chmod', ['4755', copy]);
    const result = await sandbox.run('./whoami', ['-u'], insideOf(prey));
    expect(result.stdout).toBe('1000\n');
    if (isRoot) expect((await none.run('./whoami', ['-u'], insideOf(prey))).stdout).toBe('65534\n');
    expect(statSync(copy).mode & 0o4000).toBe(0o4000);
  });
});
