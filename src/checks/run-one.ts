// Runs the tests of one file by the package's own runner, and reads what each failed with.
// It must not decide what a failure means.

import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { TestRun, TestRunner } from '../ports.ts';
import { readWithin, realWithin } from '../run/read-within.ts';
import { type Ground, runOnGround } from './ground.ts';
import { cargoOutcomes } from './outcomes-cargo.ts';
import { jsonOutcomes } from './outcomes-json.ts';
import { tapOutcomes } from './outcomes-tap.ts';
import { exists, foldersWith, readManifest, type Manifest } from './project.ts';
import { cleaned, endOf } from './run-check.ts';
import { testCommand, type TestCommand } from './test-command.ts';

type Found = TestCommand & { /** The package's folder, repository-relative. */ folder: string };

/** What runs a test at that path; null when the package's test script does not say how a single file is run. */
export async function runnerOf(file: string, root: string): Promise<TestRunner | null> {
  return (await findCommand(file, root))?.runner ?? null;
}

async function findCommand(file: string, root: string): Promise<Found | null> {
  if (file.endsWith('.rs')) return findCargo(file, root);
  const manifests = new Map<string, Manifest>();
  const [folder] = await foldersWith(root, [file], async (at) => {
    const manifest = readManifest(root, at);
    if (manifest) manifests.set(at, manifest);
    return manifest?.scripts?.['test'] !== undefined;
  });
  const manifest = folder === undefined ? undefined : manifests.get(folder);
  const command = manifest ? testCommand(manifest) : null;
  return command && folder !== undefined ? { ...command, folder } : null;
}

/** Of a crate's own folder `tests`; the runner has the name of the file there. */
async function findCargo(file: string, root: string): Promise<Found | null> {
  const [folder] = await foldersWith(root, [file], (at) => exists(path.join(root, at, 'Cargo.toml')));
  if (folder === undefined || path.posix.relative(folder, path.posix.dirname(file)) !== 'tests') return null;
  const command = ['cargo', 'test', '--test', path.posix.basename(file, '.rs')];
  return { runner: 'cargo', command, env: { RUST_BACKTRACE: '0' }, folder };
}

const nothing: TestRun = { tests: [], timedOut: false, output: '' };

/** Runs it in the worktree `root`. Tells of no test when the runner is not known. */
export async function runOne(
  file: string,
  root: string,
  { ground, timeoutMs }: { ground: Ground; timeoutMs: number },
): Promise<TestRun> {
  const found = await findCommand(file, root);
  if (!found) return nothing;
  const folder = path.join(root, found.folder);
  const report = found.runner === 'vitest' || found.runner === 'jest' ? reportFile(folder) : null;
  const output = report === null ? [] : [`--outputFile=${report}`];
  const named = found.runner === 'cargo' ? [] : [path.relative(folder, path.join(root, file))];
  const outcome = await runOnGround(ground, {
    command: [...found.command, ...output, ...named],
    root,
    folder: found.folder,
    env: found.env,
    timeoutMs,
  });
  const tests =
    report !== null
      ? jsonOutcomes(await takeReport(root, report), root)
      : found.runner === 'cargo'
        ? cargoOutcomes(outcome.stdout, root, found.folder)
        : tapOutcomes(outcome.stdout, root);
  return { tests, timedOut: outcome.timedOut, output: endOf(cleaned(outcome.output, folder, root)) };
}

let reports = 0;

/** In the worktree, which the runner may write to; it is taken away at once. */
function reportFile(folder: string): string {
  return path.join(folder, `.suture-tests-${process.pid}-${(reports += 1)}.json`);
}

/** A test may have put anything there in the report's place. */
async function takeReport(root: string, report: string): Promise<string> {
  const text = readWithin(root, report) ?? '';
  // Where a folder of the path now leads out, nothing of ours lies.
  if (realWithin(root, path.dirname(report)) !== null) await rm(report, { force: true, recursive: true });
  return text;
}
