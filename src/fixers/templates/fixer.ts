// The built-in fixer: looks whether a template may touch the place at all, and hands it to its language.
// It must leave the checkout untouched when it refuses.

import { realpathSync, writeFileSync } from 'node:fs';
import type { Fixer, FixerResult, FixTask, Foreseen, Log } from '../../ports.ts';
import { readWithin } from '../../run/read-within.ts';
import { fixRust } from '../rust/fix.ts';
import type { RustTools } from '../rust/fix.ts';
import type { ScriptWork } from '../script-work.ts';
import { eligibleTarget, type Target } from './eligible.ts';
import { isDeclined, refused } from './template.ts';

export type TemplatesOptions = {
  log: Log;
  /** Without them Rust is left alone. */
  rust?: RustTools;
  scripts: ScriptWork;
};

/**
 * The fixer `templates` (design section 6). Throws nothing of its own: whatever it cannot decide is a
 * refusal with a sentence for each step it tried.
 */
export function createTemplates({ log, rust, scripts }: TemplatesOptions): Fixer {
  const tell = (result: FixerResult): void => {
    const fields =
      result.outcome === 'changed'
        ? { strategy: result.description.strategy }
        : { tried: result.tried.length };
    log.info({ ...fields, outcome: result.outcome }, 'templates are done');
  };
  return {
    name: 'templates',
    decline: (task, dir) => {
      const target = eligibleTarget(task, realpathSync(dir));
      return Promise.resolve(isDeclined(target) ? refused('templates', target) : null);
    },
    fix: async (task, dir) => {
      const root = realpathSync(dir);
      const foreseen = await foresee(task, root, scripts);
      if (foreseen) await foreseen.write();
      const result = foreseen?.result ?? (await fixInRust(task, root, rust));
      tell(result);
      return result;
    },
    foresee: async (task, dir) => {
      const foreseen = await foresee(task, realpathSync(dir), scripts);
      if (foreseen) tell(foreseen.result);
      return foreseen;
    },
  };
}

/** Null for Rust, where changes are tried out in the folder itself. */
async function foresee(task: FixTask, dir: string, scripts: ScriptWork): Promise<Foreseen | null> {
  const target = eligibleTarget(task, dir);
  if (isDeclined(target)) return { result: refused('templates', target), write: async () => true };
  if (target.path.endsWith('.rs')) return null;
  const { result, text } = await scripts.plan(task, { target, dir });
  return { result, write: async () => writeOver(dir, target, text) };
}

function writeOver(dir: string, { path, text: before }: Target, after: string | null): boolean {
  if (readWithin(dir, path) !== before) return false;
  if (after !== null) writeFileSync(path, after);
  return true;
}

async function fixInRust(task: FixTask, dir: string, tools: RustTools | undefined): Promise<FixerResult> {
  const target = eligibleTarget(task, dir);
  if (isDeclined(target)) return refused('templates', target);
  if (tools) return fixRust(task, { target, dir, tools });
  return refused('templates', { why: 'Nothing here compiles Rust, so no change to it could be judged.' });
}
