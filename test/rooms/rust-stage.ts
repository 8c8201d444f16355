// A real crate with one panic in it: runs the templates on a checkout that is kept between the cases, so that
// cargo compiles only what a case changes. It must not decide what is right; the tests do.

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createToolchain } from '../../src/checks/toolchain.ts';
import { sandboxForChecks } from '../world/sandbox.ts';
import { createTemplates } from '../../src/fixers/templates/fixer.ts';
import { workHere } from '../../src/fixers/work-here.ts';
import type { Toolchain } from '../../src/ports.ts';
import { parseRust } from '../../src/syntax/parsers.ts';
import { answerOf, bodyOf, changeOf, silentLog, taskFor } from './fixers-stage.ts';
import type { CrashFacts, Staged } from './fixers-stage.ts';

export const hasCargo = spawnSync('cargo', ['--version']).status === 0;

/** For cases that must be refused before any compiler is asked. */
const noCompiler: Toolchain = {
  diagnose: async () => ({ ran: false, why: 'The compiler was asked.' }),
  format: async () => null,
};

const { sandbox } = await sandboxForChecks();

const made: string[] = [];
afterAll(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

/** A checkout of the fixture crate, and how to try panics in it. */
export function rustStage(project = 'crate') {
  const dir = mkdtempSync(join(tmpdir(), 'suture-crate-'));
  const dataDir = mkdtempSync(join(tmpdir(), 'suture-data-'));
  made.push(dir, dataDir);
  cpSync(join(import.meta.dirname, '../fixtures/fixers', project), dir, { recursive: true });
  git(dir, 'init', '--quiet', '--initial-branch=main');
  git(dir, 'add', '--all');
  git(dir, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', 'base');
  const compiling = fixerWith(createToolchain({ sandbox, dataDir }));
  const reading = fixerWith(noCompiler);
  git(dir, 'tag', 'base');
  return {
    /** What a change is and says; throws for a refusal. */
    fixed: async (panic: RustPanic, arrange?: (dir: string) => void) =>
      changeOf(await run(compiling, dir, panic, arrange)),
    /** Why not, by a fixer that may compile. */
    refused: async (panic: RustPanic, arrange?: (dir: string) => void) =>
      refusalIn(await run(compiling, dir, panic, arrange)),
    /** Why not, by a fixer without a compiler. */
    refusedUnread: async (panic: RustPanic) => refusalIn(await run(reading, dir, panic)),
  };
}

export type RustPanic = Omit<CrashFacts, 'project' | 'type'>;

function fixerWith(toolchain: Toolchain) {
  return createTemplates({ log: silentLog, scripts: workHere, rust: { parse: parseRust, toolchain } });
}

async function run(
  fixer: ReturnType<typeof createTemplates>,
  dir: string,
  facts: RustPanic,
  arrange?: (dir: string) => void,
): Promise<Staged> {
  git(dir, 'checkout', '--quiet', 'base', '--', '.');
  arrange?.(dir);
  git(dir, 'add', '--all');
  const result = await fixer.fix(taskFor({ project: '', type: 'panic', ...facts }, dir), dir);
  const status = git(dir, 'diff', '--name-only') + git(dir, 'ls-files', '--others', '--exclude-standard');
  return { result, diff: bodyOf(git(dir, 'diff')), status, commits: 1, typeErrors: '' };
}

function refusalIn(staged: Staged): string {
  if (staged.result.outcome === 'changed' || staged.status !== '')
    throw new Error(`It changed the checkout: ${staged.status}${staged.diff}`);
  return answerOf(staged);
}

function git(dir: string, ...args: string[]): string {
  return execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' });
}
