// What every Checks must keep, run on each implementation. It must not know how one is made.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Check, Checks } from '../../src/ports.ts';

/** A worktree with one type check and one test run, both of which fail until `mend` is called. */
export type ChecksWorld = {
  checks: Checks;
  dir: string;
  mend(): Promise<void>;
  /** Files that the failing test reaches, and that no test does. */
  reached: string;
  alone: string;
  /** Adds unrelated lines above the failures. */
  shiftLines(): Promise<void>;
  end(): Promise<void>;
};

export function checksContract(name: string, makeWorld: () => Promise<ChecksWorld>): void {
  describe(`checks: ${name}`, () => {
    let world: ChecksWorld;
    let types: Check;
    let tests: Check;
    beforeEach(async () => {
      world = await makeWorld();
      await world.checks.install(world.dir);
      const found = await world.checks.find(world.dir, []);
      expect(found.map((check) => check.kind)).toEqual(['types', 'tests']);
      [types, tests] = found as [Check, Check];
    });
    afterEach(() => world.end());

    it('names failures so that moved lines do not change the names', async () => {
      const before = [await world.checks.run(types, world.dir), await world.checks.run(tests, world.dir)];
      await world.shiftLines();
      const after = [await world.checks.run(types, world.dir), await world.checks.run(tests, world.dir)];
      for (const result of before) {
        expect(result).toMatchObject({ passed: false, timedOut: false });
        expect(result.failures.length).toBeGreaterThan(0);
      }
      expect(after.map((result) => result.failures)).toEqual(before.map((result) => result.failures));
    });

    it('throws the reason of a signal that has aborted, and gives no half result', async () => {
      const { checks, dir } = world;
      const reason = new Error('nobody wants it any more');
      const stop = AbortSignal.abort(reason);
      const at = { commit: 'a'.repeat(40), fresh: false };
      await expect(checks.run(tests, dir, stop)).rejects.toBe(reason);
      await expect(checks.runAtBase(tests, dir, at, stop)).rejects.toBe(reason);
      expect(await checks.runAtBase(tests, dir, at)).toMatchObject({ passed: false });
    });

    it('runs the tests that reach a file as it runs all, and says when none does, or when there are none', async () => {
      const { checks, dir, reached, alone } = world;
      const related = await checks.related(tests, [reached], dir);
      expect(related).toMatchObject({ kind: 'tests', dir: tests.dir });
      const all = await checks.run(tests, dir);
      expect((await checks.run(related as Check, dir)).failures).toEqual(all.failures);
      expect(await checks.related(tests, [alone], dir)).toBe('none');
      expect(await checks.related(types, [reached], dir)).toBeNull();
    });

    it('passes what is mended, with a summary and no failures', async () => {
      await world.mend();
      for (const check of [types, tests]) {
        const result = await world.checks.run(check, world.dir);
        expect(result).toMatchObject({ check, passed: true, timedOut: false, failures: [] });
        expect(result.summary).not.toBe('');
      }
    });
  });
}
