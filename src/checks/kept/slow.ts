// All tests of a repository may take longer than a fix should wait for. Where those of some files alone can be run, all
// get a short time only, and that it was not enough is remembered for some days, whatever the commit.

import { createHash } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Check, CheckResult } from '../../ports.ts';
import { formOf, type Form } from '../related/related.ts';
import { duration } from '../summary.ts';
import { type AtBase, knownAtBase, runAtBase } from './baselines.ts';
import { cachesOf } from './caches.ts';

/** After that they are tried anew: suites are made faster, and a machine has bad days. */
const rememberedMs = 3 * 24 * 60 * 60_000;

export type Hurry = Omit<AtBase, 'limitMs'> & {
  cheapMs: number;
  /** It has the whole time. */
  whole: boolean;
};

/**
 * What the check says at the base. `slow` when all its tests would take longer than `cheapMs` and those of some files
 * alone can be run. Throws Refusal when its program is missing.
 */
export async function runUnlessSlow(check: Check, root: string, hurry: Hurry): Promise<CheckResult> {
  const { cheapMs, whole, ...at } = hurry;
  const form = cheapMs < at.timeoutMs ? await formOf(check, root) : null;
  if (form === null) return runAtBase(check, root, at);
  const mark = markOf({ check, form }, cachesOf(at.ground.dataDir, root).baselines);
  const hurries = !whole && !at.fresh;
  if (hurries && (await isMarked(mark)))
    return (await knownAtBase(check, root, at)) ?? { ...slowly(check, cheapMs), remembered: true };
  const result = await runAtBase(check, root, hurries ? { ...at, limitMs: cheapMs } : at);
  // What was kept may be older than the mark, and a run that passed a limit of the sandbox says nothing about time.
  if (result.remembered || result.ended !== undefined) return result;
  const isSlow = result.timedOut || result.ms > cheapMs;
  await (isSlow ? remember(mark, check) : rm(mark, { force: true }));
  return hurries && result.timedOut ? { ...result, ...slowly(check, cheapMs), ms: result.ms } : result;
}

function slowly(check: Check, cheapMs: number): CheckResult {
  const summary = `more than ${duration(cheapMs)}`;
  return { check, passed: false, timedOut: true, slow: true, failures: [], output: '', ms: 0, summary };
}

type Marked = { check: Check; form: Form };

/** Among the results, which no program of the repository can write. Another script of that name is another check. */
function markOf({ check: { command, dir }, form }: Marked, folder: string): string {
  const hash = createHash('sha256').update(JSON.stringify([command, dir, form]));
  return path.join(folder, `slow-${hash.digest('hex').slice(0, 32)}`);
}

async function isMarked(mark: string): Promise<boolean> {
  const found = await stat(mark).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs < rememberedMs;
}

async function remember(mark: string, { name }: Check): Promise<void> {
  await mkdir(path.dirname(mark), { recursive: true });
  await writeFile(mark, `${name}\n`);
}
