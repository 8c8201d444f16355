// An agent under way: its folder, its home, the door to its models, its process and the conversation with it.
// Whatever fails while it is opened is closed again.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Refusal } from '../../domain/failure.ts';
import { prose } from '../../domain/untrusted.ts';
import type { FixerWork, FixTask, ModelDoor } from '../../ports.ts';
import type { Running } from '../../run/program.ts';
import {
  confinementOf,
  environmentOf,
  findProgram,
  openWorkspace,
  type Program,
  type Workspace,
} from '../workspace.ts';
import type { AgentOptions } from './agent.ts';
import { brief, type Briefing } from './briefing.ts';
import { AgentError, beginConversation, Hung, type Conversation } from './conversation.ts';
import { fill, fillAll, type Filling } from './fill.ts';
import { createRulings, pathsOf } from './rulings.ts';
import { createSteps } from './steps.ts';
import { openTranscript, type Transcript } from './transcript.ts';

export type Session = {
  workspace: Workspace;
  door: ModelDoor;
  briefing: Briefing;
  transcript: Transcript;
  conversation: Conversation;
  /** Rejects when the program has ended, with why. */
  died: Promise<never>;
  /** While false, nothing that the agent asks for is granted. */
  turn: { isOpen: boolean };
  close(): Promise<void>;
};

type Opening = { task: FixTask; dir: string; work: FixerWork };

/** Throws Refusal when there is no sandbox, no program, no room in the caps, or no agent that can be talked with. */
export async function openSession(options: AgentOptions, opening: Opening): Promise<Session> {
  if (!options.sandbox.trusted) throw new Refusal(unconfined(options.sandbox.detail));
  const closers: (() => Promise<unknown> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closers.splice(0).toReversed()) await end();
  };
  try {
    return await openAll(options, opening, { closers, close });
  } catch (error) {
    await close();
    throw error instanceof AgentError ? new Refusal(agentSays(error)) : error;
  }
}

export function unconfined(detail: string): string {
  return `Agents and commands run in a sandbox only, and there is none: ${detail} Or say SANDBOX=none.`;
}

/** A finished sentence around words of the agent's. */
export function agentSays(error: Error): string {
  return `The agent failed: ${prose(error.message, 400) || 'it did not say why'}.`.replace(/\.\.$/, '.');
}

type Closing = { closers: (() => Promise<unknown> | void)[]; close: () => Promise<void> };

/** 1. the program  2. the door  3. folder and home  4. the process  5. the conversation. */
async function openAll(options: AgentOptions, opening: Opening, closing: Closing): Promise<Session> {
  const { settings, dataDir, models, clock } = options;
  const program = await findProgram(settings.command);
  const door = await models.open();
  closing.closers.push(() => door.close());
  const workspace = await openWorkspace({ dataDir, worktree: opening.dir, home: settings.home });
  closing.closers.push(() => workspace.remove());
  const name = opening.task.problem.shortId;
  const transcript = await openTranscript(dataDir, name, {
    secrets: secretsOf(options, door),
    now: clock.now(),
  });
  closing.closers.push(() => transcript.close());
  const running = await startAgent(options, { program, door, workspace });
  closing.closers.push(() => running.end());
  const died = deathOf(running, transcript);
  const turn = { isOpen: false };
  const { conversation, briefing } = await converse(options, opening, {
    workspace,
    transcript,
    turn,
    running,
    died,
  });
  closing.closers.push(() => conversation.close());
  return { workspace, door, briefing, transcript, conversation, died, turn, close: closing.close };
}

function secretsOf({ settings }: AgentOptions, door: ModelDoor): string[] {
  // What an operator passes on may be a key of the agent's own.
  return [door.key, ...Object.values(settings.env).filter((value) => /^[^{}\s/]{16,}$/.test(value))];
}

type Starting = { program: Program; door: ModelDoor; workspace: Workspace };

async function startAgent(options: AgentOptions, { program, door, workspace }: Starting): Promise<Running> {
  const { settings, sandbox, readable } = options;
  const filling: Filling = {
    'model-url': `http://127.0.0.1:${door.port}`,
    'model-key': door.key,
    model: settings.model,
    home: workspace.home,
    dir: workspace.copy.dir,
  };
  for (const [name, text] of Object.entries(fillAll(settings.files, filling))) {
    const file = path.join(workspace.home, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const args = program.args.map((arg) => fill(arg, filling));
  const confine = confinementOf({ sandbox: sandbox.sandbox, workspace, program, readable, door });
  return sandbox.sandbox.start(program.file, args, {
    cwd: workspace.copy.dir,
    env: environmentOf(workspace, fillAll(settings.env, filling)),
    timeoutMs: longestMs,
    secrets: secretsOf(options, door),
    maxOutputBytes: 64 * 1024,
    confine,
  });
}

/** Beyond every limit of ours: it also waits while its change is checked. */
const longestMs = 3 * 60 * 60_000;

/** Its last words may say what is missing. */
function deathOf(running: Running, transcript: Transcript): Promise<never> {
  const died = running.ended.then((result) => {
    transcript.write('ended', { exitCode: result.exitCode, signal: result.signal, stderr: result.output });
    const how = result.exceeded ?? (result.signal ? `signal ${result.signal}` : `status ${result.exitCode}`);
    throw new AgentError(
      `it ended by itself (${how}). Its last words: ${result.output.slice(-500) || 'none'}`,
    );
  });
  died.catch(() => undefined);
  return died;
}

type Conversing = Pick<Session, 'workspace' | 'transcript' | 'turn' | 'died'> & { running: Running };

/** Whoever hangs up is about to end: why it ended says more. */
export async function orDeath<T>(talk: Promise<T>, died: Promise<never>): Promise<T> {
  try {
    return await talk;
  } catch (error) {
    if (!(error instanceof Hung)) throw error;
    const late = new Promise<never>((_, reject) => setTimeout(() => reject(error), lastWordsMs).unref());
    return Promise.race([died, late]);
  }
}

const lastWordsMs = 5_000;
const handshakeMs = 90_000;

async function converse(
  { settings, clock }: AgentOptions,
  { task, work }: Opening,
  { workspace: { copy }, transcript, turn, running, died }: Conversing,
): Promise<{ conversation: Conversation; briefing: Briefing }> {
  const steps = createSteps('the agent', work.progress, () => clock.now());
  const rule = createRulings({
    copy,
    protectedPaths: work.rules.protectedPaths,
    transcript,
    isOver: () => !turn.isOpen,
  });
  const begun = beginConversation(running, {
    dir: copy.dir,
    mode: settings.mode,
    meta: settings.meta,
    listener: {
      told: (told) => transcript.write('told', told),
      worked: (call) => steps.tell(call.kind, pathsOf(copy, call)),
      asked: rule,
    },
  });
  const conversation = await Promise.race([orDeath(begun, died), died, silence(work.signal)]);
  return { conversation, briefing: await brief(task, copy.dir, work) };
}

/** Rejects when the agent does not answer at all, or when nobody wants it any more. */
function silence(signal: AbortSignal): Promise<never> {
  const late = AbortSignal.timeout(handshakeMs);
  return new Promise((_, reject) => {
    late.addEventListener('abort', () =>
      reject(new AgentError(`it did not answer within ${handshakeMs / 1000} seconds`)),
    );
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
