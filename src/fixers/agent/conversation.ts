// The client's side of the Agent Client Protocol, version 1: begins a session, says a prompt, answers what is asked.
// It must not judge what the agent did; only the diff counts (reference coding-agents.md, 2).

import { Readable, Writable } from 'node:stream';
import {
  client,
  methods,
  ndJsonStream,
  PROTOCOL_VERSION,
  RequestError,
  type AnyMessage,
  type ClientConnection,
  type NewSessionResponse,
  type Stream,
} from '@agentclientprotocol/sdk';
import { z } from 'zod';
import { Refusal } from '../../domain/failure.ts';
import type { Running } from '../../run/program.ts';
import { Turn, updateOf, type Listener } from './turn.ts';

export type Conversation = {
  /** Its own name and version: `opencode 1.18.33`. */
  readonly agent: string;
  /** Says one prompt and waits for the end of the turn. Gives why it stopped and its last message. */
  prompt(text: string): Promise<{ stopReason: string; message: string }>;
  /** Asks it to stop. Gives as soon as the turn has ended, or after a little while. */
  cancel(): Promise<void>;
  close(): void;
};

export type Beginning = {
  dir: string;
  mode: string | null;
  meta: Readonly<Record<string, unknown>> | null;
  listener: Listener;
};

/** 1. shake hands  2. new session  3. the mode in which it asks. Throws Refusal when it cannot be talked with. */
export async function beginConversation(running: Running, beginning: Beginning): Promise<Conversation> {
  const turn = new Turn(beginning.listener);
  const connection = client({ name: 'suture' })
    .onRequest(methods.client.session.requestPermission, ({ params }) => {
      const call = turn.remember(params.toolCall);
      const optionId = beginning.listener.asked(call, params.options);
      return { outcome: optionId === null ? { outcome: 'cancelled' } : { outcome: 'selected', optionId } };
    })
    .connect(overheard(running, turn));
  try {
    const agent = await shakeHands(connection);
    const session = await connection.agent.request(methods.agent.session.new, {
      cwd: beginning.dir,
      mcpServers: [],
      ...(beginning.meta ? { _meta: beginning.meta } : {}),
    });
    if (beginning.mode !== null) await setMode(connection, session, beginning.mode);
    return talk(connection, { agent, sessionId: session.sessionId, turn });
  } catch (error) {
    connection.close();
    throw asRefusal(error);
  }
}

/** Updates are heard here, before the library: it complains of each kind that it does not know yet. */
function overheard({ stdin, stdout }: Running, turn: Turn): Stream {
  // The same bytes, by two libraries' types.
  const input = Readable.toWeb(stdout) as ReadableStream<Uint8Array>;
  const { readable, writable } = ndJsonStream(Writable.toWeb(stdin), input);
  const rest = new TransformStream<AnyMessage, AnyMessage>({
    transform: (message, controller) => {
      const isUpdate = 'method' in message && message.method === methods.client.session.update;
      if (isUpdate) turn.hear(updateOf('params' in message ? message.params : null));
      else controller.enqueue(message);
    },
  });
  return { writable, readable: readable.pipeThrough(rest) };
}

async function shakeHands(connection: ClientConnection): Promise<string> {
  const answer = await connection.agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientInfo: { name: 'suture', version: '1' },
    // It edits its own copy with its own tools; nothing of ours does it for it.
    clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
  });
  if (answer.protocolVersion !== PROTOCOL_VERSION)
    throw new Refusal(
      `The agent speaks version ${answer.protocolVersion} of the Agent Client Protocol; I speak ${PROTOCOL_VERSION}.`,
    );
  const { name = 'agent', version = '' } = answer.agentInfo ?? {};
  return `${name} ${version}`
    .replaceAll(/[^\w.@/+ -]/g, '')
    .trim()
    .slice(0, 60);
}

/** By the option of that category where there is one, else by the older method (reference coding-agents.md, 2.5). */
async function setMode(
  connection: ClientConnection,
  session: NewSessionResponse,
  mode: string,
): Promise<void> {
  const { sessionId, configOptions, modes } = session;
  const option = configOptions?.find(({ category, type }) => category === 'mode' && type === 'select');
  if (option) {
    const params = { sessionId, configId: option.id, value: mode };
    await connection.agent.request(methods.agent.session.setConfigOption, params);
    return;
  }
  const known = modes?.availableModes.map(({ id }) => id) ?? [];
  if (!known.includes(mode))
    throw new Refusal(
      `The agent has no mode ${mode}; it has: ${known.join(', ') || 'none'}. Correct AGENT_MODE.`,
    );
  await connection.agent.request(methods.agent.session.setMode, { sessionId, modeId: mode });
}

type Talking = { agent: string; sessionId: string; turn: Turn };

/** So long a cancelled turn may take to end by itself. */
const cancelMs = 5_000;

function talk(connection: ClientConnection, { agent, sessionId, turn }: Talking): Conversation {
  let open: Promise<unknown> = Promise.resolve();
  return {
    agent,
    prompt: async (text) => {
      turn.begin();
      const answer = connection.agent.request(methods.agent.session.prompt, {
        sessionId,
        prompt: [{ type: 'text', text }],
      });
      open = answer.catch(() => undefined);
      try {
        return { stopReason: (await answer).stopReason, message: turn.message };
      } catch (error) {
        throw asRefusal(error);
      }
    },
    cancel: async () => {
      // One that does not read any more must not hold up its own end.
      const told = connection.agent.notify(methods.agent.session.cancel, { sessionId });
      const ended = told.catch(() => undefined).then(() => open);
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, cancelMs).unref())]);
    },
    close: () => connection.close(),
  };
}

/** -32000 is "not signed in"; everything else is told in the agent's own words, made harmless by the caller. */
function asRefusal(error: unknown): Error {
  if (error instanceof Refusal) return error;
  if (!(error instanceof RequestError))
    return new Hung(error instanceof Error ? error.message : String(error));
  if (error.code === -32_000)
    return new AgentError('it is not signed in; give it its key by MODEL_KEY and AGENT_PRESET or AGENT_ENV');
  const data = z
    .object({ message: z.string() })
    .or(z.object({ details: z.string() }))
    .safeParse(error.data);
  const more = data.success ? Object.values(data.data).join(' ') : '';
  return new AgentError(`${error.message} ${more}`.trim());
}

/** The agent's own failure, in its own words: hostile text. */
export class AgentError extends Error {
  override name = 'AgentError';
}

/** The conversation broke off; its program may say why when it has ended. */
export class Hung extends AgentError {}
