// The fixer that runs any program which edits the folder it is started in. It gets the task as JSON, on standard input and
// in a file, and is confined like an agent. Its change is what differs afterwards; its exit status says whether to look.

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readAnswer, readReason } from '../../domain/agent/agent-answer.ts';
import { changeLimits } from '../../domain/proof/limits.ts';
import { Refusal } from '../../domain/failure.ts';
import { prose } from '../../domain/untrusted.ts';
import type { Fixer, FixerResult, FixerWork, FixTask, ModelDoor, Models } from '../../ports.ts';
import type { OpenSandbox } from '../../run/open-sandbox.ts';
import type { RunResult } from '../../run/program.ts';
import { unconfined } from '../agent/session.ts';
import { brief } from '../agent/briefing.ts';
import { minutesText } from '../settings.ts';
import { confinementOf, environmentOf, findProgram, openWorkspace, type Workspace } from '../workspace.ts';

export type CommandOptions = {
  command: readonly string[];
  minutes: number;
  readable: readonly string[];
  dataDir: string;
  sandbox: OpenSandbox;
  /** Null where the operator named no models: then it has no network at all. */
  models: Models | null;
};

export function createCommand(options: CommandOptions): Fixer {
  return {
    name: 'command',
    readsHints: true,
    budget: async () => {
      const models = await options.models?.budget();
      const minutes = minutesText(options.minutes);
      return models ? { fix: `${minutes}, ${models.fix}`, day: models.day } : { fix: minutes, day: null };
    },
    fix: (task, dir) => tryOnce(options, { task, dir, work: alone() }),
    open: (task, dir, work) =>
      Promise.resolve({
        attempt: (previousFailure) => tryOnce(options, { task: { ...task, previousFailure }, dir, work }),
        close: () => Promise.resolve(),
      }),
  };
}

function alone(): FixerWork {
  return {
    progress: () => Promise.resolve(),
    signal: new AbortController().signal,
    rules: { limits: changeLimits, protectedPaths: [], checks: [] },
  };
}

type Try = { task: FixTask; dir: string; work: FixerWork };

/** Each begins anew from the base. Throws Refusal before anything runs; what goes wrong afterwards is its result. */
async function tryOnce(options: CommandOptions, one: Try): Promise<FixerResult> {
  if (!options.sandbox.trusted) throw new Refusal(unconfined(options.sandbox.detail));
  const door = (await options.models?.open()) ?? null;
  try {
    const workspace = await openWorkspace({ dataDir: options.dataDir, worktree: one.dir, home: null });
    try {
      const result = await runCommand(options, one, { workspace, door });
      one.work.signal.throwIfAborted();
      const answer = await harvest(options, one, { workspace, result, door });
      return door ? { ...answer, spent: door.spent() } : answer;
    } finally {
      await workspace.remove();
    }
  } finally {
    await door?.close();
  }
}

type Opened = { workspace: Workspace; door: ModelDoor | null };

async function runCommand(
  options: CommandOptions,
  one: Try,
  { workspace, door }: Opened,
): Promise<RunResult> {
  const { sandbox } = options.sandbox;
  const program = await findProgram(options.command);
  const input = JSON.stringify(await taskFor(one, workspace));
  const file = path.join(workspace.home, 'task.json');
  await writeFile(file, input);
  const models = door ? { MODEL_URL: `http://127.0.0.1:${door.port}`, MODEL_KEY: door.key } : {};
  const signals = door ? [one.work.signal, door.usedUp] : [one.work.signal];
  return sandbox.run(program.file, program.args, {
    cwd: workspace.copy.dir,
    env: environmentOf(workspace, { SUTURE_TASK: file, ...models }),
    input,
    timeoutMs: options.minutes * 60_000,
    maxOutputBytes: 64 * 1024,
    secrets: door ? [door.key] : [],
    signal: AbortSignal.any(signals),
    confine: confinementOf({ sandbox, workspace, program, readable: options.readable, door }),
  });
}

/** What agents are told, and the facts in it apart. Nothing of the event but what the prompt holds, marked and masked. */
async function taskFor({ task, work }: Try, { copy }: Workspace): Promise<Record<string, unknown>> {
  const { problem, location, diagnosis, hint, previousFailure } = task;
  return {
    version: 1,
    problem: { shortId: problem.shortId },
    suspect: location.suspect,
    candidates: location.candidates,
    diagnosis: diagnosis.sentences,
    hint,
    previousFailure,
    rules: work.rules,
    prompt: (await brief(task, copy.dir, work)).text,
  };
}

type Ran = Opened & { result: RunResult };

async function harvest({ minutes }: CommandOptions, { task }: Try, ran: Ran): Promise<FixerResult> {
  const { result, door, workspace } = ran;
  if (door?.usedUp.aborted) return refusal((door.usedUp.reason as Error).message);
  if (result.timedOut) return refusal(`It took longer than ${minutesText(minutes)} (FIXER_MINUTES).`);
  if (result.exceeded) return refusal(result.exceeded);
  if (result.exitCode !== 0) {
    const said = prose(result.output.slice(-500), 400) || 'nothing';
    return refusal(
      `It ended with status ${result.exitCode ?? result.signal}. Its last words: ${said}`.replace(
        /\.*$/,
        '.',
      ),
    );
  }
  const { files, problems } = await workspace.copy.carry();
  if (problems.length > 0) return refusal(`It left what no fix needs: ${problems.join(' ')}`);
  const reason = readReason(result.stdout);
  if (files.length === 0)
    return refusal(`It changed nothing.${reason === '' ? '' : ` In its words: ${reason}`}`);
  const { suspect } = task.location;
  const description = readAnswer(result.stdout, {
    strategy: 'command',
    rootCause: task.diagnosis.rootCause,
    place: suspect?.function ?? suspect?.path ?? 'this code',
  });
  return { outcome: 'changed', description };
}

function refusal(why: string): FixerResult {
  return { outcome: 'refused', tried: [{ what: 'command', why }] };
}
