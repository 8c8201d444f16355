// What every fixer must keep to, whoever writes the change. Run it with tasks it can do and some it cannot.
// It must not look at how the change reads; each fixer's own tests do.

import { describe, expect, it } from 'vitest';
import type { FixDescription, Fixer, FixerResult } from '../../src/ports.ts';
import { stage } from './fixers-stage.ts';
import type { CrashFacts } from './fixers-stage.ts';

export type FixerSamples = {
  make: () => Fixer;
  fixes: readonly CrashFacts[];
  refuses: readonly CrashFacts[];
};

const finished = /^[A-Z`\d][^\n]+\.$/;

/** Registers the suite for one fixer. */
export function fixerContract(name: string, { make, fixes, refuses }: FixerSamples): void {
  describe(`a fixer: ${name}`, () => {
    it('has a name without blanks', () => {
      expect(make().name).toMatch(/^[a-z][a-z-]*$/);
    });

    it.each(fixes)('changes only the checkout, and says what it did: $at', async (facts) => {
      const staged = await stage(make(), facts);
      if (staged.result.outcome !== 'changed') throw new Error('It refused.');
      expect(staged.diff).not.toBe('');
      expect(staged.status.trim().split('\n')).toEqual([expect.stringMatching(/^M /)]);
      expect(staged.commits).toBe(1);
      expectFinished(staged.result.description);
    });

    it.each(refuses)('leaves nothing behind when it refuses: $at', async (facts) => {
      const staged = await stage(make(), facts);
      if (staged.result.outcome !== 'refused') throw new Error('It changed the checkout.');
      expect(staged.result.tried.length).toBeGreaterThan(0);
      for (const { why } of staged.result.tried) expect(why).toMatch(finished);
      expect(staged).toMatchObject({ status: '', diff: '', commits: 1 });
    });

    it('says beforehand what it says afterwards, where it says so at all', async () => {
      for (const facts of fixes) expect(await beforehand(make, facts)).toEqual(nothing);
      for (const facts of refuses) {
        const said = await beforehand(make, facts);
        if (said.outcome === 'refused' && said.tried.length > 0)
          expect(said).toEqual((await stage(make(), facts)).result);
      }
    });
  });
}

function expectFinished({ summary, rootCause, change, strategy, symptom }: FixDescription): void {
  expect(summary).toMatch(/^[a-z][^\n]{8,60}[^.\n]$/);
  for (const sentence of [rootCause, change, symptom ?? change]) expect(sentence).toMatch(finished);
  expect(strategy).not.toBe('');
}

const nothing = { outcome: 'refused' as const, tried: [] };

/** What it says before anything is installed or run. */
async function beforehand(make: () => Fixer, facts: CrashFacts): Promise<FixerResult> {
  const fixer = make();
  const fix: Fixer['fix'] = async (task, dir) => (await fixer.decline?.(task, dir)) ?? nothing;
  return (await stage({ name: fixer.name, fix }, facts)).result;
}
