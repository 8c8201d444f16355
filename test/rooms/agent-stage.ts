// A checkout with one crash, an agent of ours that follows a script, a model that is none, and what came of it.
// It must not decide what is right; the tests do.

import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { addSpent, nothingSpent, type Spent } from '../../src/domain/agent/spending.ts';
import { createAgent, type AgentOptions } from '../../src/fixers/agent/agent.ts';
import { createModels } from '../../src/models/models.ts';
import type { ModelSettings } from '../../src/models/settings.ts';
import type { CrashEvent } from '../../src/domain/crash/crash-event.ts';
import type { Fixer, FixerResult, FixerWork, FixTask } from '../../src/ports.ts';
import { createNoSandbox } from '../../src/run/no-sandbox.ts';
import type { OpenSandbox } from '../../src/run/open-sandbox.ts';
import { quietLog, systemClock } from './store-world.ts';

export const fakeAgent = fileURLToPath(new URL('../world/agent/fake-agent.mjs', import.meta.url));

/** A step of test/world/agent/fake-agent.mjs. */
export type Step = { do: string } & Record<string, unknown>;
export type Script = { turns?: Step[][] } & Record<string, unknown>;

export const source = 'export function total(rows) {\n  return rows.find((row) => row.id === 1).price;\n}\n';
export const edit: Step = { do: 'edit', file: 'src/cart.js', from: '.price', to: '?.price ?? null' };
export const lastWords = [
  'SUMMARY: Return null when there is no such row.',
  'ROOT CAUSE: `find` gives undefined when no row has that id.',
  'CHANGE: total gives null then, which its callers show as a dash.',
  'RISK: none known',
  'NOT VERIFIED: the page itself',
].join('\n');

export type Stage = {
  worktree: string;
  dataDir: string;
  models: { seen: string[]; answer: { status: number; body: string } };
  spendings: Map<string, Spent>;
  agent(script: Script, change?: Partial<AgentOptions>, model?: Partial<ModelSettings>): Fixer;
  task: FixTask;
  work(change?: Partial<FixerWork>): FixerWork;
  read(file: string): string | null;
  /** Everything the operator's transcripts say. */
  transcript(): string;
  close(): void;
};

export const trusted: OpenSandbox = { sandbox: createNoSandbox(), trusted: true, detail: 'none' };

export async function openStage(files: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const root = mkdtempSync(path.join(tmpdir(), 'suture-agent-'));
  const worktree = path.join(root, 'worktree');
  const dataDir = path.join(root, 'data');
  for (const [name, text] of Object.entries({
    'src/cart.js': source,
    '.git': 'gitdir: /nowhere\n',
    ...files,
  })) {
    mkdirSync(path.dirname(path.join(worktree, name)), { recursive: true });
    writeFileSync(path.join(worktree, name), text);
  }
  const models = {
    seen: [] as string[],
    answer: { status: 200, body: '{"usage":{"input_tokens":90,"output_tokens":10}}' },
  };
  const server = await startModel(models);
  const spendings = new Map<string, Spent>();
  return {
    worktree,
    dataDir,
    models,
    spendings,
    task: taskOf(),
    agent: (script, change = {}, model = {}) => {
      const settings: ModelSettings = { ...modelOf(server), ...model };
      return createAgent({
        ...optionsFor(script),
        dataDir,
        models: openModels(settings, spendings),
        ...change,
      });
    },
    work: (change = {}) => ({
      progress: () => Promise.resolve(),
      signal: new AbortController().signal,
      rules: { limits: { files: 5, lines: 80 }, protectedPaths: ['src/payments/**'], checks: ['npm test'] },
      ...change,
    }),
    read: (file) => readOrNull(path.join(worktree, file)),
    transcript: () => {
      const folder = path.join(dataDir, 'transcripts');
      return readdirSync(folder)
        .map((name) => readFileSync(path.join(folder, name), 'utf8'))
        .join('\n');
    },
    close: () => {
      server.closeAllConnections();
      server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export function optionsFor(script: Script): Omit<AgentOptions, 'dataDir' | 'models'> {
  return {
    settings: {
      command: [process.execPath, fakeAgent, JSON.stringify(script)],
      mode: 'ask',
      env: { FAKE_MODEL_URL: '{model-url}', FAKE_MODEL_KEY: '{model-key}' },
      files: { 'agent.json': '{"url":"{model-url}"}' },
      meta: null,
      model: null,
      home: null,
    },
    minutes: 1,
    readable: [],
    sandbox: trusted,
    clock: systemClock,
    log: quietLog,
  };
}

function modelOf(server: Server): ModelSettings {
  const none = { requests: null, tokens: null, money: null };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, key: 'the-operators-real-key', prices: null, fixCap: none, dayCap: none };
}

function openModels(settings: ModelSettings, days: Map<string, Spent>): AgentOptions['models'] {
  const spendings = {
    addSpending: async (day: string, spent: Spent) =>
      void days.set(day, addSpent(days.get(day) ?? nothingSpent, spent)),
    readSpending: async (day: string) => days.get(day) ?? nothingSpent,
  };
  return createModels({ settings, spendings, clock: systemClock, log: quietLog });
}

async function startModel(models: Stage['models']): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      models.seen.push(`${String(request.headers['x-api-key'])} ${Buffer.concat(chunks).toString('utf8')}`);
      if (models.answer.status === 0) response.destroy();
      else response.writeHead(models.answer.status).end(models.answer.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

export function taskOf(value = "Cannot read properties of undefined (reading 'price')"): FixTask {
  return {
    problem: { shortId: 'SHOP-1', title: `TypeError: ${value}` },
    event: eventOf(value),
    location: {
      frames: [],
      suspect: { path: 'src/cart.js', line: 2, column: null, function: 'total' },
      candidates: ['src/cart.js'],
      refusal: null,
    },
    diagnosis: {
      sentences: ['`TypeError` is thrown in `total`.'],
      actionable: true,
      reason: null,
      rootCause: 'No row has that id.',
    },
    hint: null,
    previousFailure: null,
  };
}

function eventOf(value: string): CrashEvent {
  const frames: [] = [];
  return {
    id: 'e1',
    platform: 'node',
    type: 'error',
    title: `TypeError: ${value}`,
    message: null,
    culprit: null,
    at: null,
    release: null,
    releaseCommit: null,
    environment: null,
    exceptions: [
      { type: 'TypeError', value, module: null, mechanism: null, frames, rawFrames: [], threadId: null },
    ],
    threads: [],
    breadcrumbs: [],
    request: null,
    contexts: {},
    tags: {},
    processingErrors: [],
    debugImages: [],
  };
}

/** All that it tried, in one text. */
export function reasonOf(result: FixerResult): string {
  return result.outcome === 'refused' ? result.tried.map(({ why }) => why).join(' ') : 'it changed something';
}
