// A small project with one crash in it, and the whole ladder climbed there: real git, real checks, real runner.
// It must not decide what is right; the tests do.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createChecks } from '../../src/checks/checks.ts';
import { createReproducer } from '../../src/fixers/reproduce/reproducer.ts';
import { createTemplates } from '../../src/fixers/templates/fixer.ts';
import { workHere } from '../../src/fixers/work-here.ts';
import { openLocal } from '../../src/git/local.ts';
import { repair, type RepairResult } from '../../src/jobs/repair.ts';
import type { Fixer } from '../../src/ports.ts';
import { createNoSandbox } from '../../src/run/no-sandbox.ts';
import { silentLog, taskFor, type CrashFacts } from './fixers-stage.ts';

export type Climbing = {
  /** Files of the repository, or a folder to copy. */
  files: Record<string, string> | string;
  facts: Omit<CrashFacts, 'project'>;
  fixer?: Fixer;
  /** Several in order, in place of one. */
  fixers?: readonly Fixer[];
  limits?: { files: number; lines: number };
  /** Installs what the project asks for from the registry, instead of lending it this checkout's packages. */
  install?: boolean;
  /** The short time that all tests get. */
  cheapMs?: number;
  /** Climbs once more, and tells of that. */
  again?: boolean;
};

const packages = path.resolve(import.meta.dirname, '../../node_modules');

/** Climbs the ladder in a worktree whose packages are this checkout's own. */
export async function climbIn({
  files,
  facts,
  fixer,
  fixers,
  limits,
  install = false,
  cheapMs,
  again = false,
}: Climbing): Promise<RepairResult> {
  const dir = mkdtempSync(path.join(tmpdir(), 'suture-reproduce-'));
  try {
    const repo = path.join(dir, 'repo');
    lay(repo, files);
    await using repository = await openLocal(repo, silentLog);
    const base = (await repository.resolveRevision('HEAD')) ?? '';
    const worktree = await repository.openWorktree('work', base);
    if (!install) linkPackages(worktree.dir);
    const task = taskFor({ project: '', ...facts }, worktree.dir);
    const climb = () =>
      repair(
        {
          checks: createChecks({
            dataDir: path.join(dir, 'data'),
            sandbox: createNoSandbox(),
            installHosts: [],
            log: silentLog,
            ...(cheapMs === undefined ? {} : { cheapMs }),
          }),
          fixers: fixers ?? [fixer ?? createTemplates({ log: silentLog, scripts: workHere })],
          reproducer: createReproducer({ scripts: workHere }),
        },
        {
          task,
          worktree,
          protectedPaths: [],
          limits: limits ?? { files: 5, lines: 80 },
          progress: async () => undefined,
        },
      );
    if (again) await climb();
    return await climb();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const isSource = (from: string): boolean => !from.includes('node_modules');

function lay(repo: string, files: Climbing['files']): void {
  mkdirSync(repo, { recursive: true });
  if (typeof files === 'string') {
    cpSync(files, repo, { recursive: true, filter: isSource });
  } else {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(repo, file)), { recursive: true });
      writeFileSync(path.join(repo, file), text);
    }
  }
  const git = (...args: string[]) => execFileSync('git', ['-C', repo, ...args]);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', 'base');
}

/** Nothing is installed: what the checks need is here already. */
function linkPackages(dir: string): void {
  mkdirSync(path.join(dir, 'node_modules/.bin'), { recursive: true });
  for (const name of ['typescript', '@typescript', '@types', 'vitest', 'vite'])
    symlinkSync(path.join(packages, name), path.join(dir, 'node_modules', name));
  for (const name of ['tsc', 'vitest'])
    symlinkSync(path.join(packages, '.bin', name), path.join(dir, 'node_modules/.bin', name));
}
