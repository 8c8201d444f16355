// Script work in a program of its own gives what it gives here, leaves the checkout alone, serves the next checkout, too,
// leaves no process behind, and reads nothing that a link of a hostile repository leads to.

import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { ScriptWork } from '../../src/fixers/script-work.ts';
import { workApart } from '../../src/fixers/work-apart.ts';
import { startWorker, type Unsent } from '../../src/fixers/worker.ts';
import { workHere } from '../../src/fixers/work-here.ts';
import { createReproducer } from '../../src/fixers/reproduce/reproducer.ts';
import { createTemplates } from '../../src/fixers/templates/fixer.ts';
import { createNoSandbox } from '../../src/run/no-sandbox.ts';
import type { Fixer } from '../../src/ports.ts';
import { findSandbox } from '../world/sandbox.ts';
import { silentLog, stage, type CrashFacts } from './fixers-stage.ts';

const facts: CrashFacts = {
  project: 'strict',
  file: 'src/fleet.ts',
  at: 'row.^status;',
  message: "Cannot read properties of undefined (reading 'status')",
};

const found = await findSandbox();
const sandbox = found.sandbox ?? createNoSandbox();
const outside = mkdtempSync(path.join(tmpdir(), 'suture-outside-'));

afterAll(() => {
  rmSync(outside, { recursive: true, force: true });
  if (found.sandbox) found.close();
});

afterEach(() => void vi.unstubAllEnvs());

/** Every program below this process that does script work. */
function programs(): string[] {
  const stats = readdirSync('/proc').flatMap((name) => {
    try {
      const parent = readFileSync(`/proc/${name}/stat`, 'utf8').split(' ')[3] ?? '';
      return [{ name, parent, command: readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0') }];
    } catch {
      return [];
    }
  });
  const ours = new Set([String(process.pid)]);
  for (let before = 0; before < ours.size;) {
    before = ours.size;
    for (const { name, parent } of stats) if (ours.has(parent)) ours.add(name);
  }
  return stats
    .filter(({ name, command }) => ours.has(name) && (command[0] ?? '').endsWith('node'))
    .filter(({ command }) => command.some((part) => part.endsWith('work-program.ts')))
    .map(({ name }) => name);
}

/** Looks ahead and drafts at once, as a fix does. */
async function lookWith(scripts: ScriptWork, arrange?: (dir: string) => void): Promise<unknown> {
  const fixer = createTemplates({ log: silentLog, scripts });
  let answers: unknown = null;
  const looking: Fixer = {
    name: 'looking',
    fix: async (task, dir) => {
      const [foreseen, draft] = await Promise.all([
        fixer.foresee?.(task, dir),
        createReproducer({ scripts }).draft(task, dir, 'node:test'),
      ]);
      answers = [foreseen?.result, draft, readFileSync(path.join(dir, facts.file), 'utf8').length];
      return { outcome: 'refused', tried: [] };
    },
  };
  const status = (await stage(looking, facts, arrange)).status;
  expect(status).toBe('');
  return answers;
}

describe('work apart', () => {
  it('gives what it would give here, with one program for both works and for the next checkout', async () => {
    const apart = workApart({ sandbox });
    const expected = await lookWith(workHere);
    expect(expected).toMatchObject([{ outcome: 'changed' }, { calls: expect.anything() }, expect.anything()]);
    expect(await lookWith(apart)).toEqual(expected);
    const first = programs();
    expect(first).toHaveLength(1);
    expect(await lookWith(apart)).toEqual(expected);
    expect(programs()).toEqual(first);
    // Ended by somebody else while it waits: the next work does not suffer.
    process.kill(Number(first[0]), 'SIGKILL');
    expect(await lookWith(apart)).toEqual(expected);
    expect(programs()).toHaveLength(1);
    await apart.close();
    await expect.poll(programs, { timeout: 60_000 }).toEqual([]);
  });

  it('answers who asks a program at the moment in which it ends', async () => {
    const { promise: ended, reject: over } = Promise.withResolvers<never>();
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const start = () => ({ stdin, stdout, ended, end: async () => undefined });
    const worker = startWorker({ ...createNoSandbox(), start }, outside, () => undefined);
    const order = { work: 'draft' } as Unsent;
    const first = worker.ask(order);
    over(new Error('it is over'));
    await expect(first).rejects.toThrow('it is over');
    await expect(worker.ask(order)).rejects.toThrow('it is over');
    expect(worker.isBusy()).toBe(false);
  });

  it('ends a program that had nothing to do for long', async () => {
    const apart = workApart({ sandbox, idleMs: 20 });
    await lookWith(apart);
    await expect.poll(programs, { timeout: 60_000 }).toEqual([]);
  });

  it.skipIf(found.sandbox === null)('reads nothing that a link out of the repository leads to', async () => {
    // What lies beside a checkout belongs to the same repository, so this one needs a folder of its own.
    const folder = mkdtempSync(path.join(outside, 'repository-'));
    const elsewhere = mkdtempSync(path.join(outside, 'elsewhere-'));
    writeFileSync(path.join(elsewhere, 'secret.ts'), 'export type Secret = 1;\n');
    vi.stubEnv('TMPDIR', folder);
    const leak = (dir: string): void => {
      symlinkSync(path.join(elsewhere, 'secret.ts'), path.join(dir, 'src/secret.ts'));
      const file = path.join(dir, facts.file);
      const text = readFileSync(file, 'utf8');
      writeFileSync(
        file,
        `${text}\nimport type { Secret } from './secret.ts';\nexport type Known = Secret;\n`,
      );
    };
    expect(await lookWith(workHere, leak)).toMatchObject([{ outcome: 'changed' }, {}, {}]);
    const apart = workApart({ sandbox });
    expect(await lookWith(apart, leak)).toMatchObject([
      { outcome: 'refused', tried: [{ why: expect.stringContaining('does not resolve in this checkout') }] },
      { why: expect.anything() },
      {},
    ]);
    await apart.close();
  });
});
