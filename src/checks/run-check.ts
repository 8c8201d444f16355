// Runs one check and turns what it printed into a result. It must not decide what a failure means.

import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Bug } from '../domain/failure.ts';
import type { Check, CheckResult } from '../ports.ts';
import type { RunResult } from '../run.ts';
import { censorShapes } from '../run/censor.ts';
import { failuresIn } from './failures.ts';
import { type Ground, runOnGround } from './ground.ts';
import { passesIn, summaryOf } from './summary.ts';

const longestOutput = 8000;

/** `cut`: it was ended before its end, by us or by a signal, so that another run may say something else. */
export type CheckRun = CheckResult & { cut: boolean };

/** Runs it in the worktree `root`. Throws Refusal when its program is missing. */
export async function runCheck(
  check: Check,
  root: string,
  { ground, timeoutMs }: { ground: Ground; timeoutMs: number },
): Promise<CheckRun> {
  if (check.command.length === 0) throw new Bug(`The check ${check.name} has no command.`);
  const { command, dir: folder, env } = check;
  const result = await runOnGround(ground, { command, root, folder, timeoutMs, ...(env ? { env } : {}) });
  const said = result.exceeded === undefined ? result.output : `${result.output}\n${result.exceeded}`;
  const output = cleaned(said, path.join(root, check.dir), root);
  const passed = result.exitCode === 0 && !result.timedOut && result.exceeded === undefined;
  const failures = passed ? [] : failuresIn(check.kind, eachWhole(result, path.join(root, check.dir), root));
  const summary = summaryOf(check.kind, { ...result, passed, failures, output, timeoutMs });
  return {
    check,
    passed,
    timedOut: result.timedOut,
    ...endedBy(result),
    failures,
    ...passesIn(output),
    output: endOf(output),
    ms: result.ms,
    summary,
    cut: result.timedOut || result.exceeded !== undefined || result.exitCode === null,
  };
}

/** Why it was cut off, a finished sentence; nothing when it came to its end, or when its time was over. */
function endedBy({ exceeded, signal, timedOut }: RunResult): Pick<CheckResult, 'ended'> {
  if (timedOut) return {};
  if (exceeded !== undefined) return { ended: exceeded };
  return signal === null ? {} : { ended: `The signal ${signal} ended it.` };
}

/** One stream after the other: as they arrive, a line of one may be cut by the other, and not at every run. */
function eachWhole({ stdout, stderr }: RunResult, folder: string, root: string): string {
  return cleaned(`${stdout}\n${stderr}`, folder, root);
}

/** Plain text without secrets and without the places of this machine, which differ from run to run. */
export function cleaned(output: string, folder: string, root: string): string {
  const plain = stripVTControlCharacters(output).replaceAll('\r\n', '\n');
  const relative = [folder, root].reduce((text, place) => text.replaceAll(`${place}${path.sep}`, ''), plain);
  return censorShapes(relative.replaceAll(root, '.'));
}

/** The end says most: runners print their failures last. */
export function endOf(output: string): string {
  const text = output.trim();
  if (text.length <= longestOutput) return text;
  const note = '[…]\n';
  return note + text.slice(note.length - longestOutput);
}
