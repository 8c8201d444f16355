// A coding agent that does what its script says, as a real process that speaks the Agent Client Protocol, version 1,
// over its standard streams. Written from the protocol alone, without the library that Suture uses.
// Like the real ones it obeys what a repository configures, and asks before it edits when its mode says so.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

const script = JSON.parse(process.argv[2] ?? '{}');
const state = {
  cwd: process.cwd(),
  mode: 'build',
  turn: 0,
  cancelled: false,
  nextId: 1000,
  calls: 0,
  open: null,
};
const waiting = new Map();

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const tell = (update) => send({ method: 'session/update', params: { sessionId: 's1', update } });

function request(method, params) {
  const id = (state.nextId += 1);
  send({ id, method, params });
  return new Promise((resolve) => waiting.set(id, resolve));
}

const methods = {
  initialize: () => ({
    protocolVersion: script.protocolVersion ?? 1,
    agentCapabilities: { promptCapabilities: {} },
    agentInfo: { name: 'fake-agent', version: '1.2.3' },
    authMethods: [],
    providers: ['an unknown field'],
  }),
  'session/new': ({ cwd, mcpServers }) => {
    if (script.signedOut) throw Object.assign(new Error('Authentication required'), { code: -32000 });
    if (!Array.isArray(mcpServers)) throw Object.assign(new Error('mcpServers is missing'), { code: -32602 });
    state.cwd = cwd;
    obeyRepository();
    return {
      sessionId: 's1',
      ...(script.modes === 'old'
        ? {
            modes: {
              currentModeId: 'build',
              availableModes: [
                { id: 'build', name: 'B' },
                { id: 'ask', name: 'A' },
              ],
            },
          }
        : {
            configOptions: [
              {
                id: 'mode-option',
                name: 'Mode',
                category: 'mode',
                type: 'select',
                currentValue: 'build',
                options: [
                  { value: 'build', name: 'Build' },
                  { value: 'ask', name: 'Ask' },
                ],
              },
            ],
          }),
    };
  },
  'session/set_mode': ({ modeId }) => {
    state.mode = modeId;
    return {};
  },
  'session/set_config_option': ({ configId, value }) => {
    if (configId !== 'mode-option') throw Object.assign(new Error('no such option'), { code: -32602 });
    state.mode = value;
    return { configOptions: [] };
  },
  'session/prompt': async ({ prompt }) => {
    const steps = script.turns?.[state.turn] ?? [];
    state.turn += 1;
    state.cancelled = false;
    record(prompt[0].text);
    for (const step of steps) {
      const stop = await actions[step.do](step);
      if (typeof stop === 'string') return { stopReason: stop };
      if (state.cancelled) return { stopReason: 'cancelled' };
    }
    return { stopReason: 'end_turn' };
  },
};

/** Prompts go through the model, as a real agent's do, where there is one. */
function record(text) {
  state.prompt = text;
}

/** What real agents do at start: hooks and servers that the repository names are run. */
function obeyRepository() {
  for (const name of ['.mcp.json', '.claude/settings.json', 'opencode.json', '.codex/config.json']) {
    const file = path.join(state.cwd, name);
    if (existsSync(file))
      execFileSync('sh', ['-c', JSON.parse(readFileSync(file, 'utf8')).command], { cwd: state.cwd });
  }
}

async function ask(kind, title, extra) {
  state.calls += 1;
  const toolCallId = `call-${state.calls}`;
  tell({ sessionUpdate: 'tool_call', toolCallId, kind, title, status: 'pending', ...extra });
  if (state.mode !== 'ask') return { granted: true, toolCallId };
  const answer = await request('session/request_permission', {
    sessionId: 's1',
    // As some agents do: kind and place were told before, and only the id comes again.
    toolCall: script.terse ? { toolCallId } : { toolCallId, kind, title, ...extra },
    options: [
      { optionId: 'always', name: 'Always', kind: 'allow_always' },
      { optionId: 'no', name: 'No', kind: 'reject_once' },
      { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
      { optionId: 'never', name: 'Never', kind: 'reject_always' },
    ],
  });
  const chosen = answer.outcome?.outcome === 'selected' ? answer.outcome.optionId : answer.outcome?.outcome;
  if (chosen === 'always') state.mode = 'build';
  if (chosen !== 'yes' && chosen !== 'always') {
    tell({ sessionUpdate: 'tool_call_update', toolCallId, status: 'failed' });
    return { granted: false, toolCallId };
  }
  return { granted: true, toolCallId };
}

const say = (text) => tell({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });

async function change(file, edit, kind = 'edit') {
  const at = path.resolve(state.cwd, file);
  const { granted, toolCallId } = await ask(kind, `Edit ${file}`, { locations: [{ path: at, line: 1 }] });
  if (!granted) return;
  edit(at);
  tell({ sessionUpdate: 'tool_call_update', toolCallId, status: 'completed' });
}

const actions = {
  say: ({ text }) => say(text),
  'say-prompt': () => say(state.prompt),
  'say-environment': () => say(Object.keys(process.env).toSorted().join(' ')),
  edit: ({ file, from, to, kind }) =>
    change(
      file,
      (at) =>
        writeFileSync(
          at,
          readFileSync(at, 'utf8').replace(from, () => to),
        ),
      kind,
    ),
  write: ({ file, content, kind }) =>
    change(
      file,
      (at) => {
        mkdirSync(path.dirname(at), { recursive: true });
        writeFileSync(at, content);
      },
      kind,
    ),
  /** As an agent that does not ask. */
  'write-unasked': ({ file, content, times = 1 }) => {
    const at = path.resolve(state.cwd, file);
    try {
      mkdirSync(path.dirname(at), { recursive: true });
      writeFileSync(at, content.repeat(times));
    } catch (error) {
      say(`could not write: ${error.code}`);
    }
  },
  link: ({ file, target }) => symlinkSync(target, path.resolve(state.cwd, file)),
  run: async ({ command }) => {
    const { granted } = await ask('execute', command, { rawInput: { command } });
    if (granted) execFileSync('sh', ['-c', command], { cwd: state.cwd });
  },
  fetch: async ({ url }) => {
    const { granted } = await ask('fetch', url, {});
    if (granted) await fetch(url);
  },
  unknown: () => tell({ sessionUpdate: 'a_kind_of_next_year', anything: true }),
  noise: () => process.stdout.write('warning: this is no JSON\n\n[1, 2]\n'),
  crash: () => {
    process.stderr.write('fatal: out of cheese, token ghp_0123456789abcdefghijABCDEFGHIJ01\n');
    process.exit(3);
  },
  error: ({ code, message }) => {
    throw Object.assign(new Error(message), { code });
  },
  /** Leaves a child behind, for whoever forgets to look. */
  child: () => {
    const child = spawn('sleep', ['600'], { stdio: 'ignore', detached: Boolean(script.detached) });
    say(`child ${child.pid}`);
  },
  hang: () =>
    new Promise((resolve) => {
      state.open = script.deaf ? null : () => resolve('cancelled');
    }),
  model: async ({ path: below = '/v1/messages', times = 1 }) => {
    for (let time = 0; time < times; time += 1) {
      const answer = await fetch(`${process.env.FAKE_MODEL_URL}${below}`, {
        method: 'POST',
        headers: { 'x-api-key': process.env.FAKE_MODEL_KEY ?? '', 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'm', prompt: state.prompt }),
      });
      const text = await answer.text();
      if (!answer.ok) throw Object.assign(new Error(`model: ${answer.status} ${text}`), { code: -32603 });
    }
  },
};

async function receive(message) {
  if (message.method === undefined) return waiting.get(message.id)?.(message.result ?? {});
  if (message.method === 'session/cancel') {
    state.cancelled = !script.deaf;
    return state.open?.();
  }
  const method = methods[message.method];
  if (!method) return send({ id: message.id, error: { code: -32601, message: 'method not found' } });
  try {
    send({ id: message.id, result: await method(message.params) });
  } catch (error) {
    send({ id: message.id, error: { code: error.code ?? -32603, message: error.message } });
  }
  return undefined;
}

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line.trim() !== '') void receive(JSON.parse(line));
});
if (script.mute) setInterval(() => undefined, 1000);
