// What an agent tells while it works, put together: its last message, and its tool calls as far as they are known.
// It must not decide anything; the listener does.

import { z } from 'zod';

export type ToolCall = { id: string; kind: string | null; title: string; paths: string[] };

export type Listener = {
  /** Everything the agent tells, for the record. */
  told(update: unknown): void;
  /** A tool call began or moved on, with all that is known of it by now. */
  worked(call: ToolCall): void;
  /** Gives the option to answer with; null: cancelled. */
  asked(call: ToolCall, options: readonly { optionId: string; kind: string }[]): string | null;
};

const toolCall = z.looseObject({
  toolCallId: z.string(),
  kind: z.string().nullish(),
  title: z.string().nullish(),
  locations: z.array(z.looseObject({ path: z.string() })).nullish(),
  content: z.array(z.looseObject({ type: z.string(), path: z.string().optional() })).nullish(),
});

/** Loose: agents send kinds of updates that this version does not know, and those are no fault. */
const update = z.looseObject({
  sessionUpdate: z.string(),
  content: z.unknown().optional(),
});

const textContent = z.looseObject({ type: z.literal('text'), text: z.string() });

/** The update in a notification. */
export function updateOf(params: unknown): unknown {
  return z.looseObject({ update: z.unknown().optional() }).safeParse(params).data?.update ?? null;
}

const longestMessage = 100_000;

/** What was heard in this turn, and every tool call of the session: later words of one repeat only what changed. */
export class Turn {
  readonly #listener: Listener;
  readonly #calls = new Map<string, ToolCall>();
  #message = '';

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** What it said since its last tool call. */
  get message(): string {
    return this.#message;
  }

  begin(): void {
    this.#message = '';
  }

  hear(told: unknown): void {
    this.#listener.told(told);
    const read = update.safeParse(told);
    if (!read.success) return;
    const kind = read.data.sessionUpdate;
    if (kind === 'agent_message_chunk') this.#listen(read.data.content);
    if (kind !== 'tool_call' && kind !== 'tool_call_update') return;
    const call = toolCall.safeParse(told);
    if (!call.success) return;
    if (kind === 'tool_call') this.#message = '';
    this.#listener.worked(this.remember(call.data));
  }

  remember(told: z.infer<typeof toolCall> | { toolCallId: string }): ToolCall {
    const read = toolCall.parse(told);
    const before = this.#calls.get(read.toolCallId);
    const named = [
      ...(read.locations ?? []).map(({ path }) => path),
      ...(read.content ?? []).flatMap(({ type, path }) =>
        type === 'diff' && path !== undefined ? [path] : [],
      ),
    ];
    const call = {
      id: read.toolCallId,
      kind: read.kind ?? before?.kind ?? null,
      title: read.title ?? before?.title ?? '',
      paths: [...new Set([...(before?.paths ?? []), ...named])],
    };
    this.#calls.set(call.id, call);
    return call;
  }

  #listen(content: unknown): void {
    const read = textContent.safeParse(content);
    if (read.success) this.#message = (this.#message + read.data.text).slice(-longestMessage);
  }
}
