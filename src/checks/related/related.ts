// The same tests as a check runs, but only those that reach some files. It must not run them.

import path from 'node:path';
import type { Check, Related } from '../../ports.ts';
import type { Ground } from '../ground.ts';
import { exists, foldersUpTo, readManifest } from '../project.ts';
import { goTestsReaching } from './go-packages.ts';
import { hasAliases, nodeTestsReaching } from './node-tests.ts';
import { isScript } from './reach.ts';
import { type RunnerCall, runnerCall } from './runner-call.ts';

export type Form = { of: 'go' } | { of: 'script'; call: RunnerCall };

/**
 * How tests of some files alone are run; null when only all of them can be. Takes a check and the worktree, in which
 * everything is installed.
 */
export async function formOf({ kind, command, dir }: Check, root: string): Promise<Form | null> {
  if (kind !== 'tests') return null;
  if (command.join(' ') === 'go test ./...') return { of: 'go' };
  const [manager = '', run, silent, name, ...more] = command;
  const isScriptOf = /^(?:npm|pnpm|yarn)$/.test(manager) && run === 'run' && silent === '--silent';
  const manifest = isScriptOf && more.length === 0 ? readManifest(root, dir) : null;
  const call = manifest && name !== undefined ? runnerCall(manifest, name) : null;
  if (call === null || (call.runner === 'node:test' && hasAliases(call, root, dir))) return null;
  return (await isThere(call, root, dir)) ? { of: 'script', call } : null;
}

/** Yarn may keep programs where only yarn finds them. */
async function isThere({ program }: RunnerCall, root: string, dir: string): Promise<boolean> {
  if (program === 'node') return true;
  const places = foldersUpTo(dir).map((at) => path.join(root, at, 'node_modules/.bin', program));
  return (await Promise.all(places.map(exists))).some(Boolean);
}

type Where = { root: string; ground: Ground };

/** Takes repository-relative files. `none`: no test reaches them; null: nobody can say. */
export async function related(
  check: Check,
  paths: readonly string[],
  { root, ground }: Where,
): Promise<Related> {
  const form = await formOf(check, root);
  if (form === null || paths.length === 0) return null;
  const inside = paths.map((file) => path.posix.relative(check.dir, file));
  if (form.of === 'go') {
    if (!inside.every((file) => file.endsWith('.go') && !file.startsWith('../'))) return null;
    const packages = await goTestsReaching(inside, { root, folder: check.dir, ground });
    return named(check, packages, (names) => ({ command: ['go', 'test', ...names] }));
  }
  const { call } = form;
  const others = call.runner === 'node:test' ? /^$/ : /\.(?:vue|svelte)$/;
  if (!paths.every((file) => isScript(file) || others.test(file))) return null;
  const files =
    call.runner === 'node:test' ? await nodeTestsReaching(paths, call, { root, folder: check.dir }) : paths;
  return named(check, files, (all) => {
    const given = all.map((file) => asArgument(path.posix.relative(check.dir, file)));
    return { command: commandOf(call, given), env: call.env };
  });
}

function named(
  check: Check,
  found: readonly string[] | null,
  how: (found: readonly string[]) => Pick<Check, 'command' | 'env'>,
): Related {
  if (found === null) return null;
  if (found.length === 0) return 'none';
  return { name: check.name, kind: check.kind, dir: check.dir, ...how(found) };
}

/** A file may be called after an option. */
function asArgument(file: string): string {
  return file.startsWith('-') ? `./${file}` : file;
}

/** Coverage of a part is not what the project asks for; and that there is no test is no failure. */
function commandOf({ runner, program, options }: RunnerCall, files: readonly string[]): string[] {
  switch (runner) {
    case 'vitest': {
      const own = ['--run', '--passWithNoTests', '--coverage.enabled=false'];
      return [program, 'related', ...options, ...own, ...files];
    }
    case 'jest': {
      const own = ['--ci', '--coverage=false', '--passWithNoTests', '--findRelatedTests'];
      return [program, ...options, ...own, ...files];
    }
    case 'node:test':
      return [program, ...options, '--test', '--test-reporter=tap', ...files];
  }
}
