// Writes tests that show a crash, for each language in its own way (reference fixing.md, 2.6, step 6).
// It runs none, and puts no word of the event into one.

import { realpathSync } from 'node:fs';
import type { Reproducer } from '../../ports.ts';
import type { ScriptWork } from '../script-work.ts';
import { testPlaceOf } from './place.ts';

export function createReproducer({ scripts }: { scripts: ScriptWork }): Reproducer {
  return {
    placeOf: async (task, dir) => {
      const suspect = task.location.suspect?.path;
      return suspect !== undefined && isScript(suspect) ? testPlaceOf(realpathSync(dir), suspect).path : null;
    },
    draft: async (task, dir, runner) =>
      runner === 'cargo'
        ? { why: 'tests in Rust are not written yet' }
        : scripts.draft(task, { root: realpathSync(dir), runner }),
  };
}

function isScript(file: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(file);
}
