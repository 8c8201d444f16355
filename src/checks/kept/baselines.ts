// Remembers what a check said at a commit, so that another fix at the same commit need not run it again.
// It must not remember what another run could contradict: a run that was cut off, failures without names, and failing
// tests until two runs have named the same ones.

import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Check, CheckResult } from '../../ports.ts';
import { usualLimits } from '../../run/sandbox.ts';
import { cachesOf } from './caches.ts';
import { type Ground, nodeOn } from '../ground.ts';
import { machineKey } from './machine-key.ts';
import { runCheck, type CheckRun } from '../run-check.ts';

export type AtBase = {
  commit: string;
  fresh: boolean;
  ground: Ground;
  /** The time that it has when it is run with a change, too. */
  timeoutMs: number;
  /** Less, for this run. */
  limitMs?: number;
};

/** Time passes for tests, too: certificates end, and days are counted. */
const oldestMs = 7 * 24 * 60 * 60_000;

const remembered = z.object({
  at: z.number(),
  /** `kept`: it holds. `once`: one run said so. `unsteady`: two runs differed, so none is believed. */
  state: z.enum(['kept', 'once', 'unsteady']),
  passed: z.boolean(),
  failures: z.array(z.string()),
  passes: z.number().optional(),
  output: z.string(),
  ms: z.number(),
  summary: z.string(),
});

type Remembered = z.infer<typeof remembered>;

/** What it said at this commit before; null when that is not known, or not believed. */
export async function knownAtBase(check: Check, root: string, at: AtBase): Promise<CheckResult | null> {
  return at.fresh ? null : believed(check, await recall(await fileOf(check, root, at)));
}

function believed(check: Check, before: Remembered | null): CheckResult | null {
  return before?.state === 'kept' ? { check, timedOut: false, remembered: true, ...said(before) } : null;
}

/** What it said at this commit before, or a run of it now. Throws Refusal when its program is missing. */
export async function runAtBase(check: Check, root: string, at: AtBase): Promise<CheckResult> {
  const file = await fileOf(check, root, at);
  const before = await recall(file);
  const known = at.fresh ? null : believed(check, before);
  if (known !== null) return known;
  const { ground, timeoutMs, limitMs = timeoutMs } = at;
  const { cut, ...result } = await runCheck(check, root, { ground, timeoutMs: limitMs });
  const state = stateOf({ ...result, cut }, before);
  if (state !== null) await remember(file, { at: Date.now(), state, ...said(result) });
  return result;
}

function said({
  passed,
  failures,
  passes,
  output,
  ms,
  summary,
}: Omit<Remembered, 'at' | 'state'> | CheckResult) {
  const told = passes === undefined ? {} : { passes };
  return { passed, failures: [...failures], ...told, output, ms, summary };
}

/** How far this result is believed; null: it says nothing about the next run. */
function stateOf(run: CheckRun, before: Remembered | null): Remembered['state'] | null {
  if (run.cut) return null;
  if (before !== null && differs(run, before)) return 'unsteady';
  if (before?.state === 'unsteady') return 'unsteady';
  if (run.passed) return 'kept';
  if (run.failures.length === 0) return null;
  // A compiler says the same twice; a test need not.
  return run.check.kind === 'types' || before !== null ? 'kept' : 'once';
}

function differs(run: CheckRun, before: Remembered): boolean {
  // Tests that run side by side fail in any order.
  const [now, then] = [run, before].map(({ failures }) => JSON.stringify([...failures].toSorted()));
  return run.passed !== before.passed || now !== then;
}

/** One file for one check of one commit, as this machine would run it now. */
async function fileOf(check: Check, root: string, { commit, ground, timeoutMs }: AtBase): Promise<string> {
  const { folder, baselines } = cachesOf(ground.dataDir, root);
  const limits = ground.limits ?? usualLimits;
  const command = check.command.map((word) => word.replaceAll(`${folder}${path.sep}`, ''));
  const node = (await nodeOn(ground, root))?.version;
  const what = {
    commit,
    check: { ...check, command },
    limits,
    timeoutMs,
    confined: ground.sandbox.kind,
    node,
  };
  const hash = createHash('sha256').update(JSON.stringify([what, await machineKey(command)]));
  return path.join(baselines, `${hash.digest('hex').slice(0, 32)}.json`);
}

async function recall(file: string): Promise<Remembered | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const found = remembered.safeParse(parsed(text)).data ?? null;
  return found !== null && Date.now() - found.at < oldestMs ? found : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A half file never gets its name. */
async function remember(file: string, what: Remembered): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const building = `${file}.${process.pid}`;
  await writeFile(building, JSON.stringify(what));
  await rename(building, file);
}
