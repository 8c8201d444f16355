// Writes tests that show a crash, for each language in its own way (reference fixing.md, 2.6, step 6).
// It runs none, and puts no word of the event into one.

import { realpathSync } from 'node:fs';
import type { Reproducer } from '../../ports.ts';
import type { ParseRust } from '../rust/source.ts';
import type { ScriptWork } from '../script-work.ts';
import { testPlaceOf } from './place.ts';
import { draftRustTest, rustTestPlace } from './rust/draft.ts';

export type ReproducerOptions = {
  scripts: ScriptWork;
  /** Without it there are no tests in Rust. */
  rust?: { parse: ParseRust };
};

export function createReproducer({ scripts, rust }: ReproducerOptions): Reproducer {
  return {
    placeOf: async (task, dir) => {
      const suspect = task.location.suspect?.path;
      if (suspect === undefined) return null;
      if (suspect.endsWith('.rs') && rust) return rustTestPlace(realpathSync(dir), suspect);
      return isScript(suspect) ? testPlaceOf(realpathSync(dir), suspect).path : null;
    },
    draft: async (task, dir, runner) => {
      const root = realpathSync(dir);
      if (runner !== 'cargo') return scripts.draft(task, { root, runner });
      return rust ? draftRustTest(task, root, rust.parse) : { why: 'I can write no test in this language' };
    },
  };
}

function isScript(file: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(file);
}
