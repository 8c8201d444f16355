// The way to models: a server of ours per piece of work, which holds the key, counts, and stops at the caps.
// What was spent in a day is kept outside, so that a restart forgets nothing.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Agent, request } from 'undici';
import { Refusal } from '../domain/failure.ts';
import { capText, spentText } from '../domain/agent/spending.ts';
import type { Clock, Log, ModelDoor, Models, Spendings } from '../ports.ts';
import { forward } from './forward.ts';
import { dayOf, Purse } from './purse.ts';
import type { ModelSettings } from './settings.ts';

export type ModelOptions = { settings: ModelSettings; spendings: Spendings; clock: Clock; log: Log };

export function createModels(options: ModelOptions): Models {
  const { settings } = options;
  return {
    budget: () => budget(options),
    open: () => open(options),
    look: () => look(settings),
  };
}

async function budget({ settings, spendings, clock }: ModelOptions): Promise<{ fix: string; day: string }> {
  const spent = await spendings.readSpending(dayOf(clock.now()));
  return {
    fix: capText(settings.fixCap),
    day: `${spentText(spent)} of ${capText(settings.dayCap)}`,
  };
}

/** 1. room for today?  2. a key that only this server knows  3. listen where the program can reach it. */
async function open(options: ModelOptions): Promise<ModelDoor> {
  const purse = new Purse(options);
  await purse.readDay();
  const full = purse.full();
  if (full !== null) throw new Refusal(full);
  const key = `suture-${randomBytes(24).toString('base64url')}`;
  const dispatcher = new Agent({ headersTimeout: patienceMs, bodyTimeout: patienceMs });
  const forwarding = {
    url: options.settings.url,
    keys: { throwAway: key, real: options.settings.key },
    dispatcher,
    full: () => purse.refusal(),
    begin: (bytes: number) => purse.begin(bytes),
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void =>
    void forward(forwarding, request, response);
  const folder = await mkdtemp(path.join(tmpdir(), 'suture-models-'));
  const socket = path.join(folder, 'models.sock');
  const servers = [createServer(handle), createServer(handle)] as const;
  await listen(servers[0], { path: socket });
  await chmod(socket, 0o600);
  await listen(servers[1], { host: '127.0.0.1', port: 0 });
  return {
    socket,
    port: (servers[1].address() as AddressInfo).port,
    key,
    spent: () => purse.spent(),
    usedUp: purse.usedUp,
    close: async () => {
      await Promise.all(servers.map(closed));
      await dispatcher.destroy();
      await purse.settle();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Models think for minutes before the first word. */
const patienceMs = 10 * 60_000;

async function listen(server: Server, at: { path: string } | { host: string; port: number }): Promise<void> {
  server.listen(at);
  await once(server, 'listening');
}

async function closed(server: Server): Promise<void> {
  if (!server.listening) return;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Any answer means that something is there; only asking a model would tell whether the key is right. */
async function look({ url }: ModelSettings): Promise<string> {
  try {
    const { statusCode, body } = await request(url, { method: 'HEAD', headersTimeout: 10_000 });
    await body.dump();
    return `${new URL(url).host} answers (${statusCode}).`;
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    throw new Refusal(`${url} does not answer (${why}). Correct MODEL_URL, or let this machine reach it.`);
  }
}
