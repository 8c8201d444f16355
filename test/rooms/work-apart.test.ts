// Script work in a program of its own gives what it gives here, leaves the checkout alone and leaves no process behind.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { workApart } from '../../src/fixers/work-apart.ts';
import { workHere } from '../../src/fixers/work-here.ts';
import { createReproducer } from '../../src/fixers/reproduce/reproducer.ts';
import { createTemplates } from '../../src/fixers/templates/fixer.ts';
import type { Fixer } from '../../src/ports.ts';
import { silentLog, stage, type CrashFacts } from './fixers-stage.ts';

const facts: CrashFacts = {
  project: 'strict',
  file: 'src/fleet.ts',
  at: 'row.^status;',
  message: "Cannot read properties of undefined (reading 'status')",
};

/** Every child of this process, by its command. */
function programs(): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const isOurs = readFileSync(`/proc/${name}/stat`, 'utf8').split(' ')[3] === String(process.pid);
      return isOurs && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('work-program.ts');
    } catch {
      return false;
    }
  });
}

describe('work apart', () => {
  it('looks ahead and drafts with one program, as it would here, and ends it', async () => {
    const answers: unknown[] = [];
    for (const scripts of [workHere, workApart()]) {
      const fixer = createTemplates({ log: silentLog, scripts });
      const looking: Fixer = {
        name: 'looking',
        fix: async (task, dir) => {
          const [foreseen, draft] = await Promise.all([
            fixer.foresee?.(task, dir),
            createReproducer({ scripts }).draft(task, dir, 'node:test'),
          ]);
          answers.push([foreseen?.result, draft, readFileSync(path.join(dir, facts.file), 'utf8').length]);
          return { outcome: 'refused', tried: [] };
        },
      };
      expect((await stage(looking, facts)).status).toBe('');
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[0]).toMatchObject([
      { outcome: 'changed' },
      { calls: expect.anything() },
      expect.anything(),
    ]);
    await expect.poll(programs, { timeout: 60_000 }).toEqual([]);
  });
});
