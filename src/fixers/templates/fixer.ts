// The built-in fixer: looks whether a template may touch the place at all, and hands it to its language.
// It must leave the checkout untouched when it refuses.

import { realpathSync } from 'node:fs';
import type { Fixer, FixerResult, FixTask, Log } from '../../ports.ts';
import { fixRust } from '../rust/fix.ts';
import type { RustTools } from '../rust/fix.ts';
import { eligibleTarget } from './eligible.ts';
import { fixScript } from './script.ts';
import { isDeclined, refused } from './template.ts';

export type TemplatesOptions = {
  log: Log;
  /** Without them Rust is left alone. */
  rust?: RustTools;
};

/**
 * The fixer `templates` (design section 6). Throws nothing of its own: whatever it cannot decide is a
 * refusal with a sentence for each step it tried.
 */
export function createTemplates({ log, rust }: TemplatesOptions): Fixer {
  return {
    name: 'templates',
    async fix(task, dir) {
      const result = await fixIn(task, realpathSync(dir), rust);
      const fields =
        result.outcome === 'changed'
          ? { strategy: result.description.strategy }
          : { tried: result.tried.length };
      log.info({ ...fields, outcome: result.outcome }, 'templates are done');
      return result;
    },
  };
}

async function fixIn(task: FixTask, dir: string, rust: RustTools | undefined): Promise<FixerResult> {
  const target = eligibleTarget(task, dir);
  if (isDeclined(target)) return refused('templates', target);
  if (!target.path.endsWith('.rs')) return fixScript(task, { target, dir });
  if (rust) return fixRust(task, { target, dir, tools: rust });
  return refused('templates', { why: 'Nothing here compiles Rust, so no change to it could be judged.' });
}
