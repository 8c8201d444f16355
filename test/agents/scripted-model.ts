// A model that follows a script: it plays the step whose number is the count of tool results in the request, so a
// request that is sent again gets the same answer (reference coding-agents.md, 7). It speaks Chat Completions and Responses.

import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

/** A change of one file, or what the model does instead. `file` is relative to the repository. */
export type Play = { edit: { file: string; from: string; to: string }; say: string; hang?: boolean };

export type ScriptedModel = {
  /** For MODEL_URL: `http://127.0.0.1:PORT/v1`. */
  url: string;
  requests: { path: string; authorization: string; body: string }[];
  play(next: Play): void;
  close(): Promise<void>;
};

const request = z.looseObject({
  tools: z.array(z.unknown()).optional(),
  messages: z.array(z.looseObject({ role: z.string() })).optional(),
  input: z
    .array(z.looseObject({ type: z.string().optional() }))
    .or(z.string())
    .optional(),
});
type Request = z.infer<typeof request>;

export async function startModel(): Promise<ScriptedModel> {
  const requests: ScriptedModel['requests'] = [];
  let play: Play = { edit: { file: '', from: '', to: '' }, say: 'Nothing to do.' };
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const { url = '', headers } = incoming;
      requests.push({ path: url, authorization: headers.authorization ?? '', body });
      if (!url.startsWith('/v1/') || incoming.method !== 'POST') response.writeHead(404).end();
      else answer(response, { url, body, play });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    play: (next) => {
      play = next;
      requests.length = 0;
    },
    close: () => closed(server),
  };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

type Asked = { url: string; body: string; play: Play };

function answer(response: ServerResponse, { url, body, play }: Asked): void {
  const asked = request.parse(JSON.parse(body));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  if (play.hang) return;
  const dir = /\/[^\s"'`<>\\]*\/agents\/[0-9a-f-]{36}\/work/.exec(body)?.[0] ?? '';
  if (url.endsWith('/chat/completions')) completions(response, asked, { play, dir });
  else responses(response, asked, play);
}

// ---------------------------------------------------------------- Chat Completions

function completions(
  response: ServerResponse,
  asked: Request,
  { play, dir }: { play: Play; dir: string },
): void {
  const { file, from, to } = play.edit;
  const filePath = `${dir}/${file}`;
  const calls = [
    { name: 'read', arguments: { filePath } },
    { name: 'edit', arguments: { filePath, oldString: from, newString: to } },
  ];
  const step = (asked.messages ?? []).filter(({ role }) => role === 'tool').length;
  const call = (asked.tools ?? []).length > 0 ? calls[step] : undefined;
  const delta = call
    ? {
        role: 'assistant',
        tool_calls: [
          {
            index: 0,
            id: `call_${step}`,
            type: 'function',
            function: { name: call.name, arguments: JSON.stringify(call.arguments) },
          },
        ],
      }
    : { role: 'assistant', content: play.say };
  const base = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'scripted' };
  const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
  const chunks = [
    { ...base, choices: [{ index: 0, delta, finish_reason: null }] },
    { ...base, choices: [{ index: 0, delta: {}, finish_reason: call ? 'tool_calls' : 'stop' }] },
    { ...base, choices: [], usage },
  ];
  for (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  response.end('data: [DONE]\n\n');
}

// ---------------------------------------------------------------- Responses

function responses(response: ServerResponse, asked: Request, play: Play): void {
  const { file, from, to } = play.edit;
  const input = typeof asked.input === 'string' ? [] : (asked.input ?? []);
  const step = input.filter(({ type }) => type?.endsWith('_output')).length;
  const patch = `*** Begin Patch\n*** Update File: ${file}\n@@\n-${from}\n+${to.replaceAll('\n', '\n+')}\n*** End Patch\n`;
  const isCall = (asked.tools ?? []).length > 0 && step === 0;
  const item = isCall
    ? { type: 'custom_tool_call', id: 'ct1', call_id: 'call_0', name: 'apply_patch', input: patch }
    : {
        type: 'message',
        id: 'm1',
        role: 'assistant',
        content: [{ type: 'output_text', text: play.say, annotations: [] }],
      };
  const usage = {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 10,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 110,
  };
  const events = [
    { type: 'response.created', response: { id: 'r1' } },
    { type: 'response.output_item.added', output_index: 0, item },
    ...(isCall
      ? []
      : [{ type: 'response.output_text.delta', item_id: 'm1', output_index: 0, delta: play.say }]),
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { id: 'r1', output: [item], usage } },
  ];
  for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  response.end();
}
